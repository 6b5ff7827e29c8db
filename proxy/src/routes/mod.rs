//! The router of the public listener, and what all its responses have in common.

mod access;
mod assets;
mod balance;
mod balance_json;
mod balance_text;
mod cross_origin;
mod headers;
pub(crate) mod health;

#[cfg(test)]
mod tests;

pub(crate) use assets::Assets;

use crate::access::Access;
use crate::balances::BalanceService;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::any::Any;
use std::time::Instant;
use tower_http::catch_panic::CatchPanicLayer;

pub(crate) fn public_router(balances: BalanceService, assets: Assets, access: &Access) -> Router {
    let api = Router::new()
        .route("/api/balance", get(balance::get_balance))
        .route_layer(from_fn_with_state(access.clone(), access::authorize))
        .with_state(balances);

    let page = Router::new()
        .route("/", get(assets::index_page))
        .route("/index.html", get(assets::index_page))
        .route("/card", get(assets::card_page))
        .route("/card.html", get(assets::card_page))
        .fallback(assets::static_file)
        .with_state(assets);

    with_common_layers(api.merge(page).method_not_allowed_fallback(method_not_allowed), access)
}

/// The last layer is the outermost one.
fn with_common_layers(router: Router, access: &Access) -> Router {
    router
        .layer(from_fn_with_state(access.clone(), access::admit))
        .layer(CatchPanicLayer::custom(respond_to_panic))
        .layer(from_fn(log_request))
        .layer(from_fn_with_state(access.clone(), headers::add))
}

async fn method_not_allowed() -> ProblemDetails {
    Problem::MethodNotAllowed.into()
}

/// The panic hook has printed the message already, and a client must not see it.
fn respond_to_panic(_message: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    ProblemDetails::from(Problem::Internal).into_response()
}

/// Logs the path without its query, which may hold data that does not belong in a log.
async fn log_request(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    tracing::debug!(%method, path, status, milliseconds = start.elapsed().as_millis(), "answered");
    response
}
