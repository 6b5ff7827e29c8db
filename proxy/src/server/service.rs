//! The service of one connection.

use super::Stage;
use super::activity::Activity;
use super::clients::{Clients, InProgress, Request as InProgressRequest};
use super::request::BodyActivity;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::{Frame, Incoming, SizeHint};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;
use tokio::sync::watch;
use tower_service::Service;

/// The address of the client's end of the connection.
///
/// Behind a reverse proxy it is the address of that proxy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PeerAddress(pub(crate) SocketAddr);

/// What answers the requests of a listener: a router, or a service around one. Clones are cheap.
pub(crate) trait HttpService: Clone + Send + Sync + 'static {
    fn respond(
        &self,
        request: Request<Body>,
        peer: PeerAddress,
    ) -> impl Future<Output = Response<Body>> + Send;
}

impl HttpService for Router {
    /// The address is an extension of the request.
    async fn respond(&self, mut request: Request<Body>, peer: PeerAddress) -> Response<Body> {
        request.extensions_mut().insert(peer);
        match self.clone().call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Every request of the connection has a clone.
pub(super) struct ConnectionService<S>(Arc<Connection<S>>);

struct Connection<S> {
    service: S,
    activity: Arc<Activity>,
    stage: watch::Receiver<Stage>,
    peer: SocketAddr,
    proxy: Option<Proxy>,
}

/// How the clients of a trusted proxy are told apart, and what they have in progress.
type Proxy = (Arc<dyn Clients>, InProgress);

impl<S: HttpService> ConnectionService<S> {
    pub(super) fn new(
        service: S,
        peer: SocketAddr,
        activity: Arc<Activity>,
        stage: watch::Receiver<Stage>,
        proxy: Option<Proxy>,
    ) -> Self {
        Self(Arc::new(Connection { service, activity, stage, peer, proxy }))
    }
}

impl<S: HttpService> hyper::service::Service<Request<Incoming>> for ConnectionService<S> {
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let connection = self.0.clone();
        connection.activity.head_complete(Instant::now());
        let in_progress = connection.proxy.as_ref().and_then(|(clients, in_progress)| {
            let client = clients.client(request.headers(), connection.peer.ip());
            // A proxy that does not say for whom it asks may ask for any number of clients.
            if client == connection.peer.ip().to_canonical() {
                return None;
            }
            match in_progress.begin(client) {
                Ok(request) => Some(request),
                Err(one_too_many) => {
                    // The service answers, so that the response has the headers of all others.
                    request.extensions_mut().insert(one_too_many);
                    None
                }
            }
        });
        if !request.body().is_end_stream() {
            request.extensions_mut().insert(BodyActivity(connection.activity.clone()));
        }
        Box::pin(async move {
            let Connection { service, activity, stage, peer, .. } = &*connection;
            let mut response = service.respond(request.map(Body::new), PeerAddress(*peer)).await;
            if *stage.borrow() != Stage::Running {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            let activity = activity.clone();
            Ok(response.map(|body| ResponseBody { body, activity, _in_progress: in_progress }))
        })
    }
}

/// Notes when hyper has the whole response, or gives it up.
pub(super) struct ResponseBody {
    body: Body,
    activity: Arc<Activity>,
    _in_progress: Option<InProgressRequest>,
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        self.activity.response_complete();
    }
}
