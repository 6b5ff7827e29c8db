//! Requests that are refused before anything looks at them.

use super::clients::OneTooMany;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// The longest path with its query.
const MAX_TARGET_BYTES: usize = 8 * 1024;

/// A small body is not read, and no reason to refuse a request.
const MAX_BODY_BYTES: u64 = 1024;

/// A middleware that refuses requests that are too large. Their connections end, because the rest
/// of a body would be taken for the next request.
pub(crate) async fn refuse_unwanted(request: Request, next: Next) -> Response {
    match refusal(&request) {
        Some(response) => response,
        None => next.run(request).await,
    }
}

/// The response to a request that is refused; `None` for all others.
pub(crate) fn refusal(request: &Request) -> Option<Response> {
    if request.extensions().get::<OneTooMany>().is_some() {
        let retry_after = Some(Duration::from_secs(1));
        return Some(ProblemDetails { problem: Problem::TooManyRequests, retry_after }.into_response());
    }
    let mut response = ProblemDetails::from(check(request).err()?).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    Some(response)
}

fn check(request: &Request) -> Result<(), Problem> {
    let target = request.uri().path_and_query();
    if target.is_some_and(|target| target.as_str().len() > MAX_TARGET_BYTES) {
        return Err(Problem::UriTooLong);
    }
    // A body without a known length may be of any.
    if request.body().size_hint().upper().is_none_or(|length| length > MAX_BODY_BYTES) {
        return Err(Problem::BodyTooLarge);
    }
    Ok(())
}
