//! A receiver of webhooks that can be down, fail, hang and redirect.

use crate::free_port::free_port;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::Value;
use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// What the receiver does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Mode {
    Status(u16),
    Redirect(String),
    /// Accepts it, and says so after this time.
    After(Duration),
    Hang,
}

/// A request that was answered, or would have been.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) timestamp: String,
    pub(crate) signature: String,
    pub(crate) body: Bytes,
    pub(crate) is_accepted: bool,
}

#[derive(Debug)]
struct Shared {
    mode: Mutex<Mode>,
    deliveries: Mutex<Vec<Delivery>>,
}

pub(crate) struct Receiver {
    port: u16,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let shared =
            Arc::new(Shared { mode: Mutex::new(Mode::Status(204)), deliveries: Mutex::new(Vec::new()) });
        let port = free_port();
        let server = serve(port, shared.clone()).await;
        Self { port, shared, server }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hooks/secret-of-the-chat", self.port)
    }

    pub(crate) fn set(&self, mode: Mode) {
        *self.shared.mode.lock().unwrap() = mode;
    }

    /// Nobody listens from now on.
    pub(crate) async fn go_down(&mut self) {
        self.server.abort();
        let _ = (&mut self.server).await;
    }

    pub(crate) async fn come_back(&mut self) {
        self.server = serve(self.port, self.shared.clone()).await;
    }

    /// All requests that have come.
    pub(crate) fn attempts(&self) -> Vec<Delivery> {
        self.shared.deliveries.lock().unwrap().clone()
    }

    /// Those that were accepted.
    pub(crate) fn accepted(&self) -> Vec<Delivery> {
        self.attempts().into_iter().filter(|delivery| delivery.is_accepted).collect()
    }

    /// The kinds of alerts that were accepted.
    pub(crate) fn events(&self) -> Vec<String> {
        self.accepted().iter().map(|delivery| delivery.json()["event"].as_str().unwrap().to_owned()).collect()
    }
}

async fn serve(port: u16, shared: Arc<Shared>) -> JoinHandle<()> {
    let listener = listen(port).await;
    let router = Router::new().fallback(receive).with_state(shared);
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() })
}

/// A program that another test starts at this moment may hold a copy of the listener that has just gone.
async fn listen(port: u16) -> TcpListener {
    let bound = async {
        loop {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
                Err(error) if error.kind() == ErrorKind::AddrInUse => sleep(Duration::from_millis(10)).await,
                result => return result.unwrap(),
            }
        }
    };
    timeout(Duration::from_secs(10), bound).await.expect("the port is taken")
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let mode = shared.mode.lock().unwrap().clone();
    if !headers.contains_key("webhook-id") {
        eprintln!("a request that is no alert: {headers:?}");
        return StatusCode::BAD_REQUEST.into_response();
    }
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    shared.deliveries.lock().unwrap().push(Delivery {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body,
        is_accepted: matches!(mode, Mode::Status(200..300) | Mode::After(_)),
    });
    match mode {
        Mode::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Mode::Redirect(url) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, url)]).into_response(),
        Mode::After(delay) => {
            sleep(delay).await;
            StatusCode::NO_CONTENT.into_response()
        }
        Mode::Hang => std::future::pending().await,
    }
}

impl Delivery {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Checks the signature as a receiver does that knows nothing but the key.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let signed = [format!("{}.{}.", self.id, self.timestamp).as_bytes(), &self.body].concat();
        let tag = STANDARD.decode(self.signature.strip_prefix("v1,").unwrap()).unwrap();
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &key), &signed, &tag).is_ok()
    }
}
