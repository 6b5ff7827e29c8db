//! What readers get of the newest balances. None of it asks Airalo.

use super::{Answer, Backoff, BalanceResult, CachedBalances, Core, Now, StaleReason};
use crate::problem::ProblemDetails;
use std::time::Instant;

impl Core {
    /// What a reader gets.
    pub(crate) fn read(&mut self, now: Now) -> Answer {
        self.latest_read = Some(now.instant);
        if let Some(fresh) = self.fresh(now.instant) {
            return Answer::Ready(Ok(fresh));
        }
        let Some(backoff) = &self.backoff else {
            self.is_wanted = true;
            let stale = self.stale(StaleReason::Refreshing, now.instant);
            return Answer::Wait { otherwise: stale.map(Ok) };
        };
        match self.while_failing(backoff, now.instant) {
            Err(details) if self.fetch.is_some() => Answer::Wait { otherwise: Some(Err(details)) },
            result => Answer::Ready(result),
        }
    }

    /// What a reader gets that has waited for a fetch. `None` if another one has begun.
    ///
    /// The balances of the fetch are not stale for this reader, even with a TTL of zero.
    pub(crate) fn outcome(&self, now: Now) -> Option<BalanceResult> {
        match (&self.backoff, &self.entry) {
            (Some(backoff), _) => Some(self.while_failing(backoff, now.instant)),
            (None, Some(entry)) => Some(Ok(entry.to_cached(None))),
            (None, None) => None,
        }
    }

    /// The balances that can be served without waiting.
    pub(crate) fn cached(&self, now: Now) -> Option<CachedBalances> {
        self.fresh(now.instant).or_else(|| {
            let reason = self.backoff.as_ref().map(|backoff| StaleReason::Problem(backoff.problem));
            self.stale(reason.unwrap_or(StaleReason::Refreshing), now.instant)
        })
    }

    /// The balances, if they are fresh.
    fn fresh(&self, now: Instant) -> Option<CachedBalances> {
        let entry = self.entry.as_ref().filter(|entry| entry.age(now) < self.policy.ttl)?;
        Some(entry.to_cached(None))
    }

    /// The balances, unless they are too old to be served at all.
    fn stale(&self, reason: StaleReason, now: Instant) -> Option<CachedBalances> {
        let entry = self.entry.as_ref().filter(|entry| entry.age(now) < self.policy.max_stale)?;
        Some(entry.to_cached(Some(reason)))
    }

    /// The balances with the problem of the failed fetch, or that problem alone.
    fn while_failing(&self, backoff: &Backoff, now: Instant) -> BalanceResult {
        let fresh = self.fresh(now);
        fresh.or_else(|| self.stale(StaleReason::Problem(backoff.problem), now)).ok_or_else(|| {
            let retry_after = backoff.retry_at.saturating_duration_since(now);
            ProblemDetails { problem: backoff.problem, retry_after: Some(retry_after) }
        })
    }
}
