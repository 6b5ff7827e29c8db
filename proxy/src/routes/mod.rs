//! The router of the public listener, and what all its responses have in common.

mod access;
mod answer;
mod assets;
mod balance;
mod balance_json;
mod cache_status;
mod cross_origin;
mod headers;
pub(crate) mod health;
mod history;
mod history_json;
mod observe;
mod public;
mod webhook;

#[cfg(test)]
mod tests;

pub(crate) use answer::Answers;
pub(crate) use assets::Assets;
pub(crate) use public::PublicService;

use crate::access::{Access, SignatureKey};
use crate::balances::BalanceService;
use crate::history::History;
use crate::metrics::Metrics;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use assets::CardFiles;
use axum::Router;
use axum::extract::State;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, head};
use balance::BalanceState;
use history::HistoryState;
use std::sync::Arc;
use webhook::WebhookState;

/// The routes by which requests are counted and logged.
const ROUTES: [&str; 7] =
    ["/", "/index.html", "/card", "/card.html", "/api/balance", "/api/balance/history", webhook::PATH];

/// What the routes of the public listener answer from. Clones share all of it.
#[derive(Clone, Debug)]
pub(crate) struct PublicParts {
    pub(crate) balances: BalanceService,
    pub(crate) answers: Answers,
    pub(crate) history: Option<History>,
    pub(crate) assets: Assets,
    pub(crate) access: Access,
    /// With which Airalo signs its webhooks.
    pub(crate) signature_key: SignatureKey,
    pub(crate) metrics: Metrics,
}

pub(crate) fn public_service(parts: PublicParts) -> PublicService {
    let PublicParts { balances, answers, history, assets, access, signature_key, metrics } = parts;
    // The same path as `webhook::PATH`.
    let webhooks = Router::new()
        .route(
            "/webhooks/airalo",
            head(webhook::head).post(webhook::receive).fallback(webhook::method_not_allowed),
        )
        .with_state(WebhookState::new(access.clone(), balances.clone(), signature_key));

    let state = BalanceState { balances, answers, access: access.clone(), metrics: metrics.clone() };
    let api = Router::new().route("/api/balance", get(balance::get_balance)).with_state(Arc::new(state));
    let history = Router::new()
        .route("/api/balance/history", get(history::get_history))
        .with_state(HistoryState::new(history, access.clone()));

    let files = assets.files();
    let page = Router::new()
        .route("/", get(assets::index_page))
        .route("/index.html", get(assets::index_page))
        .route("/card", get(assets::card_page))
        .route("/card.html", get(assets::card_page))
        .with_state(assets);

    let router = api.merge(history).merge(webhooks).merge(page);
    let router = router.fallback(not_found).method_not_allowed_fallback(method_not_allowed);
    let router = router.with_state(files.clone());
    PublicService::new(router, files, access, metrics)
}

async fn not_found(State(files): State<CardFiles>, method: Method, uri: Uri) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return ProblemDetails::from(Problem::MethodNotAllowed).into_response();
    }
    files.redirect(&uri).unwrap_or_else(|| ProblemDetails::from(Problem::NotFound).into_response())
}

async fn method_not_allowed() -> ProblemDetails {
    Problem::MethodNotAllowed.into()
}
