//! Why a request is refused, for handlers that return early.

use super::responses::{self, TOKEN_REFUSED};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::time::Duration;

#[derive(Debug)]
pub(crate) enum Refusal {
    /// There is no valid token.
    Token,
    /// A required field is missing.
    Missing(&'static str),
    /// A field is invalid, and why.
    Invalid(&'static str, &'static str),
    /// The shape of errors that only the simulator has.
    Simulator(String),
    /// Too many requests, and the time to wait.
    RateLimited(Duration),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Token => responses::plain(StatusCode::UNAUTHORIZED, TOKEN_REFUSED),
            Self::Missing(field) => responses::missing(field),
            Self::Invalid(field, message) => responses::invalid(field, message),
            Self::Simulator(error) => {
                (StatusCode::BAD_REQUEST, axum::Json(json!({"error": error}))).into_response()
            }
            Self::RateLimited(wait) => responses::rate_limited(Some(responses::whole_seconds(wait))),
        }
    }
}
