//! The balances of one account, fetched with a token that is renewed at most once per fetch.

use super::client::PartnerClient;
use super::error::UpstreamError;
use super::token::{AccessToken, TokenProvider};
use airalo_balance::model::Balance;
use std::time::Duration;

/// The shortest backoff after a failed token request: Airalo allows three of them a minute.
const TOKEN_BACKOFF: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Account {
    client: PartnerClient,
    tokens: TokenProvider,
    /// The time limit for all requests that one fetch needs.
    timeout: Duration,
}

/// Why a fetch failed, and at which endpoint.
#[derive(Debug, thiserror::Error)]
#[error("failed to get {}: {error}", endpoint.name())]
pub(crate) struct FetchError {
    endpoint: Endpoint,
    pub(crate) error: UpstreamError,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    Token,
    Balance,
}

impl Endpoint {
    const fn name(self) -> &'static str {
        match self {
            Self::Token => "a token",
            Self::Balance => "the balance",
        }
    }
}

impl FetchError {
    fn at(endpoint: Endpoint) -> impl FnOnce(UpstreamError) -> Self {
        move |error| Self { endpoint, error }
    }

    /// The shortest backoff that keeps within the limit of the endpoint.
    pub(crate) fn min_backoff(&self) -> Duration {
        match self.endpoint {
            Endpoint::Token => TOKEN_BACKOFF,
            Endpoint::Balance => Duration::ZERO,
        }
    }
}

/// A fetch runs in a task of its own, which may panic.
impl From<tokio::task::JoinError> for FetchError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self { endpoint: Endpoint::Balance, error: error.into() }
    }
}

impl Account {
    pub(crate) fn new(client: PartnerClient, timeout: Duration) -> Self {
        Self { client, tokens: TokenProvider::default(), timeout }
    }

    /// Requests the balances from Airalo.
    pub(crate) async fn fetch_balances(&self) -> Result<Vec<Balance>, FetchError> {
        tokio::time::timeout(self.timeout, self.fetch_and_renew_token())
            .await
            .unwrap_or(Err(FetchError { endpoint: Endpoint::Balance, error: UpstreamError::Timeout }))
    }

    /// When the token is refused, renews it and repeats the request once.
    ///
    /// No other error is retried here: a refused IP address says nothing about the token, and
    /// everything else waits for the backoff of the cache.
    async fn fetch_and_renew_token(&self) -> Result<Vec<Balance>, FetchError> {
        let token = self.tokens.get(&self.client).await.map_err(FetchError::at(Endpoint::Token))?;
        match self.fetch_with(&token).await {
            Err(FetchError { error: UpstreamError::TokenRefused, .. }) => {
                tracing::debug!("the token is refused and will be renewed");
                let renewed = self.tokens.renew(&self.client, &token).await;
                self.fetch_with(&renewed.map_err(FetchError::at(Endpoint::Token))?).await
            }
            result => result,
        }
    }

    async fn fetch_with(&self, token: &AccessToken) -> Result<Vec<Balance>, FetchError> {
        self.client.request_balances(token.secret()).await.map_err(FetchError::at(Endpoint::Balance))
    }
}
