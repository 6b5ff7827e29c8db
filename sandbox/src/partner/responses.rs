//! Responses that several endpoints share.

use crate::state::InsufficientCredit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::time::Duration;

/// The token is missing, unknown or expired.
pub(super) const TOKEN_REFUSED: &str = include_str!("../../../contract/partner-token-refused.json");

/// The client secret is wrong.
pub(super) const SECRET_REFUSED: &str = include_str!("../../../contract/partner-secret-refused.json");

/// The client id is unknown.
pub(super) const CLIENT_UNKNOWN: &str = include_str!("../../../contract/partner-client-unknown.json");

/// The IP address of the client is not on the allow-list.
pub(super) const ADDRESS_REFUSED: &str = include_str!("../../../contract/partner-address-refused.json");

/// Airalo serves the JSON of `/v2/balance` as `text/plain`, as its documentation says.
pub(super) fn plain(status: StatusCode, body: impl IntoResponse) -> Response {
    let content_type = [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"))];
    (status, content_type, body).into_response()
}

pub(super) fn json(status: StatusCode, body: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

/// A field is missing or invalid. The shape is that of a documented validation error.
pub(super) fn invalid(field: &str, message: &str) -> Response {
    let body = json!({"data": {field: message}, "meta": {"message": "the parameter is invalid"}});
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(body)).into_response()
}

/// A required field is missing.
pub(super) fn missing(field: &str) -> Response {
    invalid(field, &format!("The {} field is required.", field.replace('_', " ")))
}

/// An error that has a code, which is not in `data`.
pub(super) fn business(code: u16, reason: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(json!({"code": code, "reason": reason}))).into_response()
}

/// Code 11, the error that a visible balance helps to avoid.
pub(crate) fn insufficient_credit(error: InsufficientCredit) -> Response {
    business(11, &format!("Insufficient Airalo Credit: {}", error.missing))
}

pub(super) fn rate_limited(retry_after: Option<String>) -> Response {
    let mut response = plain(StatusCode::TOO_MANY_REQUESTS, "Too Many Attempts");
    if let Some(value) = retry_after.and_then(|text| HeaderValue::try_from(text).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// The headers of a limit that is used up.
pub(super) fn with_limit(mut response: Response, limit: usize) -> Response {
    response.headers_mut().insert("x-ratelimit-limit", HeaderValue::from(limit));
    response.headers_mut().insert("x-ratelimit-remaining", HeaderValue::from(0));
    response
}

/// Rounds up, so that a client that waits this long does not come too early.
pub(super) fn whole_seconds(wait: Duration) -> String {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).to_string()
}
