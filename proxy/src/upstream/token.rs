//! The access token: how long it is used, and how often a new one may be requested.
//!
//! [`TokenStore`] does not wait and takes the time as an argument. [`TokenProvider`] wraps it
//! with a lock, the clock and the requests.

use super::client::{PartnerClient, TokenResponse};
use super::error::UpstreamError;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// Airalo's documentation gives the lifetime as a day in one place and as a year in another. The
/// shorter one is safe.
const MAX_LIFETIME: Duration = Duration::from_hours(24);

/// Used when the response has no usable lifetime. If it is too long, the token is refused and
/// then renewed.
const DEFAULT_LIFETIME: Duration = Duration::from_hours(1);

/// A token is renewed this long before it expires, so that none expires while a request is sent.
const EXPIRY_MARGIN: Duration = Duration::from_secs(60);

/// Airalo allows three requests a minute. One of them is kept for a restart of the proxy.
const REQUESTS_PER_MINUTE: usize = 2;

const MINUTE: Duration = Duration::from_secs(60);

/// An access token. Clones are the same token, and only they are equal.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken(Arc<SecretString>);

impl AccessToken {
    pub(crate) fn secret(&self) -> &SecretString {
        &self.0
    }

    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// How long to use a token with this `expires_in`.
fn usable_lifetime(expires_in: Option<f64>) -> Duration {
    let stated = expires_in.filter(|seconds| *seconds > 0.0);
    // A number too large for `Duration` is above the maximum.
    let stated = stated.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(MAX_LIFETIME));
    let lifetime = stated.unwrap_or(DEFAULT_LIFETIME).min(MAX_LIFETIME);
    lifetime - EXPIRY_MARGIN.min(lifetime / 10)
}

/// The current token and the times of the latest token requests.
#[derive(Debug, Default)]
struct TokenStore {
    current: Option<StoredToken>,
    request_times: [Option<Instant>; REQUESTS_PER_MINUTE],
}

#[derive(Debug)]
struct StoredToken {
    token: AccessToken,
    expires_at: Instant,
}

impl TokenStore {
    /// The current token, unless it has expired.
    fn get(&self, now: Instant) -> Option<AccessToken> {
        let current = self.current.as_ref().filter(|current| now < current.expires_at);
        current.map(|current| current.token.clone())
    }

    fn store(&mut self, response: TokenResponse, now: Instant) -> AccessToken {
        let token = AccessToken(Arc::new(response.access_token));
        let expires_at = now + usable_lifetime(response.expires_in);
        self.current = Some(StoredToken { token: token.clone(), expires_at });
        token
    }

    /// Removes a refused token, unless another request has replaced it in the meantime.
    fn invalidate(&mut self, refused: &AccessToken) {
        self.current.take_if(|current| current.token.is_same(refused));
    }

    /// Counts one token request. When the limit is reached, returns the time to wait.
    fn acquire_request(&mut self, now: Instant) -> Result<(), Duration> {
        let wait = |requested_at: &Option<Instant>| {
            requested_at.map_or(Duration::ZERO, |at| MINUTE.saturating_sub(now.saturating_duration_since(at)))
        };
        match self.request_times.iter_mut().min_by_key(|slot| wait(slot)) {
            Some(slot) if wait(slot).is_zero() => {
                *slot = Some(now);
                Ok(())
            }
            slot => Err(slot.map_or(MINUTE, |slot| wait(slot))),
        }
    }
}

/// Provides the token of one account. Callers that need one during a renewal wait for that renewal.
#[derive(Debug, Default)]
pub(crate) struct TokenProvider(Mutex<TokenStore>);

impl TokenProvider {
    /// The current token, or a new one.
    pub(crate) async fn get(&self, client: &PartnerClient) -> Result<AccessToken, UpstreamError> {
        let mut store = self.0.lock().await;
        let reason = if store.current.is_some() { "expired" } else { "first" };
        Self::get_or_request(&mut store, client, reason).await
    }

    /// A token other than the refused one.
    pub(crate) async fn renew(
        &self,
        client: &PartnerClient,
        refused: &AccessToken,
    ) -> Result<AccessToken, UpstreamError> {
        let mut store = self.0.lock().await;
        store.invalidate(refused);
        Self::get_or_request(&mut store, client, "refused").await
    }

    async fn get_or_request(
        store: &mut TokenStore,
        client: &PartnerClient,
        reason: &'static str,
    ) -> Result<AccessToken, UpstreamError> {
        if let Some(token) = store.get(Instant::now()) {
            return Ok(token);
        }
        store
            .acquire_request(Instant::now())
            .map_err(|retry_after| UpstreamError::TokenLimitReached { retry_after })?;
        let response = client.request_token().await?;
        tracing::debug!("a token was issued");
        client.metrics().token_renewal(reason);
        Ok(store.store(response, Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(expires_in: Option<f64>) -> TokenResponse {
        TokenResponse { access_token: "t".into(), expires_in }
    }

    #[test]
    fn a_token_is_used_for_its_lifetime_less_a_margin_and_never_longer_than_a_day() {
        let day = 86_400;
        for (expires_in, seconds) in [
            (Some(31_622_400.0), day - 60),
            (Some(86_400.0), day - 60),
            (Some(3600.0), 3540),
            (Some(100.0), 90),
            (Some(f64::MAX), day - 60),
            (Some(f64::INFINITY), day - 60),
            (None, 3540),
            (Some(0.0), 3540),
            (Some(-1.0), 3540),
            (Some(f64::NAN), 3540),
        ] {
            assert_eq!(usable_lifetime(expires_in), Duration::from_secs(seconds), "{expires_in:?}");
        }
    }

    #[test]
    fn a_token_is_used_until_its_lifetime_is_over() {
        let (mut store, start) = (TokenStore::default(), Instant::now());
        let token = store.store(response(Some(100.0)), start);
        assert!(store.get(start + Duration::from_secs(89)).unwrap().is_same(&token));
        assert!(store.get(start + Duration::from_secs(90)).is_none());
    }

    #[test]
    fn a_late_refusal_does_not_remove_the_newer_token() {
        let (mut store, now) = (TokenStore::default(), Instant::now());
        let old = store.store(response(None), now);
        store.invalidate(&old);
        assert!(store.get(now).is_none());

        let new = store.store(response(None), now);
        store.invalidate(&old);
        assert!(store.get(now).unwrap().is_same(&new));
    }

    #[test]
    fn no_more_than_two_tokens_are_requested_within_a_minute() {
        let (mut store, start) = (TokenStore::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(store.acquire_request(at(0)), Ok(()));
        assert_eq!(store.acquire_request(at(20)), Ok(()));
        assert_eq!(store.acquire_request(at(30)), Err(Duration::from_secs(30)));
        assert_eq!(store.acquire_request(at(60)), Ok(()));
        assert_eq!(store.acquire_request(at(60)), Err(Duration::from_secs(20)));
    }

    #[test]
    fn an_access_token_cannot_be_printed() {
        let token = AccessToken(Arc::new("t0ken".into()));
        assert!(!format!("{token:?}").contains("t0ken"));
    }
}
