//! The router of the admin listener: health checks.

use crate::balances::BalanceService;
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

pub(crate) fn admin_router(shutdown: ShutdownFlag, balances: BalanceService) -> Router {
    let state = (shutdown, balances);
    Router::new().route("/livez", get(|| async { "ok\n" })).route("/readyz", get(readyz)).with_state(state)
}

/// Does not depend on whether Airalo answers. Otherwise an outage there would take every replica
/// out of service, although each of them still has a stale balance to serve. Credentials that are
/// refused are a mistake of this installation, and a rollout should stop at it.
async fn readyz(
    State((shutdown, balances)): State<(ShutdownFlag, BalanceService)>,
) -> (StatusCode, &'static str) {
    if shutdown.is_set() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else if balances.are_credentials_refused() {
        (StatusCode::SERVICE_UNAVAILABLE, "Airalo refuses the credentials\n")
    } else {
        (StatusCode::OK, "ok\n")
    }
}
