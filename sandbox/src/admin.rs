//! The endpoints under `/_sandbox/`, for tests, for scripts and for the console.

use crate::cents::Cents;
use crate::partner::{ESIM_PRICE, insufficient_credit};
use crate::scenario::Scenario;
use crate::state::SandboxState;
use crate::webhook::is_loopback;
use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

const DEFAULT_TOP_UP: Cents = Cents::new(10_000);

const INVALID_AMOUNT: &str = "?amount= must be an amount with at most two decimals, such as 4.50";

/// `?amount=`, kept as text because an `f64` would round it.
#[derive(Debug, Deserialize)]
pub(crate) struct AmountQuery {
    amount: Option<String>,
}

impl AmountQuery {
    fn positive_or(&self, default: Cents) -> Option<Cents> {
        let amount = self.amount.as_deref().map_or(Ok(default), str::parse).ok()?;
        amount.is_positive().then_some(amount)
    }
}

/// `?name=` of a scenario.
#[derive(Debug, Deserialize)]
pub(crate) struct ScenarioQuery {
    name: String,
}

pub(crate) async fn state(State(state): State<Arc<SandboxState>>) -> Response {
    Json(state.snapshot()).into_response()
}

pub(crate) async fn scenarios() -> Response {
    let scenarios = Scenario::all()
        .iter()
        .map(|scenario| json!({"name": scenario.name(), "about": scenario.description()}));
    Json(scenarios.collect::<Vec<_>>()).into_response()
}

pub(crate) async fn order(
    State(state): State<Arc<SandboxState>>,
    Query(query): Query<AmountQuery>,
) -> Response {
    let Some(price) = query.positive_or(ESIM_PRICE) else { return unprocessable(INVALID_AMOUNT) };
    match state.place_order(price) {
        Ok(_) => Json(state.snapshot()).into_response(),
        Err(error) => insufficient_credit(error),
    }
}

pub(crate) async fn top_up(
    State(state): State<Arc<SandboxState>>,
    Query(query): Query<AmountQuery>,
) -> Response {
    match query.positive_or(DEFAULT_TOP_UP) {
        Some(amount) if state.top_up(amount) => Json(state.snapshot()).into_response(),
        _ => unprocessable(INVALID_AMOUNT),
    }
}

pub(crate) async fn set_balance(
    State(state): State<Arc<SandboxState>>,
    Query(query): Query<AmountQuery>,
) -> Response {
    let Some(Ok(balance)) = query.amount.map(|text| text.parse()) else {
        return unprocessable(INVALID_AMOUNT);
    };
    state.set_balance(balance);
    Json(state.snapshot()).into_response()
}

pub(crate) async fn set_scenario(
    State(state): State<Arc<SandboxState>>,
    Query(query): Query<ScenarioQuery>,
) -> Response {
    let Some(scenario) = Scenario::from_name(&query.name) else {
        return unprocessable("no such scenario; GET /_sandbox/scenarios lists them");
    };
    state.set_scenario(scenario);
    Json(state.snapshot()).into_response()
}

pub(crate) async fn reset(State(state): State<Arc<SandboxState>>) -> Response {
    state.reset();
    Json(state.snapshot()).into_response()
}

fn unprocessable(reason: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": reason}))).into_response()
}

/// Rejects requests that pages of other sites make in the developer's browser.
///
/// Such a page can post to a loopback address, which shows in `Sec-Fetch-Site`. Or it can let its
/// own host name resolve to a loopback address, which shows in `Host`.
pub(crate) async fn reject_other_sites(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if is_from_other_site(headers) || !is_for_loopback(headers) {
        return (StatusCode::FORBIDDEN, "open the console at its loopback address").into_response();
    }
    next.run(request).await
}

fn is_from_other_site(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    site.is_some_and(|site| site != b"same-origin" && site != b"none")
}

fn is_for_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.and_then(|host| host.parse::<Authority>().ok()).is_some_and(|authority| is_loopback(&authority))
}
