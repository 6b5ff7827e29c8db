//! All routes of the sandbox.

use crate::state::SandboxState;
use crate::{admin, console, partner};
use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::from_fn;
use axum::routing::{get, post};
use std::sync::Arc;
use tower_http::set_header::SetResponseHeaderLayer;

/// The header on every response of the sandbox, errors included. Its value is `1`.
pub const STAND_IN_HEADER: &str = "x-airalo-stand-in";

pub(crate) fn router(state: Arc<SandboxState>) -> Router {
    let partner = Router::new()
        .route("/v2/token", post(partner::token))
        .route("/v2/balance", get(partner::balance))
        .route("/v2/orders", post(partner::orders))
        .route(
            "/v2/notifications/opt-in",
            get(partner::notifications::details).post(partner::notifications::opt_in),
        )
        .route("/v2/notifications/opt-out", post(partner::notifications::opt_out))
        .route("/v2/simulator/webhook", post(partner::simulate));

    let admin = Router::new()
        .route("/_sandbox/state", get(admin::state))
        .route("/_sandbox/scenarios", get(admin::scenarios))
        .route("/_sandbox/order", post(admin::order))
        .route("/_sandbox/top-up", post(admin::top_up))
        .route("/_sandbox/balance", post(admin::set_balance))
        .route("/_sandbox/scenario", post(admin::set_scenario))
        .route("/_sandbox/reset", post(admin::reset))
        .route_layer(from_fn(admin::reject_other_sites));

    let console = Router::new()
        .route("/", get(console::page))
        .route("/console.css", get(console::stylesheet))
        .route("/console.js", get(console::script));

    let stand_in_header = SetResponseHeaderLayer::overriding(
        HeaderName::from_static(STAND_IN_HEADER),
        HeaderValue::from_static("1"),
    );
    partner.merge(admin).merge(console).with_state(state).layer(stand_in_header)
}
