//! The one token: how long it is kept, and how often a new one may be asked for.
//!
//! Nothing in [`Wallet`] knows the time or waits; [`Tokens`] around it does both.

use crate::failure::Failure;
use crate::upstream::{Issued, Partner};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// The documents say in one place that a token lasts a day, and in another that it lasts a
/// year. The shorter one is believed.
const LONGEST_LIFE: Duration = Duration::from_hours(24);

/// Where the answer names no usable lifetime. Too long does no harm: a refused token is renewed.
const UNKNOWN_LIFE: Duration = Duration::from_hours(1);

/// A token is given up this long before it ends, so that none ends on its way.
const MARGIN: Duration = Duration::from_secs(60);

/// Airalo allows three requests a minute. The third is left for a restart.
const PER_MINUTE: usize = 2;

const MINUTE: Duration = Duration::from_secs(60);

/// A token to send along. A clone is the same token, and another one never equals it.
#[derive(Clone, Debug)]
pub(crate) struct Bearer(Arc<SecretString>);

impl Bearer {
    pub(crate) fn secret(&self) -> &SecretString {
        &self.0
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// For how long a token is used whose answer said `expires_in`.
fn life(expires_in: Option<f64>) -> Duration {
    let stated = expires_in.filter(|seconds| *seconds > 0.0);
    // What is too large for a duration is at least a day.
    let stated = stated.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_LIFE));
    let life = stated.unwrap_or(UNKNOWN_LIFE).min(LONGEST_LIFE);
    life - MARGIN.min(life / 10)
}

#[derive(Debug, Default)]
struct Wallet {
    held: Option<(Bearer, Instant)>,
    asked: [Option<Instant>; PER_MINUTE],
}

impl Wallet {
    fn good(&self, now: Instant) -> Option<Bearer> {
        self.held.as_ref().filter(|(_, end)| now < *end).map(|(bearer, _)| bearer.clone())
    }

    fn keep(&mut self, issued: Issued, now: Instant) -> Bearer {
        let bearer = Bearer(Arc::new(issued.token));
        self.held = Some((bearer.clone(), now + life(issued.expires_in)));
        bearer
    }

    /// Throws the token away, unless it has been renewed since the refused one was sent.
    fn give_up(&mut self, refused: &Bearer) {
        self.held.take_if(|(held, _)| held.is(refused));
    }

    /// Counts one request for a token, or tells how long to wait for the next.
    fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        let free_in = |asked: &Option<Instant>| {
            asked.map_or(Duration::ZERO, |at| MINUTE.saturating_sub(now.saturating_duration_since(at)))
        };
        let soonest = self.asked.iter_mut().min_by_key(|asked| free_in(asked));
        match soonest {
            Some(slot) if free_in(slot).is_zero() => {
                *slot = Some(now);
                Ok(())
            }
            slot => Err(slot.map_or(MINUTE, |slot| free_in(slot))),
        }
    }
}

/// The token of one account. Whoever needs one while it is being renewed waits for that renewal.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<Wallet>);

impl Tokens {
    /// The token that is held, or a new one.
    pub(crate) async fn get(&self, partner: &Partner) -> Result<Bearer, Failure> {
        Self::fill(&mut *self.0.lock().await, partner).await
    }

    /// A token other than the refused one.
    pub(crate) async fn renew(&self, partner: &Partner, refused: &Bearer) -> Result<Bearer, Failure> {
        let mut wallet = self.0.lock().await;
        wallet.give_up(refused);
        Self::fill(&mut wallet, partner).await
    }

    async fn fill(wallet: &mut Wallet, partner: &Partner) -> Result<Bearer, Failure> {
        if let Some(bearer) = wallet.good(Instant::now()) {
            return Ok(bearer);
        }
        wallet.admit(Instant::now()).map_err(|wait| Failure::TokenBudget { wait })?;
        let issued = partner.token().await?;
        tracing::debug!("a token was issued");
        Ok(wallet.keep(issued, Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued(expires_in: Option<f64>) -> Issued {
        Issued { token: "t".into(), expires_in }
    }

    #[test]
    fn a_token_is_kept_for_its_life_less_a_margin_and_never_longer_than_a_day() {
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
            assert_eq!(life(expires_in), Duration::from_secs(seconds), "{expires_in:?}");
        }
    }

    #[test]
    fn a_token_is_good_until_its_life_is_over() {
        let (mut wallet, start) = (Wallet::default(), Instant::now());
        let bearer = wallet.keep(issued(Some(100.0)), start);
        assert!(wallet.good(start + Duration::from_secs(89)).unwrap().is(&bearer));
        assert!(wallet.good(start + Duration::from_secs(90)).is_none());
    }

    #[test]
    fn a_refusal_that_comes_late_does_not_throw_the_newer_token_away() {
        let (mut wallet, now) = (Wallet::default(), Instant::now());
        let old = wallet.keep(issued(None), now);
        wallet.give_up(&old);
        assert!(wallet.good(now).is_none());

        let new = wallet.keep(issued(None), now);
        wallet.give_up(&old);
        assert!(wallet.good(now).unwrap().is(&new));
    }

    #[test]
    fn no_more_than_two_tokens_a_minute_are_asked_for() {
        let (mut wallet, start) = (Wallet::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(wallet.admit(at(0)), Ok(()));
        assert_eq!(wallet.admit(at(20)), Ok(()));
        assert_eq!(wallet.admit(at(30)), Err(Duration::from_secs(30)));
        assert_eq!(wallet.admit(at(60)), Ok(()));
        assert_eq!(wallet.admit(at(60)), Err(Duration::from_secs(20)));
    }

    #[test]
    fn a_bearer_cannot_be_printed() {
        let bearer = Bearer(Arc::new("t0ken".into()));
        assert!(!format!("{bearer:?}").contains("t0ken"));
    }
}
