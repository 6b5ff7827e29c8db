//! Issues tokens, with the documented lifetime and rate limit. Time is an argument.

use super::rate_limit::RateLimit;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Airalo's documentation says that a token is valid for a day.
const LIFETIME: Duration = Duration::from_hours(24);

#[derive(Debug)]
pub(super) struct TokenIssuer {
    requests: RateLimit,
    /// Valid tokens and when they were issued.
    valid: HashMap<String, Instant>,
    /// All tokens in the order of issue, so that tests can search logs for each of them.
    all_issued: Vec<String>,
}

impl TokenIssuer {
    pub(super) fn new(requests_per_minute: usize) -> Self {
        Self {
            requests: RateLimit::per_minute(requests_per_minute),
            valid: HashMap::new(),
            all_issued: Vec::new(),
        }
    }

    /// Counts one token request. When the limit is reached, returns the time to wait.
    pub(super) fn acquire_request(&mut self, now: Instant) -> Result<(), Duration> {
        self.requests.acquire(now)
    }

    pub(super) fn issue(&mut self, now: Instant) -> String {
        self.valid.retain(|_, issued_at| now.duration_since(*issued_at) < LIFETIME);
        // This token gives access to nothing real, so it need not be cryptographically random.
        let token = format!("stand-in-{:032x}", fastrand::u128(..));
        self.valid.insert(token.clone(), now);
        self.all_issued.push(token.clone());
        token
    }

    pub(super) fn is_valid(&self, token: &str, now: Instant) -> bool {
        self.valid.get(token).is_some_and(|issued_at| now.duration_since(*issued_at) < LIFETIME)
    }

    pub(super) fn expire_all(&mut self) {
        self.valid.clear();
    }

    pub(super) fn all_issued(&self) -> &[String] {
        &self.all_issued
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fourth_request_within_a_minute_is_refused_with_the_time_to_wait() {
        let (mut tokens, start) = (TokenIssuer::new(3), Instant::now());
        for second in [0, 10, 20] {
            assert_eq!(tokens.acquire_request(start + Duration::from_secs(second)), Ok(()));
        }
        assert_eq!(tokens.acquire_request(start + Duration::from_secs(25)), Err(Duration::from_secs(35)));
        assert_eq!(tokens.acquire_request(start + Duration::from_secs(60)), Ok(()));
    }

    #[test]
    fn a_token_is_valid_for_a_day() {
        let (mut tokens, start) = (TokenIssuer::new(3), Instant::now());
        let token = tokens.issue(start);
        assert!(tokens.is_valid(&token, start + LIFETIME - Duration::from_secs(1)));
        assert!(!tokens.is_valid(&token, start + LIFETIME));
    }

    #[test]
    fn an_expired_token_stays_expired_and_the_next_one_works() {
        let (mut tokens, now) = (TokenIssuer::new(3), Instant::now());
        let old = tokens.issue(now);
        tokens.expire_all();
        let new = tokens.issue(now);
        assert!(!tokens.is_valid(&old, now) && tokens.is_valid(&new, now));
        assert_eq!(tokens.all_issued(), [old, new]);
    }

    #[test]
    fn a_token_that_was_never_issued_is_not_valid() {
        assert!(!TokenIssuer::new(3).is_valid("", Instant::now()));
    }
}
