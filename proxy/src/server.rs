//! The accept loop: limits on what a connection may do, and a stop that comes to an end.

use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

/// How long the head of a request may take, the idle time before it included.
///
/// axum's own loop sets no timer, so that a slow head would hold its connection for ever.
const HEAD: Duration = Duration::from_secs(10);

/// A request of the card needs well under a kilobyte.
const LONGEST_HEAD: usize = 16 * 1024;

/// More than any page of a partner opens, and few enough for a small machine.
const MOST_CONNECTIONS: usize = 512;

/// How long answers may take that are under way when the proxy is asked to stop: a little longer
/// than the longest request to Airalo.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until told to stop, and then until all answers are given or the grace is over.
pub(crate) async fn serve(mut listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, permit) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&mut listener, &room) => accepted,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = graceful.watch(protocol().serve_connection(TokioIo::new(stream), service));
        connections.spawn(async move {
            // What a caller does to a connection is the caller's affair, hence no louder.
            if let Err(error) = connection.await {
                tracing::debug!("a connection ended early: {error}");
            }
            drop(permit);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections that did not come to an end are cut");
    }
}

/// Waits for room before it accepts, so that a crowd waits outside.
async fn accept(
    listener: &mut TcpListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so there always is a permit.
    let permit = room.clone().acquire_owned().await.ok();
    let (stream, _) = Listener::accept(listener).await;
    (stream, permit)
}

fn protocol() -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LONGEST_HEAD);
    protocol
}
