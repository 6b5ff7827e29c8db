//! `GET /api/balance`.

use super::access::Authorized;
use super::answer::Answers;
use super::cache_status::{CACHE_STATUS, cache_status};
use crate::access::Access;
use crate::balances::{BalanceService, StaleReason};
use crate::etag;
use crate::metrics::Metrics;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::extract::{FromRef, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// A balance is for the client that asked, and no cache on the way may keep it.
pub(super) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

/// What the handler needs.
#[derive(Debug)]
pub(super) struct BalanceState {
    pub(super) balances: BalanceService,
    pub(super) answers: Answers,
    pub(super) access: Access,
    pub(super) metrics: Metrics,
}

impl FromRef<Arc<BalanceState>> for Access {
    fn from_ref(state: &Arc<BalanceState>) -> Self {
        state.access.clone()
    }
}

/// A client that knows the tag of the balance gets 304, and the time of the fetch as
/// `Last-Modified`. Clients that poll use it; browsers do not, because they may store nothing.
pub(super) async fn get_balance(
    _: Authorized,
    State(state): State<Arc<BalanceState>>,
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
    *response.headers_mut() = answer.headers.clone();
    let status = cache_status(cache_result, cached.stale.map(StaleReason::as_str));
    response.headers_mut().insert(CACHE_STATUS, status);
    if etag::is_known(request.headers(), &answer.etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().remove(header::CONTENT_TYPE);
    } else {
        *response.body_mut() = answer.json.clone().into();
    }
    response
}
