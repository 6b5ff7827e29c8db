//! The router of the public listener, and what all its responses have in common.

mod access;
mod answer;
mod assets;
mod balance;
mod balance_json;
mod balance_text;
mod cache_status;
mod cross_origin;
mod headers;
pub(crate) mod health;
mod history;
mod history_json;
mod observe;

#[cfg(test)]
mod tests;

pub(crate) use answer::Answers;
pub(crate) use assets::Assets;

use crate::access::Access;
use crate::balances::BalanceService;
use crate::history::History;
use crate::metrics::Metrics;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use balance::BalanceState;
use history::HistoryState;
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;

pub(crate) fn public_router(
    balances: BalanceService,
    answers: Answers,
    history: Option<History>,
    assets: Assets,
    access: &Access,
    metrics: Metrics,
) -> Router {
    let api = Router::new()
        .route("/api/balance", get(balance::get_balance))
        .route_layer(from_fn_with_state(access.clone(), access::authorize))
        .with_state(BalanceState { balances, answers, metrics: metrics.clone() });
    let history = Router::new()
        .route("/api/balance/history", get(history::get_history))
        .route_layer(from_fn_with_state(access.clone(), access::authorize))
        .with_state(HistoryState::new(history));

    let page = Router::new()
        .route("/", get(assets::index_page))
        .route("/index.html", get(assets::index_page))
        .route("/card", get(assets::card_page))
        .route("/card.html", get(assets::card_page))
        .fallback(assets::static_file)
        .with_state(assets);

    let api = api.merge(history);
    with_common_layers(api.merge(page).method_not_allowed_fallback(method_not_allowed), access, metrics)
}

/// The last layer is the outermost one.
fn with_common_layers(router: Router, access: &Access, metrics: Metrics) -> Router {
    router
        .layer(from_fn_with_state(access.clone(), access::admit))
        .layer(CatchPanicLayer::custom(respond_to_panic))
        .layer(from_fn_with_state(metrics, observe::observe))
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
