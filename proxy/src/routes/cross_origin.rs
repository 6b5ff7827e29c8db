//! Pages of other origins (CORS). Only exact origins are allowed, so they may send credentials. The
//! files of the card hold no data, so every page may load them, without credentials.

use crate::access::Access;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

const CROSS_ORIGIN_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD");

/// What the card sends, and what a page may add in `headers`: its token, or the header by which its
/// framework tells its own pages from others.
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "accept, authorization, content-type, if-none-match, x-airalo-widget, x-csrf-token, x-requested-with, \
     x-xsrf-token",
);

/// What a page can read besides the headers that are always readable. The card counts the age of the
/// balance from `Date`.
const RESPONSE_HEADERS: HeaderValue = HeaderValue::from_static("Date, ETag, Retry-After");

/// For how many seconds a browser need not ask again.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

const EVERY_PAGE: HeaderValue = HeaderValue::from_static("*");

const YES: HeaderValue = HeaderValue::from_static("true");

/// Answers a preflight, which carries no credentials, and any other `OPTIONS`: with the methods of the
/// address.
pub(super) fn respond_to_options(access: &Access, headers: &HeaderMap, methods: HeaderValue) -> Response {
    let is_preflight =
        headers.contains_key(header::ORIGIN) && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if !is_preflight {
        return (StatusCode::NO_CONTENT, [(header::ALLOW, methods)]).into_response();
    }
    if access.allowed_origin(headers).is_none() {
        return ProblemDetails::from(Problem::ForbiddenOrigin).into_response();
    }
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, CROSS_ORIGIN_METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Adds the headers by which a browser lets a page of this origin read the response, or any page.
///
/// `Vary` is on every response: a cache may not give one that was made for one origin, or for none,
/// to a page of another.
pub(super) fn share(response: &mut HeaderMap, origin: Option<HeaderValue>, is_for_every_page: bool) {
    vary_by_origin(response);
    let Some(origin) = origin else {
        if is_for_every_page {
            response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERY_PAGE);
        }
        return;
    };
    response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, YES);
    response.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
}

/// Adds to the names that are there, in one line.
fn vary_by_origin(response: &mut HeaderMap) {
    if !response.contains_key(header::VARY) {
        response.insert(header::VARY, HeaderValue::from_static("Origin"));
        return;
    }
    // What the files have; the general case below has to write a text.
    if response.get_all(header::VARY).iter().eq(["accept-encoding"]) {
        response.insert(header::VARY, HeaderValue::from_static("accept-encoding, Origin"));
        return;
    }
    let names = response.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok());
    let names = names.chain(["Origin"]).collect::<Vec<_>>().join(", ");
    if let Ok(value) = HeaderValue::try_from(names) {
        response.insert(header::VARY, value);
    }
}
