//! Which requests are answered, and for whom.

use super::{cross_origin, webhook};
use crate::access::{Access, HostError, Principal};
use crate::problem::{METHODS, ProblemDetails, WEBHOOK_METHODS};
use crate::server::{PeerAddress, refusal};
use airalo_balance::model::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, Ipv4Addr};

/// Refuses what no route of this server takes, before any of them is asked.
pub(super) async fn admit(State(access): State<Access>, request: Request, next: Next) -> Response {
    if let Some(refusal) = refusal(&request, webhook::takes_body(&request)) {
        return refusal;
    }
    match access.check_host(request.uri(), request.headers()) {
        Ok(()) => {}
        Err(HostError::Malformed) => return ProblemDetails::from(Problem::BadRequest).into_response(),
        Err(HostError::Unknown) => return ProblemDetails::from(Problem::UnknownHost).into_response(),
    }
    if request.method() == Method::OPTIONS {
        let methods = if request.uri().path() == webhook::PATH { WEBHOOK_METHODS } else { METHODS };
        return cross_origin::respond_to_options(&access, request.headers(), methods);
    }
    next.run(request).await
}

/// Lets through who may read the balance, as often as they may.
pub(super) async fn authorize(State(access): State<Access>, request: Request, next: Next) -> Response {
    match check(&access, request.headers(), peer_address(&request)) {
        Ok(()) => next.run(request).await,
        Err(details) => details.into_response(),
    }
}

fn check(access: &Access, headers: &HeaderMap, peer: IpAddr) -> Result<(), ProblemDetails> {
    if !access.is_page_allowed(headers) {
        return Err(Problem::ForbiddenOrigin.into());
    }
    let identified = access.identify(headers, peer);
    // Browsers send these two headers across origins only where this server allows it. So a page of
    // another site can make no request that has one of them.
    let asks_on_purpose = has_widget_header(headers)
        || matches!(identified, Ok(Principal::Server))
        || identified.as_ref().is_err_and(|error| error.has_token);
    if !asks_on_purpose {
        return Err(Problem::MissingWidgetHeader.into());
    }
    let (problem, counted) = match identified {
        Ok(principal) => (None, access.count(&principal)),
        // Those who are known are not counted here, so nobody is locked out by a neighbour.
        Err(_) => (Some(Problem::Unauthorized), access.count_failure(headers, peer)),
    };
    counted.map_err(|wait| ProblemDetails { problem: Problem::TooManyRequests, retry_after: Some(wait) })?;
    problem.map_or(Ok(()), |problem| Err(problem.into()))
}

fn has_widget_header(headers: &HeaderMap) -> bool {
    headers.get("x-airalo-widget").is_some_and(|value| value == "1")
}

/// Whether the page that answers this request may have the balance embedded.
///
/// Other sites may link to a page, but see nothing of it. A frame on another site shows the balance
/// only if its page is made for that, and `frame-ancestors` then says for which sites.
pub(super) fn may_embed(access: &Access, request: &Request, may_be_framed: bool) -> bool {
    let headers = request.headers();
    let value = |name| headers.get(name).map(HeaderValue::as_bytes);
    let is_shown = match (value("sec-fetch-site"), value("sec-fetch-dest")) {
        (None | Some(b"none" | b"same-origin"), _) | (_, Some(b"document")) => true,
        (_, Some(b"iframe" | b"frame")) => may_be_framed,
        _ => false,
    };
    is_shown && access.identify(headers, peer_address(request)).is_ok()
}

/// Without the extension, which the server always adds, the address is one that nobody trusts.
pub(super) fn peer_address(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<PeerAddress>();
    peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.0.ip())
}
