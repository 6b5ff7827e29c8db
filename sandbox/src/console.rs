//! The page from which people change the state. Its policy allows only its own two files.

use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse, Response};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-cache"),
];

pub(crate) async fn page() -> Response {
    (HEADERS, Html(include_str!("../console/index.html"))).into_response()
}

pub(crate) async fn stylesheet() -> Response {
    let content_type = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (HEADERS, content_type, include_str!("../console/console.css")).into_response()
}

pub(crate) async fn script() -> Response {
    let content_type = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (HEADERS, content_type, include_str!("../console/console.js")).into_response()
}
