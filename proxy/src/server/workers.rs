//! The threads that serve the connections of a listener.
//!
//! Each has a runtime of its own, and a connection stays on the thread that it was given to. Where
//! several threads share a runtime, one of them learns of every event and hands it on to the others,
//! which for an answer from memory takes as long as the answer.

use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, available_parallelism};
use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;

/// For answers that are written on a thread of their own, such as a year of samples.
const MAX_BLOCKING_THREADS: usize = 4;

/// Where connections are served. The threads end with the last clone.
#[derive(Clone, Debug)]
pub(crate) struct Workers(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    runtimes: Vec<Handle>,
    next: AtomicUsize,
    /// The threads wait for it to be dropped.
    _running: watch::Sender<()>,
}

impl Workers {
    /// A thread for each processor.
    pub(crate) fn start() -> io::Result<Self> {
        let count = available_parallelism().map_or(1, NonZero::get);
        let (running, wait) = watch::channel(());
        let runtimes = (0..count).map(|_| start_thread(wait.clone())).collect::<io::Result<_>>()?;
        Ok(Self::new(runtimes, running))
    }

    /// No thread but those of the runtime that this is called in: enough for a listener with little
    /// to do.
    pub(crate) fn current() -> Self {
        Self::new(vec![Handle::current()], watch::Sender::default())
    }

    fn new(runtimes: Vec<Handle>, running: watch::Sender<()>) -> Self {
        Self(Arc::new(Inner { runtimes, next: AtomicUsize::new(0), _running: running }))
    }

    /// The runtime of the next connection: each in turn.
    pub(super) fn next(&self) -> &Handle {
        let Inner { runtimes, next, .. } = &*self.0;
        &runtimes[next.fetch_add(1, Ordering::Relaxed) % runtimes.len()]
    }
}

fn start_thread(mut running: watch::Receiver<()>) -> io::Result<Handle> {
    let runtime =
        Builder::new_current_thread().enable_all().max_blocking_threads(MAX_BLOCKING_THREADS).build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new().name("connections".to_owned()).spawn(move || {
        // It never changes, and ends with its sender.
        let _ = runtime.block_on(running.changed());
        // What runs on other threads may never end.
        runtime.shutdown_background();
    })?;
    Ok(handle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::thread::ThreadId;
    use std::time::Duration;
    use tokio::time::timeout;

    async fn thread_of_next(workers: &Workers) -> ThreadId {
        workers.next().spawn(async { thread::current().id() }).await.unwrap()
    }

    #[tokio::test]
    async fn connections_are_given_to_the_threads_in_turn() {
        let workers = Workers::start().unwrap();
        let count = workers.0.runtimes.len();
        let mut first = Vec::new();
        for _ in 0..count {
            first.push(thread_of_next(&workers).await);
        }
        assert_eq!(first.iter().collect::<HashSet<_>>().len(), count);
        assert!(!first.contains(&thread::current().id()));
        for thread in first {
            assert_eq!(thread_of_next(&workers).await, thread);
        }
    }

    #[tokio::test]
    async fn the_threads_end_with_the_last_clone() {
        let workers = Workers::start().unwrap();
        let task = workers.next().spawn(std::future::pending::<()>());
        drop(workers.clone());
        assert!(!task.is_finished());
        drop(workers);
        let ended = timeout(Duration::from_secs(20), task).await.expect("the thread goes on");
        assert!(ended.unwrap_err().is_cancelled());
    }
}
