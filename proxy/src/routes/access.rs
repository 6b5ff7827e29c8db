//! Which requests are answered, and for whom.

use super::{cross_origin, webhook};
use crate::access::{Access, HostError, Principal, Unidentified};
use crate::problem::{METHODS, ProblemDetails, WEBHOOK_METHODS};
use crate::server::{self, PeerAddress};
use airalo_balance::model::Problem;
use axum::extract::{FromRef, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, Ipv4Addr};

const X_AIRALO_WIDGET: HeaderName = HeaderName::from_static("x-airalo-widget");

/// The response to a request that the router is not asked about; `None` for all others.
pub(super) fn refusal(access: &Access, request: &Request) -> Option<Response> {
    if let Some(refusal) = server::refusal(request, webhook::takes_body(request)) {
        return Some(refusal);
    }
    match access.check_host(request.uri(), request.headers()) {
        Ok(()) => {}
        Err(HostError::Malformed) => return Some(ProblemDetails::from(Problem::BadRequest).into_response()),
        Err(HostError::Unknown) => return Some(ProblemDetails::from(Problem::UnknownHost).into_response()),
    }
    if request.method() == Method::OPTIONS {
        let methods = if request.uri().path() == webhook::PATH { WEBHOOK_METHODS } else { METHODS };
        return Some(cross_origin::respond_to_options(access, request.headers(), methods));
    }
    None
}

/// An extractor that lets through who may read the balance, as often as they may. Every handler below
/// `/api/` has it.
#[derive(Debug)]
pub(super) struct Authorized;

impl<S: Sync> FromRequestParts<S> for Authorized
where
    Access: FromRef<S>,
{
    type Rejection = ProblemDetails;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ProblemDetails> {
        let access = Access::from_ref(state);
        authorize(&access, &parts.headers, peer_address(&parts.extensions)).map(|()| Self)
    }
}

fn authorize(access: &Access, headers: &HeaderMap, peer: IpAddr) -> Result<(), ProblemDetails> {
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
        Err(Unidentified { reason, .. }) => {
            if let Some(reason) = reason {
                tracing::debug!(reason, "a widget token is refused");
            }
            (Some(Problem::Unauthorized), access.count_failure(headers, peer))
        }
    };
    counted.map_err(|wait| ProblemDetails { problem: Problem::TooManyRequests, retry_after: Some(wait) })?;
    problem.map_or(Ok(()), |problem| Err(problem.into()))
}

fn has_widget_header(headers: &HeaderMap) -> bool {
    headers.get(X_AIRALO_WIDGET).is_some_and(|value| value == "1")
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
    is_shown && access.identify(headers, peer_address(request.extensions())).is_ok()
}

/// Without the extension, which the server always adds, the address is one that nobody trusts.
pub(super) fn peer_address(extensions: &Extensions) -> IpAddr {
    let peer = extensions.get::<PeerAddress>();
    peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.0.ip())
}
