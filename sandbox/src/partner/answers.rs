//! Answers that more than one endpoint gives.

use crate::CreditShort;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// The refusal of a token that is missing, unknown or expired.
pub(super) const UNAUTHORISED: &str = include_str!("../../../contract/partner-token-refused.json");

/// The refusal of a client whose secret is wrong.
pub(super) const SECRET_REFUSED: &str = include_str!("../../../contract/partner-secret-refused.json");

/// The refusal of a client that nobody knows.
pub(super) const CLIENT_UNKNOWN: &str = include_str!("../../../contract/partner-client-unknown.json");

/// The refusal of an address that is not on the allow-list.
pub(super) const ADDRESS_REFUSED: &str = include_str!("../../../contract/partner-address-refused.json");

/// The partner's JSON comes as `text/plain`, as its page on the balance says.
pub(super) fn plain(status: StatusCode, body: impl IntoResponse) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"))];
    (status, kind, body).into_response()
}

pub(super) fn json(status: StatusCode, body: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

/// A missing or unusable field, in the shape of a documented validation error.
pub(super) fn invalid(field: &str, message: &str) -> Response {
    let body = json!({"data": {field: message}, "meta": {"message": "the parameter is invalid"}});
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(body)).into_response()
}

/// Code 11: the one error that this whole project is about avoiding.
pub(crate) fn credit_short(short: CreditShort) -> Response {
    let body: Value = json!({"code": 11, "reason": format!("Insufficient Airalo Credit: {}", short.missing)});
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(body)).into_response()
}

pub(super) fn too_many(retry_after: Option<String>) -> Response {
    let mut response = plain(StatusCode::TOO_MANY_REQUESTS, "Too Many Attempts");
    if let Some(value) = retry_after.and_then(|text| HeaderValue::try_from(text).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// Whole seconds, rounded up: whoever waits that long is let in.
pub(super) fn in_seconds(wait: Duration) -> String {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).to_string()
}
