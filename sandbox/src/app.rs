//! All paths of the stand-in on one screen.

use crate::{MARK, World, admin, console, partner};
use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::from_fn;
use axum::routing::{get, post};
use std::sync::Arc;
use tower_http::set_header::SetResponseHeaderLayer;

pub(crate) fn router(world: Arc<World>) -> Router {
    let documented = Router::new()
        .route("/v2/token", post(partner::token))
        .route("/v2/balance", get(partner::balance))
        .route("/v2/orders", post(partner::orders));

    let doors = Router::new()
        .route("/_sandbox/state", get(admin::state))
        .route("/_sandbox/scenarios", get(admin::scenarios))
        .route("/_sandbox/order", post(admin::order))
        .route("/_sandbox/top-up", post(admin::top_up))
        .route("/_sandbox/balance", post(admin::set_balance))
        .route("/_sandbox/scenario", post(admin::play))
        .route("/_sandbox/reset", post(admin::reset))
        .route_layer(from_fn(admin::only_from_here));

    let page = Router::new()
        .route("/", get(console::page))
        .route("/console.css", get(console::style))
        .route("/console.js", get(console::script));

    let mark =
        SetResponseHeaderLayer::overriding(HeaderName::from_static(MARK), HeaderValue::from_static("1"));
    documented.merge(doors).merge(page).with_state(world).layer(mark)
}
