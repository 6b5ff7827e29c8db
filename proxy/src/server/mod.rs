//! The accept loop. It never waits for a client: what cannot be held any longer is closed.

mod activity;
mod clients;
mod connections;
mod descriptors;
mod listen;
mod log_limit;
mod request;
mod service;
mod stream;

pub(crate) use activity::Deadlines;
pub(crate) use clients::{Clients, NoProxies, network_of};
pub(crate) use connections::Limits;
pub(crate) use descriptors::connection_limit;
pub(crate) use listen::listen;
pub(crate) use log_limit::LogLimit;
pub(crate) use request::{read_body, refusal, refuse_unwanted};
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::serve_for_ever;

pub(crate) use service::{HttpService, PeerAddress};

use clients::InProgress;
use connections::{Connections, Place};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use service::ConnectionService;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use stream::Stream;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// A request's head may be so long. The card's own needs well under a kilobyte. hyper also refuses
/// more than 100 headers.
const MAX_HEAD_BYTES: usize = 16 * 1024;

/// How late a deadline may be noticed.
const SWEEP_INTERVAL: Duration = Duration::from_millis(250);

/// For the system to have descriptors again.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(10);

/// So many connections that have been closed may still hold their descriptors. Without a limit a flood would use up
/// the descriptors faster than they become free.
const MAX_CLOSING: usize = 32;

/// What a server does. A server goes on to the next stage and never back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Running,
    /// Still serves whoever comes, but each response is the last one of its connection.
    Draining,
    /// Accepts no connection, and only finishes the requests in progress.
    Closing,
}

/// What a server allows.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) limits: Limits,
    pub(crate) deadlines: Deadlines,
    pub(crate) clients: Arc<dyn Clients>,
}

/// Serves until the stage is `Closing`, and then until each request in progress has its response.
/// Dropping the future closes all connections.
pub(crate) async fn serve<S: HttpService>(
    listener: TcpListener,
    service: S,
    options: Options,
    stage: watch::Receiver<Stage>,
) {
    let mut server = Server {
        service,
        clients: options.clients,
        in_progress: InProgress::default(),
        connections: Connections::new(options.limits),
        tasks: JoinSet::new(),
        stage: stage.clone(),
        errors: LogLimit::default(),
        full: LogLimit::default(),
    };
    let most_sockets = options.limits.total + MAX_CLOSING;
    let mut sweep = tokio::time::interval(SWEEP_INTERVAL);
    let mut closing = pin!(reaches(stage, Stage::Closing));
    loop {
        tokio::select! {
            biased;
            () = &mut closing => break,
            _ = sweep.tick() => {
                server.connections.raise_capacity();
                server.connections.close_overdue(&options.deadlines, Instant::now());
            }
            Some(_) = server.tasks.join_next() => {}
            accepted = listener.accept(), if server.tasks.len() < most_sockets => match accepted {
                Ok((socket, peer)) => server.start(socket, peer),
                Err(error) => server.accept_failed(&error).await,
            },
        }
    }
    // The system has accepted these already, and their clients may have sent a request.
    while let Ok(Ok((socket, peer))) = tokio::time::timeout(Duration::ZERO, listener.accept()).await {
        server.start(socket, peer);
    }
    drop(listener);
    loop {
        tokio::select! {
            finished = server.tasks.join_next() => if finished.is_none() { return },
            _ = sweep.tick() => server.connections.close_overdue(&options.deadlines, Instant::now()),
        }
    }
}

struct Server<S> {
    service: S,
    clients: Arc<dyn Clients>,
    in_progress: InProgress,
    connections: Connections,
    tasks: JoinSet<()>,
    stage: watch::Receiver<Stage>,
    errors: LogLimit,
    full: LogLimit,
}

impl<S: HttpService> Server<S> {
    fn start(&mut self, socket: TcpStream, peer: SocketAddr) {
        let now = Instant::now();
        if self.connections.is_full() && self.full.allows_line(now) {
            tracing::warn!("all connections are in use; closing those that wait for their clients");
        }
        let is_proxy = self.clients.is_trusted_proxy(peer.ip());
        let Some(place) = self.connections.admit(peer.ip(), !is_proxy, now) else { return };
        // Otherwise the end of a response may wait for the client to acknowledge its beginning.
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!("a connection ended early: {error}");
            return;
        }
        let stream = Stream::new(socket, place.activity.clone());
        // Each client of a proxy has its limit, since the proxy has none.
        let proxy = is_proxy.then(|| (self.clients.clone(), self.in_progress.clone()));
        let service = ConnectionService::new(
            self.service.clone(),
            peer,
            place.activity.clone(),
            self.stage.clone(),
            proxy,
        );
        self.tasks.spawn(run(stream, service, place, self.stage.clone()));
    }

    /// Clients cause some of these errors, and a lack of descriptors or memory the others.
    async fn accept_failed(&mut self, error: &io::Error) {
        use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
        if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
            return;
        }
        let now = Instant::now();
        if self.errors.allows_line(now) {
            tracing::warn!("a connection cannot be accepted: {error}");
        }
        self.connections.lower_capacity(now);
        tokio::time::sleep(PAUSE_AFTER_ERROR).await;
    }
}

async fn run<S: HttpService>(
    stream: Stream,
    service: ConnectionService<S>,
    place: Place,
    stage: watch::Receiver<Stage>,
) {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(MAX_HEAD_BYTES);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut closing = pin!(reaches(stage, Stage::Closing));
    let mut is_closing = false;
    let result = loop {
        // The connection comes before the stage, so that a request that is there is still answered.
        tokio::select! {
            biased;
            () = place.activity.ended() => return,
            result = connection.as_mut() => break result,
            () = &mut closing, if !is_closing => {
                is_closing = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    };
    // Clients cause these errors, so they are logged at a low level.
    if let Err(error) = result {
        tracing::debug!("a connection ended early: {error}");
    }
}

async fn reaches(mut stage: watch::Receiver<Stage>, wanted: Stage) {
    // Without a sender nobody waits for the server any more, which ends it as well.
    let _ = stage.wait_for(|stage| *stage >= wanted).await;
}
