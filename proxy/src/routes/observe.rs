//! The access log, the id of each request, and the metrics of the public listener.

use super::ROUTES;
use super::assets::CardFile;
use crate::metrics::Metrics;
use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::Response;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tracing::Span;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// As long as a UUID with its dashes, and some room for other schemes.
const MAX_ID_LENGTH: usize = 64;

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Observation {
    start: Instant,
    id: HeaderValue,
    method: &'static str,
    route: Option<&'static str>,
    /// Puts the id into every line that is logged for the request.
    pub(super) span: Span,
}

impl Observation {
    pub(super) fn begin(request: &Request) -> Self {
        let start = Instant::now();
        let id = request.headers().get(REQUEST_ID).filter(|id| is_plain(id)).cloned().unwrap_or_else(new_id);
        // At the highest level, because no filter may take the id from a line.
        let span = tracing::error_span!("request", id = %id.to_str().unwrap_or_default());
        let method = known_method(request.method());
        let route = ROUTES.into_iter().find(|route| *route == request.uri().path());
        Self { start, id, method, route, span }
    }

    /// Logs and counts the response, and puts the id into it.
    pub(super) fn end(self, response: &mut Response, metrics: &Metrics) {
        let duration = self.start.elapsed();
        // The path of a request is in no line and no label: it may be anything.
        let route = match self.route {
            Some(route) => route,
            None if response.extensions().get::<CardFile>().is_some() => "file",
            None => "other",
        };
        let status = response.status().as_u16();
        metrics.http_request(route, status, duration);
        let duration_ms = duration.as_micros() as f64 / 1000.0;
        let bytes = response.body().size_hint().exact();
        tracing::info!(
            target: "airalo_balance_proxy::access", parent: &self.span,
            method = self.method, route, status, duration_ms, bytes, "answered"
        );
        response.headers_mut().insert(REQUEST_ID, self.id);
    }
}

/// A client may send any word as a method.
fn known_method(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "CONNECT", "TRACE"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// Whether an id of a client may go into the log: it is short, and forges no line.
fn is_plain(id: &HeaderValue) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte);
    (1..=MAX_ID_LENGTH).contains(&id.len()) && id.as_bytes().iter().all(is_plain)
}

/// Counted from a random number, so that two processes have no id in common. It names a request, and
/// protects nothing.
fn new_id() -> HeaderValue {
    static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| RandomState::new().hash_one(0).into());
    HeaderValue::from(NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_long_or_not_plain_are_not_taken_over() {
        let accepts = |id: &[u8]| is_plain(&HeaderValue::from_bytes(id).unwrap());
        assert!(accepts(b"0b8c2b6e-5b7c-4d0e-9d55-2b1f5e1c8d11"));
        assert!(accepts(b"Root=1-67891233-abcdef012345678912345678"));
        for id in
            [&b""[..], b"a b", b"a\tb", b"\xff", b"\x1b[31m".get(1..).unwrap(), b"a,b", b"\"", &[b'a'; 65]]
        {
            assert!(!accepts(id), "{id:?}");
        }
    }

    #[test]
    fn no_two_requests_get_the_same_id() {
        assert_ne!(new_id(), new_id());
    }
}
