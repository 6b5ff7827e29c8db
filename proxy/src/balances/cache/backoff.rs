//! How long to leave Airalo alone after failed fetches.

use airalo_balance::model::Problem;
use std::time::{Duration, Instant};

/// The limits of every delay, whatever `Retry-After` says: a shorter one would burden Airalo, and
/// a longer one would leave the card without a new balance for too long.
const MIN_DELAY: Duration = Duration::from_secs(1);
const MAX_DELAY: Duration = Duration::from_secs(15 * 60);

/// The state after one or more failed fetches.
#[derive(Debug)]
pub(super) struct Backoff {
    pub(super) problem: Problem,
    /// How many fetches in a row have failed.
    pub(super) failures: u32,
    pub(super) retry_at: Instant,
}

/// The delay after this many failures in a row.
///
/// `retry_after` is what Airalo asks for, `min` what the limit of the failed endpoint needs.
pub(super) fn delay(
    problem: Problem,
    failures: u32,
    retry_after: Option<Duration>,
    min: Duration,
) -> Duration {
    // A server that keeps failing with `Retry-After: 0` is still asked less and less often.
    let requested = retry_after.map(|delay| delay.max(exponential(Problem::Upstream, failures)));
    let delay = requested.unwrap_or_else(|| exponential(problem, failures));
    delay.max(min).clamp(MIN_DELAY, MAX_DELAY)
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
