//! `GET /api/balance`.

use super::access::Authorized;
use super::answer::Answers;
use super::cache_status::{CACHE_STATUS, cache_status};
use super::headers::USUAL_COUNT;
use crate::access::Access;
use crate::balances::{BalanceService, StaleReason};
use crate::etag;
use crate::metrics::Metrics;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::extract::{FromRef, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A balance is for the client that asked, and no cache on the way may keep it.
pub(super) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What the handler needs.
#[derive(Clone, Debug)]
pub(super) struct BalanceState {
    pub(super) balances: BalanceService,
    pub(super) answers: Answers,
    pub(super) access: Access,
    pub(super) metrics: Metrics,
}

impl FromRef<BalanceState> for Access {
    fn from_ref(state: &BalanceState) -> Self {
        state.access.clone()
    }
}

/// A client that knows the tag of the balance gets 304, and the time of the fetch as
/// `Last-Modified`. Clients that poll use it; browsers do not, because they may store nothing.
pub(super) async fn get_balance(
    _: Authorized,
    State(state): State<BalanceState>,
    request: Request,
) -> Response {
    let (result, cache_result) = state.balances.get().await;
    state.metrics.cache(cache_result.as_str());
    let cached = match result {
        Ok(cached) => cached,
        Err(details) => {
            let status = cache_status(cache_result, Some(details.problem.as_str()));
            return ([(CACHE_STATUS, status)], details).into_response();
        }
    };
    let Some(answer) = state.answers.get(&cached) else {
        return ProblemDetails::from(Problem::Internal).into_response();
    };
    let mut response = Response::default();
    let headers = response.headers_mut();
    headers.reserve(USUAL_COUNT);
    headers.insert(header::CACHE_CONTROL, PRIVATE);
    headers.insert(header::ETAG, answer.etag.clone());
    headers.insert(CACHE_STATUS, cache_status(cache_result, cached.stale.map(StaleReason::as_str)));
    if let Some(last_modified) = &answer.last_modified {
        headers.insert(header::LAST_MODIFIED, last_modified.clone());
    }
    if etag::is_known(request.headers(), &answer.etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        headers.insert(header::CONTENT_TYPE, JSON);
        *response.body_mut() = answer.json.clone().into();
    }
    response
}
