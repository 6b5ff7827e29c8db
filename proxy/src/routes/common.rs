//! What is done for every request of the public listener.
//!
//! It is one middleware and not one for each step, because each costs as much as a handler.

use super::observe::Observation;
use super::{access, headers};
use crate::access::Access;
use crate::metrics::Metrics;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use tracing::Instrument;

/// What the middleware needs.
#[derive(Clone, Debug)]
pub(super) struct Common {
    pub(super) access: Access,
    pub(super) metrics: Metrics,
}

/// Answers requests that are refused, and has the router answer the others. Whoever has answered, the
/// response is observed and has the common headers.
pub(super) async fn respond(State(common): State<Common>, request: Request, next: Next) -> Response {
    let origin = common.access.allowed_origin(request.headers()).cloned();
    let observation = Observation::begin(&request);
    let answer = async {
        match access::refusal(&common.access, &request) {
            Some(refusal) => refusal,
            None => next.run(request).await,
        }
    };
    let answer = AssertUnwindSafe(answer).catch_unwind().instrument(observation.span.clone());
    let mut response = answer.await.unwrap_or_else(|_| respond_to_panic(&observation));
    observation.end(&mut response, &common.metrics);
    headers::add(&mut response, origin);
    response
}

/// The panic hook has printed the message already, and a client must not see it.
fn respond_to_panic(observation: &Observation) -> Response {
    tracing::error!(parent: &observation.span, "a handler panicked");
    ProblemDetails::from(Problem::Internal).into_response()
}
