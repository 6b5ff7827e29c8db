//! Requests that are refused before anything looks at them.

use super::activity::Activity;
use super::clients::OneTooMany;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::body::{Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The longest path with its query.
const MAX_TARGET_BYTES: usize = 8 * 1024;

/// A small body is not read, and no reason to refuse a request.
const MAX_BODY_BYTES: u64 = 1024;

/// What the connection of a request is doing, an extension for who reads its body.
#[derive(Clone, Debug)]
pub(super) struct BodyActivity(pub(super) Arc<Activity>);

/// A middleware that refuses requests that are too large. Their connections end, because the rest
/// of a body would be taken for the next request.
pub(crate) async fn refuse_unwanted(request: Request, next: Next) -> Response {
    match refusal(&request, false) {
        Some(response) => response,
        None => next.run(request).await,
    }
}

/// The response to a request that is refused; `None` for all others. Where a handler reads the body, that
/// is who refuses a long one.
pub(crate) fn refusal(request: &Request, takes_body: bool) -> Option<Response> {
    if request.extensions().get::<OneTooMany>().is_some() {
        let retry_after = Some(Duration::from_secs(1));
        return Some(ProblemDetails { problem: Problem::TooManyRequests, retry_after }.into_response());
    }
    check(request, takes_body).err().map(last_response)
}

/// The body of a request, or the refusal of one that is longer than this. Meanwhile the client is waited
/// for as it is for a head, and no longer.
pub(crate) async fn read_body(request: Request, limit: usize) -> Result<Bytes, Response> {
    let activity = request.extensions().get::<BodyActivity>().cloned();
    let at_work = |begin: fn(&Activity, Instant)| {
        if let Some(BodyActivity(activity)) = &activity {
            begin(activity, Instant::now());
        }
    };
    at_work(Activity::body_begins);
    let body = to_bytes(request.into_body(), limit).await;
    at_work(Activity::body_complete);
    // Where it was cut off, nobody reads the response.
    body.map_err(|_| last_response(Problem::BodyTooLarge))
}

/// What comes after it on the connection would be taken for the next request.
fn last_response(problem: Problem) -> Response {
    let mut response = ProblemDetails::from(problem).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn check(request: &Request, takes_body: bool) -> Result<(), Problem> {
    let target = request.uri().path_and_query();
    if target.is_some_and(|target| target.as_str().len() > MAX_TARGET_BYTES) {
        return Err(Problem::UriTooLong);
    }
    // A body without a known length may be of any.
    if !takes_body && request.body().size_hint().upper().is_none_or(|length| length > MAX_BODY_BYTES) {
        return Err(Problem::BodyTooLarge);
    }
    Ok(())
}
