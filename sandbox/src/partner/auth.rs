//! The `Authorization` header of requests to the partner API.

use super::refusal::Refusal;
use crate::state::SandboxState;
use axum::http::{HeaderMap, header};
use std::time::Instant;

/// Whether the request carries a valid token.
pub(super) fn is_authorized(state: &SandboxState, headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.strip_prefix("Bearer "));
    token.is_some_and(|token| state.accepts_token(token, Instant::now()))
}

/// The refusal of a request that carries no valid token.
pub(super) fn authorize(state: &SandboxState, headers: &HeaderMap) -> Result<(), Refusal> {
    if is_authorized(state, headers) { Ok(()) } else { Err(Refusal::Token) }
}
