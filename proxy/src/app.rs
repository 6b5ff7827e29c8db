//! All paths of the public listener, and what every answer of it carries.

use crate::assets::{self, Assets};
use crate::balance;
use crate::feed::Feed;
use crate::problem::Refusal;
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

/// Allows the card what it needs: its own files, WebAssembly, and its own server.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      connect-src 'self'; img-src 'self'; require-trusted-types-for 'script'";

pub(crate) fn router(feed: Feed, assets: Assets) -> Router {
    let api = Router::new()
        .route("/api/balance", get(balance::show))
        .route_layer(from_fn(balance::require_widget_header))
        .with_state(feed);

    let page = Router::new()
        .route("/", get(assets::page))
        .route("/index.html", get(assets::page))
        .fallback(assets::file)
        .with_state(assets);

    guarded(api.merge(page).method_not_allowed_fallback(|| refuse(Problem::MethodNotAllowed)))
}

/// The layer that is named last is the outermost one: even the answer to a panic is guarded.
fn guarded(router: Router) -> Router {
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(log_access))
        .layer(always(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "no-referrer"))
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

async fn refuse(problem: Problem) -> Response {
    Refusal::from(problem).into_response()
}

/// What was panicked about has been printed by the hook; here it is not even looked at.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Refusal::from(Problem::Internal).into_response()
}

/// The path without its query, which is none of a log's business.
async fn log_access(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    tracing::debug!(%method, path, status, milliseconds = start.elapsed().as_millis(), "answered");
    response
}

#[cfg(test)]
mod tests;
