//! The access token: how long it is used, and how often a new one may be requested.

use super::TokenReason;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Airalo's documentation gives the lifetime as a day in one place and as a year in another. The
/// shorter one is safe.
const MAX_LIFETIME: Duration = Duration::from_hours(24);

/// Used when the response has no usable lifetime. If it is too long, the token is refused and
/// then renewed.
const DEFAULT_LIFETIME: Duration = Duration::from_hours(1);

/// A token is renewed this long before it expires, so that none expires while a request is sent.
const EXPIRY_MARGIN: Duration = Duration::from_secs(60);

/// Airalo allows three requests a minute. One of them is kept for a restart of the proxy.
pub(crate) const REQUESTS_PER_MINUTE: usize = 2;

pub(crate) const MINUTE: Duration = Duration::from_secs(60);

/// An access token. It cannot be printed.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken(Arc<SecretString>);

impl AccessToken {
    pub(crate) fn new(secret: SecretString) -> Self {
        Self(Arc::new(secret))
    }

    pub(crate) fn secret(&self) -> &SecretString {
        &self.0
    }
}

impl PartialEq for AccessToken {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

/// How long to use a token with this `expires_in`, in seconds.
pub(crate) fn usable_lifetime(expires_in: Option<f64>) -> Duration {
    let stated = expires_in.filter(|seconds| *seconds > 0.0);
    // A number too large for `Duration` is above the maximum.
    let stated = stated.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(MAX_LIFETIME));
    let lifetime = stated.unwrap_or(DEFAULT_LIFETIME).min(MAX_LIFETIME);
    lifetime - EXPIRY_MARGIN.min(lifetime / 10)
}

/// The current token and the times of the latest token requests.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    current: Option<(AccessToken, Instant)>,
    /// A token that Airalo has refused. Another replica may still offer it.
    refused: Option<AccessToken>,
    request_times: [Option<Instant>; REQUESTS_PER_MINUTE],
}

impl Tokens {
    /// The current token, unless it has expired.
    pub(super) fn get(&self, now: Instant) -> Option<AccessToken> {
        self.current.as_ref().filter(|(_, expires_at)| now < *expires_at).map(|(token, _)| token.clone())
    }

    /// Why a token has to be requested, where there is none to use.
    pub(super) const fn reason(&self) -> TokenReason {
        match (&self.current, &self.refused) {
            (Some(_), _) => TokenReason::Expired,
            (None, Some(_)) => TokenReason::Refused,
            (None, None) => TokenReason::First,
        }
    }

    /// Takes a token that Airalo has just issued, even if it has refused the same one before.
    pub(super) fn issue(&mut self, token: AccessToken, lifetime: Duration, now: Instant) {
        self.refused = None;
        self.store(token, lifetime, now);
    }

    /// Takes a token of another replica, unless it has been refused.
    pub(super) fn store(&mut self, token: AccessToken, lifetime: Duration, now: Instant) {
        if self.refused.as_ref() != Some(&token) {
            self.current = Some((token, now + lifetime.min(MAX_LIFETIME)));
        }
    }

    pub(super) fn refuse(&mut self, token: &AccessToken) {
        self.current.take_if(|(current, _)| current == token);
        self.refused = Some(token.clone());
    }

    /// The requests still count, because Airalo may count them together.
    pub(super) fn forget(&mut self) {
        (self.current, self.refused) = (None, None);
    }

    /// Counts one token request. When `limit` requests were made within a minute, returns the time
    /// to wait.
    pub(super) fn acquire_request(&mut self, limit: usize, now: Instant) -> Result<(), Duration> {
        let wait = |requested_at: &Option<Instant>| {
            requested_at.map_or(Duration::ZERO, |at| MINUTE.saturating_sub(now.saturating_duration_since(at)))
        };
        self.request_times.sort_unstable_by_key(wait);
        let slots = REQUESTS_PER_MINUTE - limit.min(REQUESTS_PER_MINUTE);
        // The slots are sorted by their wait, so the last of those that must be free has the longest.
        match self.request_times.get(slots).map_or(MINUTE, wait) {
            Duration::ZERO => {
                self.request_times[0] = Some(now);
                Ok(())
            }
            remaining => Err(remaining),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> AccessToken {
        AccessToken::new(text.into())
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
        let (mut tokens, start) = (Tokens::default(), Instant::now());
        tokens.store(token("t"), Duration::from_secs(90), start);
        assert_eq!(tokens.get(start + Duration::from_secs(89)), Some(token("t")));
        assert_eq!(tokens.get(start + Duration::from_secs(90)), None);
    }

    #[test]
    fn a_refused_token_is_not_used_again_and_a_late_refusal_keeps_the_newer_one() {
        let (mut tokens, now) = (Tokens::default(), Instant::now());
        assert_eq!(tokens.reason(), TokenReason::First);
        tokens.store(token("old"), MINUTE, now);
        assert_eq!(tokens.reason(), TokenReason::Expired);
        tokens.refuse(&token("old"));
        assert_eq!(tokens.get(now), None);
        assert_eq!(tokens.reason(), TokenReason::Refused);
        tokens.store(token("old"), MINUTE, now);
        assert_eq!(tokens.get(now), None);

        tokens.store(token("new"), MINUTE, now);
        tokens.refuse(&token("old"));
        assert_eq!(tokens.get(now), Some(token("new")));
    }

    #[test]
    fn no_more_tokens_than_the_limit_are_requested_within_a_minute() {
        let (mut tokens, start) = (Tokens::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(tokens.acquire_request(2, at(0)), Ok(()));
        assert_eq!(tokens.acquire_request(1, at(10)), Err(Duration::from_secs(50)));
        assert_eq!(tokens.acquire_request(2, at(20)), Ok(()));
        assert_eq!(tokens.acquire_request(2, at(30)), Err(Duration::from_secs(30)));
        assert_eq!(tokens.acquire_request(1, at(30)), Err(Duration::from_secs(50)));
        assert_eq!(tokens.acquire_request(2, at(60)), Ok(()));
        assert_eq!(tokens.acquire_request(2, at(60)), Err(Duration::from_secs(20)));
        assert_eq!(tokens.acquire_request(1, at(120)), Ok(()));
    }

    #[test]
    fn an_access_token_cannot_be_printed() {
        assert!(!format!("{:?}", token("t0ken")).contains("t0ken"));
    }
}
