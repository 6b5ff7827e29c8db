//! When to ask Airalo, and what to serve meanwhile. Nothing here waits, and time is an argument.
//!
//! Ages are measured with the monotonic clock, which nobody can set. On some systems it stands
//! still while the machine sleeps; `fetched_at` comes from the wall clock and stays right.

mod backoff;

#[cfg(test)]
mod tests;

use crate::problem::ProblemDetails;
use airalo_balance::model::{Balance, Problem};
use backoff::Backoff;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a balance may be served.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CachePolicy {
    /// How long a balance is fresh.
    pub(crate) ttl: Duration,
    /// The maximum age of a stale balance that is served while Airalo fails.
    pub(crate) max_stale: Duration,
}

/// Balances with what the card needs to know about their age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CachedBalances {
    pub(crate) balances: Arc<[Balance]>,
    /// The time of Airalo's response.
    pub(crate) fetched_at: Timestamp,
    /// Whether they are served because no newer ones could be fetched.
    pub(crate) stale: bool,
}

/// What a caller gets: balances, or the reason why there are none.
pub(crate) type BalanceResult = Result<CachedBalances, ProblemDetails>;

/// What to do for a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CacheDecision {
    /// Respond without asking Airalo.
    Respond(BalanceResult),
    /// Ask Airalo first.
    Fetch,
}

/// The newest balances, and the backoff if the latest fetch failed.
#[derive(Debug)]
pub(crate) struct Cache {
    policy: CachePolicy,
    entry: Option<Entry>,
    backoff: Option<Backoff>,
}

#[derive(Debug)]
struct Entry {
    balances: Arc<[Balance]>,
    fetched_at: Timestamp,
    stored_at: Instant,
}

impl Entry {
    fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.stored_at)
    }

    fn to_cached(&self, stale: bool) -> CachedBalances {
        CachedBalances { balances: self.balances.clone(), fetched_at: self.fetched_at, stale }
    }
}

impl Cache {
    pub(crate) const fn new(policy: CachePolicy) -> Self {
        Self { policy, entry: None, backoff: None }
    }

    /// Decides what a caller gets at the time `now`.
    pub(crate) fn lookup(&self, now: Instant) -> CacheDecision {
        if let Some(fresh) = self.entry.as_ref().filter(|entry| entry.age(now) < self.policy.ttl) {
            return CacheDecision::Respond(Ok(fresh.to_cached(false)));
        }
        match &self.backoff {
            Some(backoff) if now < backoff.retry_at => CacheDecision::Respond(self.serve_stale(backoff, now)),
            _ => CacheDecision::Fetch,
        }
    }

    /// The stale balances if they are not too old, else the problem of the failed fetch.
    fn serve_stale(&self, backoff: &Backoff, now: Instant) -> BalanceResult {
        match self.entry.as_ref().filter(|entry| entry.age(now) < self.policy.max_stale) {
            Some(entry) => Ok(entry.to_cached(true)),
            None => {
                let retry_after = backoff.retry_at.saturating_duration_since(now);
                Err(ProblemDetails { problem: backoff.problem, retry_after: Some(retry_after) })
            }
        }
    }

    /// Stores the balances of a successful fetch, and returns what its callers get.
    ///
    /// They are not stale for these callers, even with a TTL of zero.
    pub(crate) fn store(
        &mut self,
        balances: Vec<Balance>,
        now: Instant,
        fetched_at: Timestamp,
    ) -> CachedBalances {
        self.backoff = None;
        let entry = Entry { balances: balances.into(), fetched_at, stored_at: now };
        let cached = entry.to_cached(false);
        self.entry = Some(entry);
        cached
    }

    /// Starts the backoff after a failed fetch.
    ///
    /// Returns what the callers of that fetch get, and the time until the next one.
    pub(crate) fn back_off(
        &mut self,
        problem: Problem,
        retry_after: Option<Duration>,
        min: Duration,
        now: Instant,
    ) -> (BalanceResult, Duration) {
        let failures = self.failures().saturating_add(1);
        let delay = backoff::delay(problem, failures, retry_after, min);
        let backoff = Backoff { problem, failures, retry_at: now + delay };
        let result = self.serve_stale(&backoff, now);
        self.backoff = Some(backoff);
        (result, delay)
    }

    /// Whether there has never been a balance.
    pub(crate) const fn is_empty(&self) -> bool {
        self.entry.is_none()
    }

    /// Why the last fetch failed, if it did.
    pub(crate) fn problem(&self) -> Option<Problem> {
        self.backoff.as_ref().map(|backoff| backoff.problem)
    }

    /// How many fetches in a row have failed.
    pub(crate) fn failures(&self) -> u32 {
        self.backoff.as_ref().map_or(0, |backoff| backoff.failures)
    }
}
