use super::*;

const POLICY: CachePolicy =
    CachePolicy { ttl: Duration::from_secs(60), max_stale: Duration::from_secs(3600) };

/// A cache with a simulated clock that counts seconds from an arbitrary start.
struct TestCache {
    cache: Cache,
    start: Instant,
}

fn new_cache(policy: CachePolicy) -> TestCache {
    TestCache { cache: Cache::new(policy), start: Instant::now() }
}

impl TestCache {
    fn at(&self, second: u64) -> Instant {
        self.start + Duration::from_secs(second)
    }

    fn lookup(&self, second: u64) -> CacheDecision {
        self.cache.lookup(self.at(second))
    }

    fn succeed(&mut self, second: u64) -> CachedBalances {
        self.cache.store(Vec::new(), self.at(second), wall_clock(second))
    }

    /// Records a failure and returns the seconds of the backoff.
    fn fail(&mut self, second: u64, problem: Problem, retry_after: Option<u64>) -> u64 {
        let retry_after = retry_after.map(Duration::from_secs);
        self.cache.back_off(problem, retry_after, Duration::ZERO, self.at(second)).1.as_secs()
    }
}

fn wall_clock(second: u64) -> Timestamp {
    Timestamp::from_second(second.try_into().unwrap()).unwrap()
}

fn cached(second: u64, stale: bool) -> CachedBalances {
    CachedBalances { balances: Vec::new().into(), fetched_at: wall_clock(second), stale }
}

fn served(second: u64, stale: bool) -> CacheDecision {
    CacheDecision::Respond(Ok(cached(second, stale)))
}

fn refused(problem: Problem, seconds: u64) -> CacheDecision {
    let retry_after = Some(Duration::from_secs(seconds));
    CacheDecision::Respond(Err(ProblemDetails { problem, retry_after }))
}

#[test]
fn an_empty_cache_asks_airalo() {
    assert_eq!(new_cache(POLICY).lookup(0), CacheDecision::Fetch);
}

#[test]
fn a_fresh_balance_is_served_until_its_ttl_is_over() {
    let mut cache = new_cache(POLICY);
    cache.succeed(0);
    assert_eq!(cache.lookup(59), served(0, false));
    assert_eq!(cache.lookup(60), CacheDecision::Fetch);
}

#[test]
fn the_callers_of_a_fetch_get_its_balance_even_with_a_ttl_of_zero() {
    let mut cache = new_cache(CachePolicy { ttl: Duration::ZERO, ..POLICY });
    assert!(!cache.succeed(0).stale);
    assert_eq!(cache.lookup(0), CacheDecision::Fetch);
}

#[test]
fn while_airalo_fails_the_last_balance_is_served_as_stale_with_the_time_it_was_fetched() {
    let mut cache = new_cache(POLICY);
    cache.succeed(0);
    let (result, delay) = cache.cache.back_off(Problem::Upstream, None, Duration::ZERO, cache.at(60));
    assert_eq!((result, delay.as_secs()), (Ok(cached(0, true)), 1));
    assert_eq!(cache.lookup(60), served(0, true));
    assert_eq!(cache.lookup(61), CacheDecision::Fetch);
}

#[test]
fn a_balance_that_is_too_old_is_replaced_by_the_problem() {
    let mut cache = new_cache(POLICY);
    cache.succeed(0);
    assert_eq!(cache.fail(3599, Problem::Upstream, Some(10)), 10);
    assert_eq!(cache.lookup(3599), served(0, true));
    assert_eq!(cache.lookup(3600), refused(Problem::Upstream, 9));
}

#[test]
fn an_empty_cache_reports_the_problem_with_the_time_to_wait() {
    let mut cache = new_cache(POLICY);
    cache.fail(0, Problem::RateLimited, Some(7));
    assert_eq!(cache.lookup(0), refused(Problem::RateLimited, 7));
    assert_eq!(cache.lookup(5), refused(Problem::RateLimited, 2));
    assert_eq!(cache.lookup(7), CacheDecision::Fetch);
}

#[test]
fn the_backoff_grows_up_to_a_maximum() {
    for (problem, delays) in [
        (Problem::Upstream, [1, 2, 4, 8, 16, 32, 60, 60]),
        (Problem::CredentialsRefused, [60, 120, 240, 300, 300, 300, 300, 300]),
        (Problem::AddressRefused, [60, 120, 240, 300, 300, 300, 300, 300]),
        (Problem::RateLimited, [15, 30, 60, 120, 240, 300, 300, 300]),
    ] {
        let mut cache = new_cache(POLICY);
        assert_eq!(delays.map(|_| cache.fail(0, problem, None)), delays, "{problem:?}");
        (0..100).for_each(|_| assert!(cache.fail(0, problem, None) <= 300));
    }
}

#[test]
fn a_retry_after_is_kept_within_limits() {
    let mut cache = new_cache(POLICY);
    let delays = [0, 0, 0, 3].map(|seconds| cache.fail(0, Problem::Upstream, Some(seconds)));
    assert_eq!(delays, [1, 2, 4, 8]);
    assert_eq!(cache.fail(0, Problem::Upstream, Some(30)), 30);
    assert_eq!(cache.fail(0, Problem::Upstream, Some(u64::MAX)), 900);
}

#[test]
fn the_backoff_is_at_least_what_the_limit_of_the_token_endpoint_needs() {
    let mut cache = new_cache(POLICY);
    let min = Duration::from_secs(30);
    let (_, delay) = cache.cache.back_off(Problem::Upstream, Some(Duration::from_secs(2)), min, cache.at(0));
    assert_eq!(delay, min);
}

#[test]
fn a_success_ends_the_backoff() {
    let mut cache = new_cache(POLICY);
    cache.fail(0, Problem::Upstream, None);
    cache.fail(1, Problem::Upstream, None);
    cache.succeed(3);
    assert_eq!((cache.lookup(4), cache.cache.failures()), (served(3, false), 0));
    assert_eq!(cache.fail(63, Problem::Upstream, None), 1);
}

#[test]
fn a_clock_that_goes_back_makes_nothing_older() {
    let mut cache = new_cache(POLICY);
    cache.succeed(10);
    assert_eq!(cache.lookup(0), served(10, false));
}
