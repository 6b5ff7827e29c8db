//! Health, on a listener of its own.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the proxy has been asked to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stopping(Arc<AtomicBool>);

impl Stopping {
    pub(crate) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

pub(crate) fn router(stopping: Stopping) -> Router {
    Router::new().route("/livez", get(|| async { "ok\n" })).route("/readyz", get(readyz)).with_state(stopping)
}

/// Ready although Airalo may fail: were it otherwise, one outage there would take every replica
/// out of service here, and with them the balances that they still remember.
async fn readyz(State(stopping): State<Stopping>) -> (StatusCode, &'static str) {
    if stopping.0.load(Ordering::Relaxed) {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else {
        (StatusCode::OK, "ok\n")
    }
}
