//! How long to leave Airalo alone after failed fetches.

use super::events::Failure;
use airalo_balance::model::Problem;
use std::time::{Duration, Instant};

/// The limits of every delay, whatever `Retry-After` says: a shorter one would burden Airalo, and
/// a longer one would leave the card without a new balance for too long.
const MIN_DELAY: Duration = Duration::from_secs(1);
const MAX_DELAY: Duration = Duration::from_secs(15 * 60);

/// The largest jitter, as a part of the delay. It spreads replicas that fail at the same moment.
const JITTER: f64 = 0.2;

/// The state after one or more failed fetches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Backoff {
    pub(crate) problem: Problem,
    /// How many fetches in a row have failed.
    pub(crate) failures: u32,
    pub(crate) retry_at: Instant,
}

/// The delay after this many failures in a row.
///
/// `random` is between 0 and 1. A jitter is only added: Airalo's wish is the shortest delay.
pub(super) fn delay(failure: &Failure, failures: u32, random: f64) -> Duration {
    // A server that keeps failing with `Retry-After: 0` is still asked less and less often.
    let requested = failure.retry_after.map(|delay| delay.max(exponential(Problem::Upstream, failures)));
    let delay = requested.unwrap_or_else(|| exponential(failure.problem, failures));
    let delay = delay.max(failure.min_delay).clamp(MIN_DELAY, MAX_DELAY);
    delay + delay.mul_f64(JITTER * random)
}

/// The delay that another replica has shared, which is never longer than one of our own.
pub(super) fn shared_delay(delay: Duration) -> Duration {
    delay.min(MAX_DELAY.mul_f64(1.0 + JITTER))
}

/// Doubles with each failure, up to a maximum.
///
/// Problems that only a person can fix start at one minute. They are still retried every five
/// minutes, so that the balance returns soon after the fix.
fn exponential(problem: Problem, failures: u32) -> Duration {
    let (first, max) = match problem {
        Problem::CredentialsRefused | Problem::AddressRefused => (60, 300),
        Problem::RateLimited => (15, 300),
        _ => (1, 60),
    };
    Duration::from_secs(first << failures.saturating_sub(1).min(16)).min(Duration::from_secs(max))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(failure: Failure, failures: u32) -> u64 {
        delay(&failure, failures, 0.0).as_secs()
    }

    fn after(problem: Problem, retry_after: u64) -> Failure {
        Failure { retry_after: Some(Duration::from_secs(retry_after)), ..Failure::of(problem) }
    }

    #[test]
    fn the_delay_grows_up_to_a_maximum() {
        for (problem, delays) in [
            (Problem::Upstream, [1, 2, 4, 8, 16, 32, 60, 60]),
            (Problem::CredentialsRefused, [60, 120, 240, 300, 300, 300, 300, 300]),
            (Problem::AddressRefused, [60, 120, 240, 300, 300, 300, 300, 300]),
            (Problem::RateLimited, [15, 30, 60, 120, 240, 300, 300, 300]),
        ] {
            for (failures, expected) in (1..).zip(delays) {
                assert_eq!(seconds(Failure::of(problem), failures), expected, "{problem:?}");
            }
            assert!(seconds(Failure::of(problem), u32::MAX) <= 300);
        }
    }

    #[test]
    fn a_retry_after_is_kept_within_limits() {
        let delays = [1, 2, 3].map(|failures| seconds(after(Problem::Upstream, 0), failures));
        assert_eq!(delays, [1, 2, 4]);
        assert_eq!(seconds(after(Problem::Upstream, 3), 4), 8);
        assert_eq!(seconds(after(Problem::Upstream, 30), 1), 30);
        assert_eq!(seconds(after(Problem::Upstream, u64::MAX), 1), 900);
    }

    #[test]
    fn the_delay_is_at_least_what_the_limit_of_the_endpoint_needs() {
        let min_delay = Duration::from_secs(30);
        assert_eq!(seconds(Failure { min_delay, ..after(Problem::Upstream, 2) }, 1), 30);
    }

    #[test]
    fn a_jitter_makes_the_delay_longer_and_never_shorter() {
        let failure = after(Problem::RateLimited, 30);
        assert_eq!(delay(&failure, 1, 0.5), Duration::from_secs(33));
        assert_eq!(delay(&failure, 1, 1.0), Duration::from_secs(36));
    }
}
