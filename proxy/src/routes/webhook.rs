//! `/webhooks/airalo`: the notice that Airalo sends when a part of the credit is used.
//!
//! It needs no token, because its signature shows that it comes from Airalo. It has no time in it, so
//! whoever has seen one can send it again: what it says is not believed, it is only a reason to ask.

use super::access::peer_address;
use crate::access::{Access, Principal, SignatureKey};
use crate::balances::BalanceService;
use crate::problem::{ProblemDetails, WEBHOOK_METHODS};
use crate::server::{LogLimit, read_body};
use airalo_balance::model::Problem;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

pub(super) const PATH: &str = "/webhooks/airalo";

/// A notice of Airalo has about a hundred bytes.
const MAX_BODY_BYTES: usize = 16 * 1024;

/// What the handlers need.
#[derive(Clone, Debug)]
pub(super) struct WebhookState {
    access: Access,
    balances: BalanceService,
    key: SignatureKey,
    refusals: Arc<Mutex<LogLimit>>,
}

impl WebhookState {
    pub(super) fn new(access: Access, balances: BalanceService, key: SignatureKey) -> Self {
        Self { access, balances, key, refusals: Arc::default() }
    }

    /// Anybody can cause these lines.
    fn log_refusal(&self, now: Instant) {
        // Nothing panics while it holds the lock.
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.allows_line(now) {
            tracing::warn!(
                "a webhook is refused: airalo-signature is missing, or not made with AIRALO_CLIENT_SECRET"
            );
        }
    }
}

/// Airalo asks with HEAD before it accepts the address.
pub(super) async fn head() -> StatusCode {
    StatusCode::OK
}

/// Airalo takes nothing but 200 for success, and sends everything else again.
pub(super) async fn receive(State(state): State<WebhookState>, request: Request) -> Response {
    let (headers, peer) = (request.headers().clone(), peer_address(request.extensions()));
    let body = match read_body(request, MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let is_true = state.key.verifies(&headers, &body);
    let counted = if is_true {
        state.access.count(&Principal::Airalo)
    } else {
        state.access.count_failure(&headers, peer)
    };
    if let Err(wait) = counted {
        let details = ProblemDetails { problem: Problem::TooManyRequests, retry_after: Some(wait) };
        return details.into_response();
    }
    if !is_true {
        state.log_refusal(Instant::now());
        return ProblemDetails::from(Problem::Unauthorized).into_response();
    }
    if concerns_credit(&body) {
        state.balances.notice();
    }
    StatusCode::OK.into_response()
}

/// Every method but those two.
pub(super) async fn method_not_allowed() -> Response {
    let mut response = ProblemDetails::from(Problem::MethodNotAllowed).into_response();
    response.headers_mut().insert(header::ALLOW, WEBHOOK_METHODS);
    response
}

/// Whether a request is one whose body is read.
pub(super) fn takes_body(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path() == PATH
}

/// Airalo sends notices of eSIMs and of orders to the same address, if somebody wants them there.
fn concerns_credit(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Notice {
        iccid: Option<IgnoredAny>,
        request_id: Option<IgnoredAny>,
    }
    let notice = serde_json::from_slice::<Notice>(body);
    // Another text with the right signature may be a notice of a later version.
    notice.map_or(true, |notice| notice.iccid.is_none() && notice.request_id.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_of_an_esim_or_of_an_order_does_not_concern_the_credit() {
        assert!(concerns_credit(include_bytes!("../../../contract/partner-webhook-credit.json")));
        assert!(concerns_credit(br#"{"event":"credit","used":0.8}"#));
        assert!(!concerns_credit(include_bytes!("../../../contract/partner-webhook-data.json")));
        assert!(!concerns_credit(br#"{"request_id":"a","reason":"no eSIM"}"#));
    }
}
