//! A server that takes webhooks.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::head;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// What was received.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) body: String,
    pub(crate) content_type: String,
    pub(crate) signature: String,
}

/// It stops when it is dropped.
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: mpsc::UnboundedReceiver<Received>,
    server: JoinHandle<()>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks/airalo", listener.local_addr().unwrap());
        let (sender, received) = mpsc::unbounded_channel();
        let routes = head(async || StatusCode::OK).post(receive);
        let router = Router::new().route("/webhooks/airalo", routes).with_state(sender);
        let server = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { url, received, server }
    }

    pub(crate) async fn next(&mut self) -> Received {
        self.received.recv().await.unwrap()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn receive(State(sender): State<mpsc::UnboundedSender<Received>>, headers: HeaderMap, body: String) {
    let header = |name| headers.get(name).unwrap().to_str().unwrap().to_owned();
    let (content_type, signature) = (header("content-type"), header("airalo-signature"));
    sender.send(Received { body, content_type, signature }).unwrap();
}
