//! The accept loop, with limits on each connection and a shutdown that always ends.

use axum::serve::Listener;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

/// The address of the client's end of the connection, an extension of each request.
///
/// Behind a reverse proxy it is the address of that proxy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PeerAddress(pub(crate) SocketAddr);

/// How long a client may take to send a request's headers. Idle time before them counts too.
///
/// `axum::serve` sets no such timeout, so that slow headers could hold a connection for ever.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);

/// The card's own requests need well under a kilobyte.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// More than any page of a partner opens, and few enough for a small machine.
const MAX_CONNECTIONS: usize = 512;

/// How long a shutdown waits for requests in progress. A little longer than a fetch from Airalo
/// may take.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves until `shutdown` completes. Then finishes the requests in progress, within a time limit.
pub(crate) async fn serve(mut listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer, permit) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&mut listener, &permits) => accepted,
        };
        let router = router.clone().layer(Extension(PeerAddress(peer)));
        let service = TowerToHyperService::new(router);
        let connection = graceful.watch(http1_builder().serve_connection(TokioIo::new(stream), service));
        connections.spawn(async move {
            // Clients cause these errors, so they are logged at a low level.
            if let Err(error) = connection.await {
                tracing::debug!("a connection ended early: {error}");
            }
            drop(permit);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("closing connections whose requests did not finish in time");
    }
}

/// Waits for a permit before it accepts, so that excess connections wait in the system's backlog.
async fn accept(
    listener: &mut TcpListener,
    permits: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so this is always a permit.
    let permit = permits.clone().acquire_owned().await.ok();
    let (stream, peer) = Listener::accept(listener).await;
    (stream, peer, permit)
}

fn http1_builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_READ_TIMEOUT).max_buf_size(MAX_HEADER_BYTES);
    builder
}
