//! How often a principal may ask.

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::{BuildHasher, Hash, RandomState};
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How many principals are counted apart. The memory is bounded by it, a few megabytes.
///
/// Principals are told apart by a hash, so that two of them share a count once in so many cases. Which
/// ones cannot be known from outside, since the key of the hash is random.
const BUCKETS: u64 = 1 << 16;

/// After how many requests those are forgotten that have not asked for long.
const TIDY_EVERY: u32 = 4096;

pub(super) struct RateLimit<K> {
    limiter: Option<DefaultKeyedRateLimiter<u64>>,
    hasher: RandomState,
    clock: DefaultClock,
    requests: AtomicU32,
    key: PhantomData<fn(&K)>,
}

impl<K: Hash> RateLimit<K> {
    /// So many requests a minute, also all at once. Without a number there is no limit.
    pub(super) fn new(per_minute: Option<NonZeroU32>) -> Self {
        let limiter = per_minute.map(|count| RateLimiter::keyed(Quota::per_minute(count)));
        Self {
            limiter,
            hasher: RandomState::new(),
            clock: DefaultClock::default(),
            requests: AtomicU32::new(0),
            key: PhantomData,
        }
    }

    pub(super) fn count(&self, principal: &K) -> Result<(), Duration> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if self.requests.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            limiter.retain_recent();
        }
        let bucket = self.hasher.hash_one(principal) % BUCKETS;
        limiter.check_key(&bucket).map_err(|denied| denied.wait_time_from(self.clock.now()))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.limiter.as_ref().map_or(0, |limiter| limiter.len())
    }
}

impl<K> std::fmt::Debug for RateLimit<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimit").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_principal_has_a_limit_of_its_own_and_is_told_how_long_to_wait() {
        let limit = RateLimit::new(NonZeroU32::new(3));
        for _ in 0..3 {
            assert_eq!(limit.count(&"a"), Ok(()));
        }
        let wait = limit.count(&"a").unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(20), "{wait:?}");
        // One of these may share its bucket with the first, but not all of them.
        assert!(["b", "c", "d", "e"].iter().any(|other| limit.count(other).is_ok()));
    }

    #[test]
    fn without_a_number_there_is_no_limit() {
        let limit = RateLimit::new(None);
        assert!((0..10_000).all(|_| limit.count(&"a").is_ok()));
    }

    #[test]
    fn the_memory_does_not_grow_with_the_number_of_principals() {
        let limit = RateLimit::new(NonZeroU32::new(1));
        for principal in 0..300_000_u32 {
            let _ = limit.count(&principal);
        }
        let count = limit.len() as u64;
        assert!(count <= BUCKETS, "{count}");
    }

    #[test]
    fn who_has_not_asked_for_long_is_forgotten() {
        // So high a limit is full again after a millisecond.
        let limit = RateLimit::new(NonZeroU32::new(60_000_000));
        for principal in 0..3 * TIDY_EVERY {
            let _ = limit.count(&principal);
        }
        assert!(limit.len() < 3 * TIDY_EVERY as usize, "{}", limit.len());
    }
}
