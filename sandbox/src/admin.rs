//! The doors under `/_sandbox/`, for tests, for scripts and for the console.

use crate::partner::{PRICE, credit_short};
use crate::{Cents, Scenario, World};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header, uri::Authority};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Json, http};
use serde::Deserialize;
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;

/// `?amount=` as text: read as money here, and never as a binary fraction.
#[derive(Debug, Deserialize)]
pub(crate) struct Money {
    amount: Option<String>,
}

/// `?name=` of a scenario.
#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    name: String,
}

pub(crate) async fn state(State(world): State<Arc<World>>) -> Response {
    Json(world.snapshot()).into_response()
}

pub(crate) async fn scenarios() -> Response {
    let all =
        Scenario::all().iter().map(|scenario| json!({"name": scenario.name(), "about": scenario.about()}));
    Json(all.collect::<Vec<_>>()).into_response()
}

pub(crate) async fn order(State(world): State<Arc<World>>, Query(money): Query<Money>) -> Response {
    let Some(price) = money.positive_or(PRICE) else { return refused(AMOUNT) };
    match world.order(price) {
        Ok(_) => Json(world.snapshot()).into_response(),
        Err(short) => credit_short(short),
    }
}

pub(crate) async fn top_up(State(world): State<Arc<World>>, Query(money): Query<Money>) -> Response {
    match money.positive_or(Cents::new(10_000)) {
        Some(amount) if world.top_up(amount) => Json(world.snapshot()).into_response(),
        _ => refused(AMOUNT),
    }
}

pub(crate) async fn set_balance(State(world): State<Arc<World>>, Query(money): Query<Money>) -> Response {
    let Some(Ok(balance)) = money.amount.map(|text| text.parse()) else { return refused(AMOUNT) };
    world.set_balance(balance);
    Json(world.snapshot()).into_response()
}

pub(crate) async fn play(State(world): State<Arc<World>>, Query(named): Query<Named>) -> Response {
    let Some(scenario) = Scenario::named(&named.name) else {
        return refused("no such scenario; GET /_sandbox/scenarios lists them");
    };
    world.play(scenario);
    Json(world.snapshot()).into_response()
}

pub(crate) async fn reset(State(world): State<Arc<World>>) -> Response {
    world.reset();
    Json(world.snapshot()).into_response()
}

const AMOUNT: &str = "?amount= must be an amount with at most two decimals, such as 4.50";

impl Money {
    fn positive_or(&self, default: Cents) -> Option<Cents> {
        let amount = self.amount.as_deref().map_or(Ok(default), str::parse).ok()?;
        amount.is_positive().then_some(amount)
    }
}

fn refused(reason: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": reason}))).into_response()
}

/// Keeps other people's pages out of a developer's browser.
///
/// A page from elsewhere could post to a loopback address, or point its own name at it; the
/// first tells itself by `Sec-Fetch-Site`, the second by the name in `Host`.
pub(crate) async fn only_from_here(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if is_from_another_site(headers) || !is_for_loopback(headers) {
        return (StatusCode::FORBIDDEN, "open the console at its loopback address").into_response();
    }
    next.run(request).await
}

fn is_from_another_site(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes);
    site.is_some_and(|site| site != b"same-origin" && site != b"none")
}

fn is_for_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let Some(authority) = host.and_then(|host| host.parse::<Authority>().ok()) else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
