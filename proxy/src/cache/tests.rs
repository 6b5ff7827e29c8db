use super::*;

const RULES: Rules = Rules { ttl: Duration::from_secs(60), max_stale: Duration::from_secs(3600) };

/// A cache in an invented time: seconds since a moment that means nothing.
struct Run {
    cache: Cache,
    start: Instant,
}

fn run(rules: Rules) -> Run {
    Run { cache: Cache::new(rules), start: Instant::now() }
}

impl Run {
    fn at(&self, second: u64) -> Instant {
        self.start + Duration::from_secs(second)
    }

    fn look(&self, second: u64) -> Look {
        self.cache.look(self.at(second))
    }

    fn succeed(&mut self, second: u64) -> Served {
        self.cache.succeeded(Vec::new(), self.at(second), wall(second))
    }

    /// Fails, and tells for how many seconds it pauses.
    fn fail(&mut self, second: u64, problem: Problem, asked_for: Option<u64>) -> u64 {
        let asked_for = asked_for.map(Duration::from_secs);
        self.cache.failed(problem, asked_for, Duration::ZERO, self.at(second)).1.as_secs()
    }
}

fn wall(second: u64) -> Timestamp {
    Timestamp::from_second(second.try_into().unwrap()).unwrap()
}

fn served(second: u64, stale: bool) -> Look {
    Look::Serve(Served { balances: Vec::new().into(), fetched_at: wall(second), stale })
}

fn refused(problem: Problem, seconds: u64) -> Look {
    Look::Refuse(Refusal { problem, retry_after: Some(Duration::from_secs(seconds)) })
}

#[test]
fn with_nothing_kept_airalo_is_asked() {
    assert_eq!(run(RULES).look(0), Look::Fetch);
}

#[test]
fn a_fresh_balance_is_served_until_its_time_is_over() {
    let mut run = run(RULES);
    run.succeed(0);
    assert_eq!(run.look(59), served(0, false));
    assert_eq!(run.look(60), Look::Fetch);
}

#[test]
fn those_who_waited_get_the_answer_even_if_it_is_never_fresh() {
    let mut run = run(Rules { ttl: Duration::ZERO, ..RULES });
    assert!(!run.succeed(0).stale);
    assert_eq!(run.look(0), Look::Fetch);
}

#[test]
fn while_airalo_fails_the_last_balance_is_served_as_old_with_the_time_it_was_fetched() {
    let mut run = run(RULES);
    run.succeed(0);
    let (look, pause) = run.cache.failed(Problem::Upstream, None, Duration::ZERO, run.at(60));
    assert_eq!((look, pause.as_secs()), (served(0, true), 1));
    assert_eq!(run.look(60), served(0, true));
    assert_eq!(run.look(61), Look::Fetch);
}

#[test]
fn a_balance_that_is_too_old_gives_way_to_the_trouble() {
    let mut run = run(RULES);
    run.succeed(0);
    assert_eq!(run.fail(3599, Problem::Upstream, Some(10)), 10);
    assert_eq!(run.look(3599), served(0, true));
    assert_eq!(run.look(3600), refused(Problem::Upstream, 9));
}

#[test]
fn with_nothing_kept_the_trouble_is_told_with_the_time_to_wait() {
    let mut run = run(RULES);
    run.fail(0, Problem::RateLimited, Some(7));
    assert_eq!(run.look(0), refused(Problem::RateLimited, 7));
    assert_eq!(run.look(5), refused(Problem::RateLimited, 2));
    assert_eq!(run.look(7), Look::Fetch);
}

#[test]
fn pauses_grow_and_have_an_end() {
    for (problem, pauses) in [
        (Problem::Upstream, [1, 2, 4, 8, 16, 32, 60, 60]),
        (Problem::CredentialsRefused, [60, 120, 240, 300, 300, 300, 300, 300]),
        (Problem::AddressRefused, [60, 120, 240, 300, 300, 300, 300, 300]),
        (Problem::RateLimited, [15, 30, 60, 120, 240, 300, 300, 300]),
    ] {
        let mut run = run(RULES);
        assert_eq!(pauses.map(|_| run.fail(0, problem, None)), pauses, "{problem:?}");
        (0..100).for_each(|_| assert!(run.fail(0, problem, None) <= 300));
    }
}

#[test]
fn a_wait_that_airalo_asks_for_is_kept_within_reason() {
    let mut run = run(RULES);
    assert_eq!([0, 0, 0, 3].map(|asked| run.fail(0, Problem::Upstream, Some(asked))), [1, 2, 4, 8]);
    assert_eq!(run.fail(0, Problem::Upstream, Some(30)), 30);
    assert_eq!(run.fail(0, Problem::Upstream, Some(u64::MAX)), 900);
}

#[test]
fn a_trouble_with_the_token_pauses_at_least_as_long_as_its_limit_wants() {
    let mut run = run(RULES);
    let least = Duration::from_secs(30);
    let (_, pause) = run.cache.failed(Problem::Upstream, Some(Duration::from_secs(2)), least, run.at(0));
    assert_eq!(pause, least);
}

#[test]
fn a_success_forgets_the_trouble() {
    let mut run = run(RULES);
    run.fail(0, Problem::Upstream, None);
    run.fail(1, Problem::Upstream, None);
    run.succeed(3);
    assert_eq!((run.look(4), run.cache.failures()), (served(3, false), 0));
    assert_eq!(run.fail(63, Problem::Upstream, None), 1);
}

#[test]
fn a_clock_that_stands_still_makes_nothing_older() {
    let mut run = run(RULES);
    run.succeed(10);
    assert_eq!(run.look(0), served(10, false));
}
