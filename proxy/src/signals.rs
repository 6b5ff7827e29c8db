//! The signals of the program, handled by a thread of their own.
//!
//! So they are obeyed even while every other thread is blocked, for example by a log that nobody
//! reads.

use std::io;
use std::pin::Pin;
use std::process;
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};

/// The process ends this long after the signal. Container engines kill after 10 s.
const HARD_STOP: Duration = Duration::from_millis(8_500);

pub(crate) struct Signals {
    /// Completes with the first signal to stop. A second one ends the process at once.
    pub(crate) stop: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Receives each SIGHUP. Those that come too fast count once.
    pub(crate) hangup: mpsc::Receiver<()>,
}

impl Signals {
    pub(crate) fn handle() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let (hang_up, hangup) = mpsc::channel(1);
        handle_on(runtime, stop, hang_up)?;
        let stop = Box::pin(async {
            // The sender is never dropped without a message, except at the end of the process.
            let _ = stopped.await;
        });
        Ok(Self { stop, hangup })
    }
}

#[cfg(unix)]
fn handle_on(runtime: Runtime, stop: oneshot::Sender<()>, hang_up: mpsc::Sender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let guard = runtime.enter();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangups = signal(SignalKind::hangup())?;
    drop(guard);
    let hangups = async move {
        while hangups.recv().await.is_some() {
            // If it is full, one is on its way.
            let _ = hang_up.try_send(());
        }
    };
    let stops = async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        next().await;
        // If nobody listens, the process is about to end.
        let _ = stop.send(());
        let is_second = tokio::time::timeout(HARD_STOP, next()).await.is_ok();
        process::exit(i32::from(is_second));
    };
    spawn(runtime, async {
        tokio::join!(hangups, stops);
    })
}

#[cfg(not(unix))]
fn handle_on(runtime: Runtime, stop: oneshot::Sender<()>, hang_up: mpsc::Sender<()>) -> io::Result<()> {
    spawn(runtime, async move {
        // There is no SIGHUP, and its channel stays open.
        let _hang_up = hang_up;
        // If the signal cannot be received, only the system can end the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        let _ = stop.send(());
        let is_second = tokio::time::timeout(HARD_STOP, tokio::signal::ctrl_c()).await.is_ok();
        process::exit(i32::from(is_second));
    })
}

fn spawn(runtime: Runtime, handle: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let thread = thread::Builder::new().name("signals".to_owned());
    thread.spawn(move || runtime.block_on(handle)).map(drop)
}
