//! Error responses: problem details (RFC 9457) with a fixed text for each kind of problem.

use airalo_balance::model::Problem;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::time::Duration;

/// What can be done with any address of this server but one.
pub(crate) const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// What can be done with the address of Airalo's webhooks.
pub(crate) const WEBHOOK_METHODS: HeaderValue = HeaderValue::from_static("HEAD, OPTIONS, POST");

/// What a client is told about a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProblemDetails {
    pub(crate) problem: Problem,
    /// The time until another request may succeed, where waiting helps.
    pub(crate) retry_after: Option<Duration>,
}

impl From<Problem> for ProblemDetails {
    fn from(problem: Problem) -> Self {
        Self { problem, retry_after: None }
    }
}

/// The JSON of the response. `code` is an extension of RFC 9457.
#[derive(Serialize)]
struct Body {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'static str,
    code: &'static str,
}

impl IntoResponse for ProblemDetails {
    fn into_response(self) -> Response {
        let status = status(self.problem);
        let (title, detail) = texts(self.problem);
        let code = self.problem.as_str();
        let body = Body { r#type: "about:blank", title, status: status.as_u16(), detail, code };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json")),
            (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        ];
        let mut response = (status, headers, axum::Json(body)).into_response();
        let required = match self.problem {
            // `Basic` would make browsers ask for a password.
            Problem::Unauthorized => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Problem::MethodNotAllowed => Some((header::ALLOW, METHODS)),
            _ => None,
        };
        response.headers_mut().extend(required);
        if let Some(delay) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(whole_seconds(delay)));
        }
        response
    }
}

/// Rounds up, so that a client that waits this long does not come too early.
const fn whole_seconds(delay: Duration) -> u64 {
    let fraction = if delay.subsec_nanos() > 0 { 1 } else { 0 };
    delay.as_secs().saturating_add(fraction)
}

const fn status(problem: Problem) -> StatusCode {
    match problem {
        Problem::MissingWidgetHeader | Problem::ForbiddenOrigin => StatusCode::FORBIDDEN,
        Problem::Unauthorized => StatusCode::UNAUTHORIZED,
        Problem::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        Problem::UnknownHost => StatusCode::MISDIRECTED_REQUEST,
        Problem::BadRequest | Problem::InvalidQuery => StatusCode::BAD_REQUEST,
        Problem::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Problem::UriTooLong => StatusCode::URI_TOO_LONG,
        Problem::CredentialsRefused
        | Problem::AddressRefused
        | Problem::Upstream
        | Problem::InvalidResponse => StatusCode::BAD_GATEWAY,
        Problem::RateLimited => StatusCode::SERVICE_UNAVAILABLE,
        Problem::UpstreamTimeout => StatusCode::GATEWAY_TIMEOUT,
        Problem::NotFound => StatusCode::NOT_FOUND,
        Problem::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Problem::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The title and the detail, which says what to do. No text of Airalo is repeated here.
const fn texts(problem: Problem) -> (&'static str, &'static str) {
    match problem {
        Problem::MissingWidgetHeader => {
            ("Header missing", "Send the header X-Airalo-Widget: 1 with every request.")
        }
        Problem::Unauthorized => (
            "Not signed in",
            "This server does not know who asks, or the token is not valid or has expired. Sign in, or get a new token.",
        ),
        Problem::ForbiddenOrigin => (
            "Origin not allowed",
            "Pages of that origin may not ask. The operator of this server can add it to ALLOWED_ORIGINS.",
        ),
        Problem::UnknownHost => (
            "Unknown host",
            "This server is not meant to be reached by that name. Its operator can add it to ALLOWED_HOSTS.",
        ),
        Problem::BadRequest => {
            ("Bad request", "The request must have exactly one Host header, with a name and at most a port.")
        }
        Problem::InvalidQuery => (
            "Invalid query",
            "Ask for days=1 to days=400, and for format=json or format=csv, or leave them out.",
        ),
        Problem::BodyTooLarge => {
            ("Body too large", "Requests need no body, and a webhook needs a short one.")
        }
        Problem::TooManyRequests => {
            ("Too many requests", "You have asked this server too often. Try again later.")
        }
        Problem::UriTooLong => ("Address too long", "The path and the query are longer than 8 KiB."),
        Problem::CredentialsRefused => (
            "Credentials refused",
            "Airalo refuses the credentials of this server. Its operator has to check them.",
        ),
        Problem::AddressRefused => (
            "Address refused",
            "Airalo refuses the network address of this server. Its operator has to add it to the allow-list.",
        ),
        Problem::RateLimited => ("Too many requests", "Airalo wants this server to wait. Try again later."),
        Problem::UpstreamTimeout => ("No answer in time", "Airalo did not answer in time. Try again later."),
        Problem::Upstream => {
            ("No answer", "Airalo could not be reached, or has a trouble of its own. Try again later.")
        }
        Problem::InvalidResponse => {
            ("Unreadable answer", "Airalo answered with something that is not a balance.")
        }
        Problem::NotFound => ("Not found", "There is nothing at this address."),
        Problem::MethodNotAllowed => (
            "Method not allowed",
            "Nothing can be done with this address by that method. The header Allow has those that there are.",
        ),
        Problem::Internal => ("Defect", "This server made a mistake. Its log says more."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    async fn body(problem: Problem) -> String {
        let response = ProblemDetails::from(problem).into_response();
        let bytes = axum::body::to_bytes(response.into_body(), 4096).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn every_problem_is_the_file_in_contract() {
        for problem in Problem::ALL {
            let name = format!("problem-{}.json", problem.as_str());
            let path = format!("{}/../contract/{name}", env!("CARGO_MANIFEST_DIR"));
            let file = fs::read_to_string(path).unwrap_or_default();
            assert_eq!(format!("{}\n", body(problem).await), file, "{name}");
        }
    }

    #[tokio::test]
    async fn every_problem_is_parsed_back_as_itself() {
        for problem in Problem::ALL {
            assert_eq!(Problem::read(&body(problem).await), Some(problem));
        }
    }

    #[test]
    fn a_retry_after_is_rounded_up_to_whole_seconds() {
        assert_eq!(whole_seconds(Duration::from_millis(1)), 1);
        assert_eq!(whole_seconds(Duration::from_secs(7)), 7);
        assert_eq!(whole_seconds(Duration::MAX), u64::MAX);
    }
}
