//! The tasks that run as long as the proxy does.

use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::task::JoinHandle;

/// A task of the proxy has ended although nobody has stopped it, which is an error in this program.
/// Whoever has started the proxy should start it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the task that {0} has ended, so the proxy stops")]
pub struct TaskEnded(&'static str);

/// A running task. It is aborted when this is dropped.
#[derive(Debug)]
pub(super) struct Task {
    /// What it does, as the end of a sentence.
    purpose: &'static str,
    handle: JoinHandle<()>,
}

impl Task {
    pub(super) fn spawn(purpose: &'static str, future: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { purpose, handle: tokio::spawn(future) }
    }

    pub(super) fn abort(&self) {
        self.handle.abort();
    }

    /// Waits for its end, also where that is known already.
    pub(super) async fn end(&mut self) {
        if !self.handle.is_finished() {
            self.await;
        }
    }
}

/// Completes when the task has returned, panicked or was aborted.
impl Future for Task {
    type Output = TaskEnded;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<TaskEnded> {
        let purpose = self.purpose;
        Pin::new(&mut self.handle).poll(context).map(|_| TaskEnded(purpose))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.handle.abort();
    }
}
