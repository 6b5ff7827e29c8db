//! The headers of every response, also of errors and of files.

use super::cross_origin;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// Allows what the card needs: files and requests of its own origin, and WebAssembly.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
     frame-ancestors 'none'";

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// `Strict-Transport-Security` is not among them: it is for whoever ends TLS, who alone knows whether
/// the whole host is reached by https.
const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// An extension of a response that pages of these origins may frame.
#[derive(Clone, Debug)]
pub(super) struct FrameAncestors(pub(super) String);

/// An extension of a response that any page may load: a file of the card.
#[derive(Clone, Copy, Debug)]
pub(super) struct ForEveryPage;

/// Adds them. `origin` is that of a page which may read the response.
pub(super) fn add(response: &mut Response, origin: Option<HeaderValue>) {
    let frame_ancestors = response.extensions_mut().remove::<FrameAncestors>();
    let is_for_every_page = response.extensions_mut().remove::<ForEveryPage>().is_some();

    let headers = response.headers_mut();
    headers.extend(ALWAYS);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    match frame_ancestors.as_ref().and_then(policy_with) {
        Some(policy) => drop(headers.insert(header::CONTENT_SECURITY_POLICY, policy)),
        None => drop(headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"))),
    }
    // Requests of allowed origins are made with CORS, which this header does not concern.
    let policy = if is_for_every_page { "cross-origin" } else { "same-origin" };
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static(policy));
    cross_origin::share(headers, origin);
}

/// Origins are of ASCII, so this does not fail; if it did, nobody could frame the page.
fn policy_with(FrameAncestors(origins): &FrameAncestors) -> Option<HeaderValue> {
    let without = CONTENT_SECURITY_POLICY.trim_end_matches("'none'");
    HeaderValue::try_from(format!("{without}{origins}")).ok()
}
