//! The public listener: its router, and what is done for every request.
//!
//! It is one service around the router and not a layer for each step: every layer of a router clones
//! services and boxes futures, which costs as much as a handler.

use super::assets::CardFiles;
use super::observe::Observation;
use super::{access, headers};
use crate::access::Access;
use crate::metrics::Metrics;
use crate::problem::ProblemDetails;
use crate::server::{HttpService, PeerAddress};
use airalo_balance::model::Problem;
use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tracing::Instrument;

/// Answers the requests of the public listener. Clones share everything.
#[derive(Clone, Debug)]
pub(crate) struct PublicService(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    router: Router,
    files: CardFiles,
    access: Access,
    metrics: Metrics,
}

impl PublicService {
    /// Asks the router for what is no file of the card.
    pub(super) fn new(router: Router, files: CardFiles, access: Access, metrics: Metrics) -> Self {
        Self(Arc::new(Inner { router, files, access, metrics }))
    }
}

impl HttpService for PublicService {
    /// Whoever answers, the response is observed and has the common headers.
    async fn respond(&self, request: Request, peer: PeerAddress) -> Response {
        let Inner { access, metrics, .. } = &*self.0;
        let origin = access.allowed_origin(request.headers()).cloned();
        let observation = Observation::begin(&request);
        let answer = AssertUnwindSafe(self.0.answer(request, peer)).catch_unwind();
        let answer = answer.instrument(observation.span.clone()).await;
        let mut response = answer.unwrap_or_else(|_| respond_to_panic(&observation));
        observation.end(&mut response, metrics);
        headers::complete(&mut response, origin);
        response
    }
}

impl Inner {
    async fn answer(&self, request: Request, peer: PeerAddress) -> Response {
        if let Some(refusal) = access::refusal(&self.access, &request) {
            return refusal;
        }
        if let Some(file) = self.files.respond(&request) {
            return file;
        }
        self.router.respond(request, peer).await
    }
}

/// The panic hook has printed the message already, and a client must not see it.
fn respond_to_panic(observation: &Observation) -> Response {
    tracing::error!(parent: &observation.span, "a handler panicked");
    ProblemDetails::from(Problem::Internal).into_response()
}
