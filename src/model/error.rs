//! Why a request failed, and what somebody can do about it.

use super::json::Json;
use super::schedule::Millis;
use serde::Serialize;

/// What the page is told: `detail.code` of the error event. A closed set, part of the public surface.
/// What the proxy tells the card is a [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The element has no usable `proxy-url`, or nothing answers at that path.
    Config,
    /// The browser reports that it has no network.
    Offline,
    /// The server could not be reached.
    Network,
    /// The server did not answer in time.
    Timeout,
    /// The server wants the reader to be signed in.
    Unauthorized,
    /// The server refuses access.
    Forbidden,
    /// Too many requests.
    RateLimited,
    /// The server, or Airalo behind it, failed.
    Upstream,
    /// The server answered, but not with a balance.
    InvalidResponse,
    /// The card itself cannot run here.
    Unsupported,
}

impl ErrorCode {
    /// Every code.
    pub(super) const ALL: [Self; 10] = [
        Self::Config,
        Self::Offline,
        Self::Network,
        Self::Timeout,
        Self::Unauthorized,
        Self::Forbidden,
        Self::RateLimited,
        Self::Upstream,
        Self::InvalidResponse,
        Self::Unsupported,
    ];

    /// The code of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }

    /// The name in the error event.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Offline => "offline",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::RateLimited => "rate-limited",
            Self::Upstream => "upstream",
            Self::InvalidResponse => "invalid-response",
            Self::Unsupported => "unsupported",
        }
    }
}

/// `code` in the `application/problem+json` of the reference proxy.
///
/// It says more than an HTTP status can. The proxy writes it from this enum and the card reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// A request came without `X-Airalo-Widget: 1`.
    MissingWidgetHeader,
    /// Airalo refuses the client id or the secret.
    CredentialsRefused,
    /// Airalo refuses the address of the server (its code 89).
    AddressRefused,
    /// The rate limit of Airalo is used up.
    RateLimited,
    /// The reader has used up what the proxy allows.
    TooManyRequests,
    /// The proxy does not know who asks: there are no credentials, or they are not valid.
    Unauthorized,
    /// A page of another site asks.
    ForbiddenOrigin,
    /// The request is for a name that the proxy does not serve.
    UnknownHost,
    /// The request names no host or several, or its headers contradict each other.
    BadRequest,
    /// The query of the request asks for what there is not, such as no days.
    InvalidQuery,
    /// The request has a body, which none needs.
    BodyTooLarge,
    /// The path with its query is too long.
    UriTooLong,
    /// Airalo did not answer in time.
    UpstreamTimeout,
    /// Airalo could not be reached, or answered with an error.
    Upstream,
    /// Airalo's response could not be parsed.
    InvalidResponse,
    /// Nothing is at this path.
    NotFound,
    /// The path does not take this method.
    MethodNotAllowed,
    /// A defect of the proxy.
    Internal,
}

impl Problem {
    /// Every problem.
    pub const ALL: [Self; 18] = [
        Self::MissingWidgetHeader,
        Self::CredentialsRefused,
        Self::AddressRefused,
        Self::RateLimited,
        Self::TooManyRequests,
        Self::Unauthorized,
        Self::ForbiddenOrigin,
        Self::UnknownHost,
        Self::BadRequest,
        Self::InvalidQuery,
        Self::BodyTooLarge,
        Self::UriTooLong,
        Self::UpstreamTimeout,
        Self::Upstream,
        Self::InvalidResponse,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Internal,
    ];

    /// The value of `code`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingWidgetHeader => "missing-widget-header",
            Self::CredentialsRefused => "credentials-refused",
            Self::AddressRefused => "address-refused",
            Self::RateLimited => "rate-limited",
            Self::TooManyRequests => "too-many-requests",
            Self::Unauthorized => "unauthorized",
            Self::ForbiddenOrigin => "forbidden-origin",
            Self::UnknownHost => "unknown-host",
            Self::BadRequest => "bad-request",
            Self::InvalidQuery => "invalid-query",
            Self::BodyTooLarge => "body-too-large",
            Self::UriTooLong => "uri-too-long",
            Self::UpstreamTimeout => "upstream-timeout",
            Self::Upstream => "upstream",
            Self::InvalidResponse => "invalid-response",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Internal => "internal",
        }
    }

    /// The problem of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|problem| problem.as_str() == name)
    }

    /// What a page is told of it.
    #[must_use]
    pub const fn error_code(self) -> ErrorCode {
        match self {
            Self::CredentialsRefused | Self::Upstream | Self::Internal => ErrorCode::Upstream,
            Self::AddressRefused | Self::MissingWidgetHeader | Self::ForbiddenOrigin | Self::UnknownHost => {
                ErrorCode::Forbidden
            }
            Self::Unauthorized => ErrorCode::Unauthorized,
            Self::UpstreamTimeout => ErrorCode::Timeout,
            Self::InvalidResponse => ErrorCode::InvalidResponse,
            Self::RateLimited | Self::TooManyRequests => ErrorCode::RateLimited,
            Self::NotFound
            | Self::MethodNotAllowed
            | Self::BadRequest
            | Self::InvalidQuery
            | Self::BodyTooLarge
            | Self::UriTooLong => ErrorCode::Config,
        }
    }

    /// Finds the problem in the body of an error response.
    ///
    /// A server may also pass the partner's errors through: their code 89, at the top level or
    /// inside `data`, is a refused address.
    #[must_use]
    pub fn read(body: &str) -> Option<Self> {
        let root = Json::parse(body).ok()?;
        let code = root.get("code").or_else(|| root.get("data").and_then(|data| data.get("code")))?;
        match code {
            Json::Text(name) => Self::named(name),
            Json::Number("89") => Some(Self::AddressRefused),
            _ => None,
        }
    }
}

/// Why one request failed, or why none could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError {
    /// The public code.
    pub code: ErrorCode,
    /// What the reference proxy says, which is more exact.
    pub problem: Option<Problem>,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// How long the server wants to be left alone, in milliseconds.
    pub retry_after: Option<Millis>,
}

impl From<ErrorCode> for FetchError {
    fn from(code: ErrorCode) -> Self {
        Self { code, problem: None, status: None, retry_after: None }
    }
}

impl From<Problem> for FetchError {
    fn from(problem: Problem) -> Self {
        Self { problem: Some(problem), ..problem.error_code().into() }
    }
}

impl FetchError {
    /// The error that a response with this status and body means.
    #[must_use]
    pub fn from_status(status: u16, body: &str, retry_after: Option<Millis>) -> Self {
        let problem = Problem::read(body);
        let code = problem.map_or_else(
            || match status {
                // 419 and 440 are what Laravel and IIS answer when a session has expired.
                401 | 419 | 440 => ErrorCode::Unauthorized,
                403 | 451 => ErrorCode::Forbidden,
                404 | 405 | 410 => ErrorCode::Config,
                408 | 504 => ErrorCode::Timeout,
                429 => ErrorCode::RateLimited,
                _ => ErrorCode::Upstream,
            },
            Problem::error_code,
        );
        Self { code, problem, status: Some(status), retry_after }
    }

    /// Whether the same request may succeed later although nobody changes anything.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match (self.code, self.problem) {
            // Somebody has to act on the server, or in the Airalo console.
            (_, Some(Problem::CredentialsRefused | Problem::AddressRefused)) => false,
            (ErrorCode::Unauthorized | ErrorCode::Forbidden | ErrorCode::InvalidResponse, _) => false,
            // Somebody has to change the page.
            (ErrorCode::Config | ErrorCode::Unsupported, _) => false,
            (
                ErrorCode::Offline
                | ErrorCode::Network
                | ErrorCode::Timeout
                | ErrorCode::RateLimited
                | ErrorCode::Upstream,
                _,
            ) => true,
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_read_by_the_name_it_is_written_with() {
        for problem in Problem::ALL {
            assert_eq!(serde_json::to_value(problem).unwrap(), problem.as_str());
            let body = format!(r#"{{"type":"about:blank","code":"{}"}}"#, problem.as_str());
            assert_eq!(Problem::read(&body), Some(problem));
        }
    }

    #[test]
    fn the_partners_own_refusal_of_an_address_is_understood() {
        for body in [r#"{"code":89,"reason":"x"}"#, r#"{"data":{"code":89}}"#] {
            let error = FetchError::from_status(403, body, None);
            assert_eq!((error.code, error.problem), (ErrorCode::Forbidden, Some(Problem::AddressRefused)));
        }
    }

    #[test]
    fn a_status_without_a_body_is_enough() {
        let codes: Vec<_> = [400, 401, 419, 440, 403, 404, 408, 422, 429, 500, 502, 503, 504, 301]
            .map(|status| FetchError::from_status(status, "<html>", None).code.as_str())
            .into();
        assert_eq!(
            codes,
            [
                "upstream",
                "unauthorized",
                "unauthorized",
                "unauthorized",
                "forbidden",
                "config",
                "timeout",
                "upstream",
                "rate-limited",
                "upstream",
                "upstream",
                "upstream",
                "timeout",
                "upstream"
            ]
        );
    }

    #[test]
    fn what_the_proxy_refuses_is_one_of_the_public_codes() {
        for (problem, code) in [
            (Problem::Unauthorized, ErrorCode::Unauthorized),
            (Problem::ForbiddenOrigin, ErrorCode::Forbidden),
            (Problem::UnknownHost, ErrorCode::Forbidden),
            (Problem::MissingWidgetHeader, ErrorCode::Forbidden),
            (Problem::TooManyRequests, ErrorCode::RateLimited),
            (Problem::BadRequest, ErrorCode::Config),
            (Problem::BodyTooLarge, ErrorCode::Config),
        ] {
            let body = format!(r#"{{"code":"{}"}}"#, problem.as_str());
            let error = FetchError::from_status(500, &body, None);
            assert_eq!((error.code, error.problem), (code, Some(problem)));
        }
    }

    #[test]
    fn nobody_is_told_to_try_again_where_trying_cannot_help() {
        let refused = FetchError::from_status(502, r#"{"code":"credentials-refused"}"#, None);
        assert!(!refused.is_retryable());
        assert!(!FetchError::from(ErrorCode::Config).is_retryable());
        assert!(FetchError::from(ErrorCode::Network).is_retryable());
    }
}
