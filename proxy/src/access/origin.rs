//! The page that sends a request: its origin, and whether it is of this site.

use super::single;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use reqwest::Url;

/// Where browsers say how the page that sends a request is related to this server.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// An origin as browsers write it: `https://panel.example.com`, without the port of the scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin(String);

impl Origin {
    /// Neither `null` nor `*` nor anything after the port is an exact origin.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let is_exact = !rest.is_empty() && !rest.contains(['/', '\\', '?', '#', '@', '*', '%']);
        let is_http = ["http", "https"].iter().any(|name| scheme.eq_ignore_ascii_case(name));
        let url = (is_exact && is_http).then(|| Url::parse(text).ok())??;
        Some(Self(url.origin().ascii_serialization()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Compares whole values: browsers write each origin in one way.
pub(super) fn allowed<'a>(origins: &[Origin], headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
    let value = single(headers, &header::ORIGIN).ok()??;
    origins.iter().any(|origin| origin.as_str().as_bytes() == value.as_bytes()).then_some(value)
}

/// Whether no page of another origin can have sent the request, as far as its headers tell.
///
/// Browsers send `Sec-Fetch-Site` over https and to loopback addresses, and `Origin` with each request
/// across origins whose answer a page can read.
pub(super) fn is_same_origin(headers: &HeaderMap) -> bool {
    let (Ok(site), Ok(origin)) = (single(headers, &SEC_FETCH_SITE), single(headers, &header::ORIGIN)) else {
        return false;
    };
    match (site.map(HeaderValue::as_bytes), origin) {
        (Some(b"same-origin"), _) => true,
        // An address that somebody typed has no page.
        (Some(b"none") | None, None) => true,
        (Some(b"none") | None, Some(origin)) => has_host_of_request(origin, headers),
        (Some(_), _) => false,
    }
}

/// Whether an old browser says that the page is of the host that it asks. The scheme is not known
/// here, because TLS ends before this server.
fn has_host_of_request(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let Ok(Some(host)) = single(headers, &header::HOST) else { return false };
    ["http://", "https://"].iter().any(|scheme| {
        let authority = origin.as_bytes().strip_prefix(scheme.as_bytes());
        authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host.as_bytes()))
    })
}
