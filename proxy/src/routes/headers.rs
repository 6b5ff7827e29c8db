//! The headers of every response, also of errors and of files.

use super::assets::CardFile;
use super::cross_origin;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;

/// Allows what the card needs: files and requests of its own origin, and WebAssembly.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
     frame-ancestors 'none'";

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// `Strict-Transport-Security` is not among them: it is for whoever ends TLS, who alone knows whether
/// the whole host is reached by https.
const COMMON: [(HeaderName, HeaderValue); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
    // Requests of allowed origins are made with CORS, which this header does not concern.
    (CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// An extension of a response that pages of these origins may frame.
#[derive(Clone, Debug)]
pub(super) struct FrameAncestors(pub(super) String);

/// How many headers a response has at most, unless it is a rare one. Room for all of them at once
/// is cheaper than room that grows.
pub(super) const USUAL_COUNT: usize = 20;

/// The headers that every response has. A response that is made often starts with a copy of them,
/// which is cheaper than adding each.
pub(super) fn common() -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(USUAL_COUNT);
    headers.extend(COMMON);
    headers
}

/// Adds them, if the response has not started with them, and those that depend on the request.
/// `origin` is that of a page which may read the response.
pub(super) fn complete(response: &mut Response, origin: Option<HeaderValue>) {
    let frame_ancestors = response.extensions_mut().remove::<FrameAncestors>();
    // Pages of other origins may load the files of the card, because they embed it.
    let is_for_every_page = response.extensions().get::<CardFile>().is_some();

    let headers = response.headers_mut();
    if !headers.contains_key(header::X_CONTENT_TYPE_OPTIONS) {
        headers.extend(COMMON);
    }
    if let Some(policy) = frame_ancestors.as_ref().and_then(policy_with) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        headers.remove(header::X_FRAME_OPTIONS);
    }
    if is_for_every_page {
        headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    }
    cross_origin::share(headers, origin, is_for_every_page);
}

/// Origins are of ASCII, so this does not fail; if it did, nobody could frame the page.
fn policy_with(FrameAncestors(origins): &FrameAncestors) -> Option<HeaderValue> {
    let without = CONTENT_SECURITY_POLICY.trim_end_matches("'none'");
    HeaderValue::try_from(format!("{without}{origins}")).ok()
}
