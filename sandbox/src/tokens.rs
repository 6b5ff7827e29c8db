//! The tokens that were issued, and how often one may be asked for. Time is an argument.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// The documents promise a token for a day.
const LIFETIME: Duration = Duration::from_hours(24);

/// The documented limit is counted within this time.
const WINDOW: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(crate) struct Tokens {
    per_minute: usize,
    asked: VecDeque<Instant>,
    issued: HashMap<String, Instant>,
    /// In the order of issue, revoked ones too: a test looks for every one of them in a log.
    ever: Vec<String>,
}

impl Tokens {
    pub(crate) fn new(per_minute: usize) -> Self {
        Self { per_minute, asked: VecDeque::new(), issued: HashMap::new(), ever: Vec::new() }
    }

    /// Counts one request, or tells how long to wait before the next one is answered.
    pub(crate) fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        while self.asked.front().is_some_and(|asked| now.duration_since(*asked) >= WINDOW) {
            self.asked.pop_front();
        }
        match self.asked.front() {
            Some(oldest) if self.asked.len() >= self.per_minute => Err(WINDOW - now.duration_since(*oldest)),
            _ => {
                self.asked.push_back(now);
                Ok(())
            }
        }
    }

    pub(crate) fn issue(&mut self, now: Instant) -> String {
        self.issued.retain(|_, issued| now.duration_since(*issued) < LIFETIME);
        // Good enough for a token that opens nothing.
        let token = format!("stand-in-{:032x}", fastrand::u128(..));
        self.issued.insert(token.clone(), now);
        self.ever.push(token.clone());
        token
    }

    pub(crate) fn accepts(&self, token: &str, now: Instant) -> bool {
        self.issued.get(token).is_some_and(|issued| now.duration_since(*issued) < LIFETIME)
    }

    pub(crate) fn expire_all(&mut self) {
        self.issued.clear();
    }

    pub(crate) fn ever_issued(&self) -> &[String] {
        &self.ever
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fourth_request_within_a_minute_is_told_how_long_to_wait() {
        let (mut tokens, start) = (Tokens::new(3), Instant::now());
        for second in [0, 10, 20] {
            assert_eq!(tokens.admit(start + Duration::from_secs(second)), Ok(()));
        }
        assert_eq!(tokens.admit(start + Duration::from_secs(25)), Err(Duration::from_secs(35)));
        assert_eq!(tokens.admit(start + Duration::from_secs(60)), Ok(()));
    }

    #[test]
    fn a_token_is_good_for_a_day() {
        let (mut tokens, start) = (Tokens::new(3), Instant::now());
        let token = tokens.issue(start);
        assert!(tokens.accepts(&token, start + LIFETIME - Duration::from_secs(1)));
        assert!(!tokens.accepts(&token, start + LIFETIME));
    }

    #[test]
    fn an_expired_token_stays_expired_and_the_next_one_works() {
        let (mut tokens, now) = (Tokens::new(3), Instant::now());
        let old = tokens.issue(now);
        tokens.expire_all();
        let new = tokens.issue(now);
        assert!(!tokens.accepts(&old, now) && tokens.accepts(&new, now));
        assert_eq!(tokens.ever_issued(), [old, new]);
    }

    #[test]
    fn a_made_up_token_is_refused() {
        assert!(!Tokens::new(3).accepts("", Instant::now()));
    }
}
