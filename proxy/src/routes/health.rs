//! The router of the admin listener: health checks.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a shutdown has begun. Clones share the flag.
#[derive(Clone, Debug, Default)]
pub(crate) struct ShutdownFlag(Arc<AtomicBool>);

impl ShutdownFlag {
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) fn admin_router(shutdown: ShutdownFlag) -> Router {
    Router::new().route("/livez", get(|| async { "ok\n" })).route("/readyz", get(readyz)).with_state(shutdown)
}

/// Does not depend on Airalo. Otherwise an outage there would take every replica out of service,
/// although each of them still has a stale balance to serve.
async fn readyz(State(shutdown): State<ShutdownFlag>) -> (StatusCode, &'static str) {
    if shutdown.is_set() { (StatusCode::SERVICE_UNAVAILABLE, "stopping\n") } else { (StatusCode::OK, "ok\n") }
}
