//! The router of the public listener, and what all its responses have in common.

mod assets;
mod balance;
mod balance_json;
mod balance_text;
pub(crate) mod health;

#[cfg(test)]
mod tests;

pub(crate) use assets::Assets;

use crate::balances::BalanceService;
use crate::problem::ProblemDetails;
use crate::server::refuse_unwanted;
use airalo_balance::model::Problem;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::any::Any;
use std::time::Instant;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// Allows what the card needs: files and requests of its own origin, and WebAssembly.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     connect-src 'self'; img-src 'self'; require-trusted-types-for 'script'";

pub(crate) fn public_router(balances: BalanceService, assets: Assets) -> Router {
    let api = Router::new()
        .route("/api/balance", get(balance::get_balance))
        .route_layer(from_fn(balance::require_widget_header))
        .with_state(balances);

    let page = Router::new()
        .route("/", get(assets::index_page))
        .route("/index.html", get(assets::index_page))
        .fallback(assets::static_file)
        .with_state(assets);

    with_common_layers(api.merge(page).method_not_allowed_fallback(method_not_allowed))
}

/// The last layer is the outermost one, so that even the response to a panic has the headers.
fn with_common_layers(router: Router) -> Router {
    router
        .layer(from_fn(refuse_unwanted))
        .layer(CatchPanicLayer::custom(respond_to_panic))
        .layer(from_fn(log_request))
        .layer(set_header(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(set_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set_header(header::REFERRER_POLICY, "no-referrer"))
}

fn set_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
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
