//! Starting and stopping.

use crate::connection::{Cut, Doorway};
use crate::{Config, World, app};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval_at};

/// How long a stop waits for answers that are under way, some of which are slow on purpose.
const PATIENCE: Duration = Duration::from_secs(1);

/// A running stand-in. It stops when it is dropped.
#[derive(Debug)]
#[must_use = "the stand-in stops when this is dropped"]
pub struct Sandbox {
    address: SocketAddr,
    world: Arc<World>,
    /// Both tasks wait for the end of this channel, so that dropping it is enough.
    stop: watch::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

/// Why the stand-in does not start.
#[derive(Debug)]
pub enum NotServed {
    /// Other machines could reach the listener, and might take it for the real API.
    NotLoopback(SocketAddr),
    /// The listener does not know its own address.
    Io(io::Error),
}

impl fmt::Display for NotServed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoopback(address) => {
                write!(
                    f,
                    "{address} can be reached from outside; use a loopback address such as 127.0.0.1:8081"
                )
            }
            Self::Io(_) => f.write_str("failed to read the address of the listener"),
        }
    }
}

impl std::error::Error for NotServed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotLoopback(_) => None,
            Self::Io(error) => Some(error),
        }
    }
}

/// Serves the stand-in on a listener, in tasks of its own.
///
/// # Errors
///
/// When the listener is not on a loopback address.
pub fn serve(config: Config, listener: TcpListener) -> Result<Sandbox, NotServed> {
    let address = listener.local_addr().map_err(NotServed::Io)?;
    if !address.ip().is_loopback() {
        return Err(NotServed::NotLoopback(address));
    }

    let order_every = config.order_every;
    let world = Arc::new(World::new(config));
    let (stop, stopped) = watch::channel(());
    if let Some(every) = order_every {
        tokio::spawn(order_by_itself(world.clone(), every, stopped.clone()));
    }
    let service = app::router(world.clone()).into_make_service_with_connect_info::<Cut>();
    let server = axum::serve(Doorway(listener), service).with_graceful_shutdown(dropped(stopped));
    let server = tokio::spawn(server.into_future());
    Ok(Sandbox { address, world, stop, server })
}

impl Sandbox {
    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as the base of a URL without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it pretends, to look at and to change.
    #[must_use]
    pub const fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Stops, and waits a moment for answers that are under way.
    pub async fn shutdown(self) {
        drop(self.stop);
        let abort = self.server.abort_handle();
        if tokio::time::timeout(PATIENCE, self.server).await.is_err() {
            abort.abort();
        }
    }
}

async fn order_by_itself(world: Arc<World>, every: Duration, stopped: watch::Receiver<()>) {
    // An interval of no length at all is a mistake that tokio would panic about.
    let every = every.max(Duration::from_millis(1));
    let mut ticks = interval_at(tokio::time::Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopped = std::pin::pin!(dropped(stopped));
    loop {
        tokio::select! {
            () = &mut stopped => return,
            _ = ticks.tick() => world.order_by_itself(),
        }
    }
}

/// Nothing is ever sent on the channel: the only change is its end.
async fn dropped(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}
