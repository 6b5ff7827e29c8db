//! `/v2/notifications/opt-in` and `opt-out`: the notice of used credit.

use super::auth::authorize;
use super::refusal::Refusal;
use super::responses;
use crate::state::{LEVELS, OptIn, SandboxState};
use crate::webhook::{LoopbackUrl, answers};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// The only one of the documented types that the sandbox has.
const KIND: &str = "webhook_credit_limit";

#[derive(Debug, Deserialize)]
struct OptInRequest {
    r#type: Option<String>,
    webhook_url: Option<String>,
    levels: Option<Vec<u8>>,
}

/// The address has to answer `HEAD` with 200.
pub(crate) async fn opt_in(
    State(state): State<Arc<SandboxState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    authorize(&state, &headers)?;
    let request = parse(&body)?;
    let text = request.webhook_url.ok_or(Refusal::Missing("webhook_url"))?;
    let url = LoopbackUrl::parse(&text).ok_or(Refusal::Invalid(
        "webhook_url",
        "The sandbox sends webhooks to http on a loopback address only.",
    ))?;
    let levels = request.levels.unwrap_or_else(|| LEVELS.to_vec());
    if levels.is_empty() || levels.iter().any(|level| !LEVELS.contains(level)) {
        return Err(Refusal::Invalid("levels", "The levels must be of 50, 70, 80 and 90."));
    }
    if !answers(&url).await {
        return Err(Refusal::Invalid("webhook_url", "The webhook url does not answer HEAD with 200."));
    }
    let opt_in = OptIn { url, levels };
    let response = notification(&opt_in);
    state.set_opt_in(Some(opt_in));
    Ok(response)
}

pub(crate) async fn details(
    State(state): State<Arc<SandboxState>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    authorize(&state, &headers)?;
    Ok(match state.opt_in() {
        Some(opt_in) => notification(&opt_in),
        None => responses::plain(StatusCode::OK, r#"{"data":[],"meta":{"message":"success"}}"#),
    })
}

pub(crate) async fn opt_out(
    State(state): State<Arc<SandboxState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    authorize(&state, &headers)?;
    parse(&body)?;
    state.set_opt_in(None);
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn parse(body: &[u8]) -> Result<OptInRequest, Refusal> {
    let request: OptInRequest = serde_json::from_slice(body).map_err(|_| Refusal::Missing("type"))?;
    match request.r#type.as_deref() {
        Some(KIND) => Ok(request),
        Some(_) => Err(Refusal::Invalid("type", "The sandbox has webhook_credit_limit only.")),
        None => Err(Refusal::Missing("type")),
    }
}

fn notification(OptIn { url, levels }: &OptIn) -> Response {
    let notification = json!({"type": KIND, "contact_point": url.to_string(), "levels": levels});
    let body = json!({"data": {"notification": notification}, "meta": {"message": "success"}});
    responses::plain(StatusCode::OK, body.to_string())
}
