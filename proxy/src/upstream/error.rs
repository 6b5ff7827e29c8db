//! What can go wrong with the partner API, worded for the log.

use crate::balances::Failure;
use airalo_balance::model::{ParseError, Problem};
use reqwest::StatusCode;
use std::error::Error;
use std::time::Duration;

/// Why a request to Airalo failed. The messages are for the operator and say what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpstreamError {
    #[error("the client id or the secret is refused ({0}); check AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET")]
    CredentialsRefused(StatusCode),
    #[error("the token is refused")]
    TokenRefused,
    #[error(
        "this server's IP address is refused (code 89); add the address of its outgoing requests to the allow-list in the partner console"
    )]
    AddressRefused,
    #[error("too many requests")]
    RateLimited { retry_after: Option<Duration> },
    #[error("no response in time")]
    Timeout,
    #[error("the connection failed: {0}")]
    Connection(String),
    #[error("a response with status {status}")]
    Status { status: StatusCode, retry_after: Option<Duration> },
    #[error("a response of more than 64 KiB")]
    BodyTooLarge,
    #[error("a response without a token")]
    MissingToken,
    #[error("{0}")]
    Parse(#[from] ParseError),
    #[error("an answer that cannot be read")]
    Unreadable,
    /// Only what an operator has typed is refused for such a reason, and they are told.
    #[error("Airalo refuses it ({status}): {reason}")]
    Refused { status: StatusCode, reason: String },
    #[error("the proxy has a bug: {0}")]
    Panic(#[from] tokio::task::JoinError),
}

/// The shortest delay after a failed token request: Airalo allows three of them a minute.
const TOKEN_DELAY: Duration = Duration::from_secs(30);

/// What the proxy asks the partner API for by itself. Notices are asked for by the subcommands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Token,
    Balance,
}

impl Endpoint {
    /// For the log.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Token => "a token",
            Self::Balance => "the balance",
        }
    }
}

impl UpstreamError {
    /// What matters for what comes next.
    pub(crate) const fn failure(&self, endpoint: Endpoint) -> Failure {
        let min_delay = match endpoint {
            Endpoint::Token => TOKEN_DELAY,
            Endpoint::Balance => Duration::ZERO,
        };
        Failure { problem: self.problem(), retry_after: self.retry_after(), min_delay }
    }

    /// The problem that is reported to the client.
    const fn problem(&self) -> Problem {
        match self {
            Self::CredentialsRefused(_) | Self::TokenRefused => Problem::CredentialsRefused,
            Self::AddressRefused => Problem::AddressRefused,
            Self::RateLimited { .. } => Problem::RateLimited,
            Self::Timeout => Problem::UpstreamTimeout,
            Self::Connection(_) | Self::Status { .. } | Self::Refused { .. } => Problem::Upstream,
            Self::BodyTooLarge | Self::MissingToken | Self::Parse(_) | Self::Unreadable => {
                Problem::InvalidResponse
            }
            Self::Panic(_) => Problem::Internal,
        }
    }

    /// The value of a label.
    pub(crate) const fn outcome(&self) -> &'static str {
        match self {
            Self::TokenRefused => "token-refused",
            Self::Connection(_) => "connection",
            _ => self.problem().as_str(),
        }
    }

    /// How long to wait, where Airalo or its limit asks for it.
    const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// The URL is left out, so that no address of the partner is in the log.
impl From<reqwest::Error> for UpstreamError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        Self::Connection(error_chain(&error.without_url()))
    }
}

/// The messages of an error and of all its sources, on one line.
pub(crate) fn error_chain(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| (*error).source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
