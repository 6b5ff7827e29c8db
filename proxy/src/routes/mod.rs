//! The router of the public listener, and what all its responses have in common.

mod access;
mod answer;
mod assets;
mod balance;
mod balance_json;
mod balance_text;
mod cache_status;
mod common;
mod cross_origin;
mod headers;
pub(crate) mod health;
mod observe;

#[cfg(test)]
mod tests;

pub(crate) use answer::Answers;
pub(crate) use assets::Assets;

use crate::access::Access;
use crate::balances::BalanceService;
use crate::metrics::Metrics;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use balance::BalanceState;
use common::Common;

pub(crate) fn public_router(
    balances: BalanceService,
    answers: Answers,
    assets: Assets,
    access: &Access,
    metrics: Metrics,
) -> Router {
    let api = Router::new().route("/api/balance", get(balance::get_balance)).with_state(BalanceState {
        balances,
        answers,
        metrics: metrics.clone(),
    });

    let page = Router::new()
        .route("/", get(assets::index_page))
        .route("/index.html", get(assets::index_page))
        .route("/card", get(assets::card_page))
        .route("/card.html", get(assets::card_page))
        .fallback(assets::static_file)
        .with_state(assets);

    with_common_layers(api.merge(page).method_not_allowed_fallback(method_not_allowed), access, metrics)
}

fn with_common_layers(router: Router, access: &Access, metrics: Metrics) -> Router {
    router.layer(from_fn_with_state(Common { access: access.clone(), metrics }, common::respond))
}

async fn method_not_allowed() -> ProblemDetails {
    Problem::MethodNotAllowed.into()
}
