//! Starting and stopping the sandbox.

use crate::config::Config;
use crate::connection::{ResetHandle, ResettableListener};
use crate::router::router;
use crate::state::SandboxState;
use crate::webhook;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval_at};

/// How long a shutdown waits for requests in progress, some of which are slow on purpose.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// A running sandbox. It stops when it is dropped.
#[derive(Debug)]
#[must_use = "the sandbox stops when this is dropped"]
pub struct Sandbox {
    address: SocketAddr,
    state: Arc<SandboxState>,
    /// All tasks end when this sender is dropped.
    stop: watch::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

/// Why the sandbox cannot start.
#[derive(Debug)]
pub enum ServeError {
    /// Other machines could reach the listener, and might take the sandbox for the real API.
    NotLoopback(SocketAddr),
    /// The address of the listener cannot be read.
    Io(io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoopback(address) => write!(
                f,
                "{address} can be reached from outside; use a loopback address such as 127.0.0.1:8081"
            ),
            Self::Io(_) => f.write_str("failed to read the address of the listener"),
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotLoopback(_) => None,
            Self::Io(error) => Some(error),
        }
    }
}

/// Serves the sandbox on a listener, in background tasks.
///
/// # Errors
///
/// When the listener is not on a loopback address.
pub fn serve(config: Config, listener: TcpListener) -> Result<Sandbox, ServeError> {
    let address = listener.local_addr().map_err(ServeError::Io)?;
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }

    let order_every = config.order_every;
    let (state, webhooks) = SandboxState::with_webhooks(config);
    let state = Arc::new(state);
    let (stop, stopped) = watch::channel(());
    tokio::spawn(until_dropped(stopped.clone(), webhook::send_all(state.clone(), webhooks)));
    if let Some(interval) = order_every {
        tokio::spawn(place_automatic_orders(state.clone(), interval, stopped.clone()));
    }
    let service = router(state.clone()).into_make_service_with_connect_info::<ResetHandle>();
    let server = axum::serve(ResettableListener(listener), service)
        .with_graceful_shutdown(wait_until_dropped(stopped));
    let server = tokio::spawn(server.into_future());
    Ok(Sandbox { address, state, stop, server })
}

impl Sandbox {
    /// The address of the listener.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The simulated account, to inspect and to change.
    #[must_use]
    pub const fn state(&self) -> &Arc<SandboxState> {
        &self.state
    }

    /// Stops, and waits a moment for requests in progress.
    pub async fn shutdown(self) {
        drop(self.stop);
        let abort = self.server.abort_handle();
        if tokio::time::timeout(SHUTDOWN_TIMEOUT, self.server).await.is_err() {
            abort.abort();
        }
    }
}

async fn place_automatic_orders(state: Arc<SandboxState>, interval: Duration, stopped: watch::Receiver<()>) {
    // tokio panics on an interval of zero.
    let interval = interval.max(Duration::from_millis(1));
    let mut ticks = interval_at(tokio::time::Instant::now() + interval, interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopped = std::pin::pin!(wait_until_dropped(stopped));
    loop {
        tokio::select! {
            () = &mut stopped => return,
            _ = ticks.tick() => state.place_automatic_order(),
        }
    }
}

/// Runs a task no longer than the sandbox.
async fn until_dropped(stopped: watch::Receiver<()>, task: impl Future<Output = ()>) {
    tokio::select! {
        () = wait_until_dropped(stopped) => {}
        () = task => {}
    }
}

/// Completes when the sender is dropped. It never sends a value.
async fn wait_until_dropped(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}
