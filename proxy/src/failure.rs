//! What can go wrong with Airalo, in words for the log.

use airalo_balance::model::{ParseError, Problem};
use reqwest::StatusCode;
use std::error::Error;
use std::time::Duration;

/// Why there is no balance. These words are for the operator and name what can be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the client id or the secret is refused ({0}); check AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET")]
    CredentialsRefused(StatusCode),
    #[error("the token is refused")]
    TokenRefused,
    #[error(
        "this server's address is refused (code 89); add the address it calls from to the allow-list in the partner console"
    )]
    AddressRefused,
    #[error("too many requests")]
    RateLimited { retry_after: Option<Duration> },
    #[error("two tokens were asked for within a minute, and more would use up Airalo's limit")]
    TokenBudget { wait: Duration },
    #[error("no answer in time")]
    TimedOut,
    #[error("the connection failed: {0}")]
    Connection(String),
    #[error("an answer with status {status}")]
    Status { status: StatusCode, retry_after: Option<Duration> },
    #[error("an answer of more than 64 KiB")]
    TooLong,
    #[error("an answer without a token")]
    NoToken,
    #[error("{0}")]
    ParseError(#[from] ParseError),
    #[error("the proxy made a mistake: {0}")]
    Panicked(#[from] tokio::task::JoinError),
}

impl Failure {
    /// What the caller is told.
    pub(crate) const fn problem(&self) -> Problem {
        match self {
            // A token that is refused although it was just issued is no better than a secret
            // that is refused: only somebody at Airalo or at the server can mend it.
            Self::CredentialsRefused(_) | Self::TokenRefused => Problem::CredentialsRefused,
            Self::AddressRefused => Problem::AddressRefused,
            Self::RateLimited { .. } | Self::TokenBudget { .. } => Problem::RateLimited,
            Self::TimedOut => Problem::UpstreamTimeout,
            Self::Connection(_) | Self::Status { .. } => Problem::Upstream,
            Self::TooLong | Self::NoToken | Self::ParseError(_) => Problem::InvalidResponse,
            Self::Panicked(_) => Problem::Internal,
        }
    }

    /// How long Airalo, or its limit, wants to be left alone.
    pub(crate) const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Status { retry_after, .. } => *retry_after,
            Self::TokenBudget { wait } => Some(*wait),
            _ => None,
        }
    }
}

/// The URL is left out: it says nothing that the configuration does not, and a log is no place
/// for addresses.
impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        Self::Connection(causes(&error.without_url()))
    }
}

/// An error with everything behind it, on one line.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |cause| (*cause).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
