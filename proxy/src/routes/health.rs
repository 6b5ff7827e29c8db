//! The router of the admin listener: health checks and metrics.

use crate::access::{AllowedHost, check_host};
use crate::balances::BalanceService;
use crate::metrics::{self, Metrics};
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Keeps a cache on the way from answering for this process.
const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

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

/// What a scraper of another name is told.
const UNKNOWN_HOST: &str = "the metrics of a loopback ADMIN_LISTEN are for localhost, 127.0.0.1 and [::1] alone: \
    send one of them as Host, or set ADMIN_LISTEN to the address by which this machine is reached\n";

/// `hosts` are the names that a request for the metrics may be for. Without them it may be for any.
pub(crate) fn admin_router(
    shutdown: ShutdownFlag,
    balances: BalanceService,
    metrics: Metrics,
    hosts: Option<Vec<AllowedHost>>,
) -> Router {
    let ready = get(readyz).with_state((shutdown, balances));
    let metrics = get(render_metrics).with_state(metrics);
    let metrics = match hosts {
        Some(hosts) => metrics.layer(from_fn_with_state(Arc::new(hosts), require_host)),
        None => metrics,
    };
    // Health checks may name any host, or none, as load balancers do. They tell nothing.
    Router::new()
        .route("/livez", get(|| async { ([NO_STORE], "ok\n") }))
        .route("/readyz", ready)
        .route("/metrics", metrics)
}

/// The metrics tell the balance, and a page of another site must not read them by giving its own
/// name this address.
async fn require_host(State(hosts): State<Arc<Vec<AllowedHost>>>, request: Request, next: Next) -> Response {
    match check_host(&hosts, request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(_) => (StatusCode::MISDIRECTED_REQUEST, [NO_STORE], UNKNOWN_HOST).into_response(),
    }
}

/// An outage of Airalo does not show here. Otherwise it would take every replica out of service,
/// although each of them still has a stale balance to serve. Refused credentials of this replica do,
/// because another one may have others.
async fn readyz(State((shutdown, balances)): State<(ShutdownFlag, BalanceService)>) -> Response {
    let (status, text) = if shutdown.is_set() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else if balances.credentials_are_refused() {
        let text = "Airalo refuses the credentials; check AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET\n";
        (StatusCode::SERVICE_UNAVAILABLE, text)
    } else {
        (StatusCode::OK, "ok\n")
    };
    (status, [NO_STORE], text).into_response()
}

async fn render_metrics(State(metrics): State<Metrics>) -> Response {
    match metrics.render() {
        Ok(text) => ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE), NO_STORE], text).into_response(),
        Err(error) => {
            tracing::error!("failed to write the metrics: {error}");
            ProblemDetails::from(Problem::Internal).into_response()
        }
    }
}
