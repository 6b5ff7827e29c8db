mod notices;

use super::*;
use airalo_balance::model::Problem;

const POLICY: Policy = Policy {
    ttl: Duration::from_secs(60),
    max_stale: Duration::from_secs(3600),
    fetch_timeout: Duration::from_secs(9),
    keeps_history: false,
};

/// A core with a simulated clock that counts seconds from an arbitrary start.
struct TestCore {
    core: Core,
    start: Instant,
}

fn new_core() -> TestCore {
    TestCore { core: Core::new(POLICY, 7), start: Instant::now() }
}

fn wall_clock(second: u64) -> Timestamp {
    Timestamp::from_second(second.try_into().unwrap()).unwrap()
}

fn token(text: &str) -> AccessToken {
    AccessToken::new(text.into())
}

const OUTAGE: Failure = Failure::of(Problem::Upstream);

impl TestCore {
    fn now(&self, second: u64) -> Now {
        Now { instant: self.start + Duration::from_secs(second), time: wall_clock(second) }
    }

    fn step(&mut self, second: u64, event: Event) -> Action {
        self.core.step(event, self.now(second))
    }

    fn read(&mut self, second: u64) -> Answer {
        self.core.read(self.now(second))
    }

    /// Takes a fetch up to the request for the balances, with a token if there is none.
    fn begin(&mut self, second: u64) -> Action {
        assert!(matches!(self.step(second, Event::Woken), Action::Acquire));
        match self.step(second, Event::Acquired(Acquisition::Leased(Shared::default()))) {
            Action::RequestToken { .. } => self.take_token(second, "t"),
            action => action,
        }
    }

    fn take_token(&mut self, second: u64, text: &str) -> Action {
        let action = self.step(second, Event::Token(Ok((token(text), Duration::from_hours(24)))));
        assert!(matches!(action, Action::Share(Update::Token(..))), "{action:?}");
        self.step(second, Event::Shared)
    }

    fn succeed(&mut self, second: u64) {
        assert!(matches!(self.begin(second), Action::RequestBalances { .. }));
        let action = self.step(second, Event::Balances(Ok([].into())));
        assert!(matches!(action, Action::Share(Update::Balances(_))));
        assert!(matches!(self.step(second, Event::Shared), Action::Wait(_)));
    }

    fn fail(&mut self, second: u64, failure: Failure) {
        assert!(matches!(self.begin(second), Action::RequestBalances { .. }));
        let action = self.step(second, Event::Balances(Err(BalancesError::Other(failure))));
        assert!(matches!(action, Action::Share(Update::Failure(_))));
        self.step(second, Event::Shared);
    }

    /// The seconds until the next fetch, rounded down.
    fn next(&self, second: u64) -> Option<u64> {
        let now = self.now(second);
        Some(self.core.due(now)?.saturating_duration_since(now.instant).as_secs())
    }
}

fn cached(second: u64, stale: Option<StaleReason>) -> CachedBalances {
    CachedBalances { balances: Vec::new().into(), fetched_at: wall_clock(second), stale }
}

fn served(second: u64, stale: Option<StaleReason>) -> Answer {
    Answer::Ready(Ok(cached(second, stale)))
}

const FAILING: Option<StaleReason> = Some(StaleReason::Problem(Problem::Upstream));

#[test]
fn airalo_is_asked_at_the_start_although_nobody_reads() {
    assert!(matches!(new_core().step(0, Event::Woken), Action::Acquire));
}

#[test]
fn the_first_readers_wait_for_the_first_balance() {
    let mut core = new_core();
    assert_eq!(core.read(0), Answer::Wait { otherwise: None });
    core.begin(0);
    assert_eq!(core.read(1), Answer::Wait { otherwise: None });
    core.step(1, Event::Balances(Ok([].into())));
    assert_eq!(core.core.outcome(core.now(1)), Some(Ok(cached(1, None))));
    assert_eq!(core.read(1), served(1, None));
}

#[test]
fn a_balance_is_fresh_until_its_ttl_is_over_and_then_served_while_a_newer_one_is_fetched() {
    let mut core = new_core();
    core.succeed(0);
    assert_eq!(core.read(59), served(0, None));
    let stale = cached(0, Some(StaleReason::Refreshing));
    assert_eq!(core.read(60), Answer::Wait { otherwise: Some(Ok(stale)) });
}

#[test]
fn for_a_history_a_balance_is_refreshed_without_readers_every_quarter_of_an_hour_at_least() {
    for (ttl, expected) in [(60, 53..60), (600, 539..600), (86_400, 809..900)] {
        for seed in 0..20 {
            let policy = Policy { ttl: Duration::from_secs(ttl), keeps_history: true, ..POLICY };
            let mut core = TestCore { core: Core::new(policy, seed), start: Instant::now() };
            core.succeed(0);
            assert!(expected.contains(&core.next(0).unwrap()), "{ttl}: {:?}", core.next(0));
            // A failure is not asked for again before its backoff is over.
            let at = core.next(0).unwrap() + 1;
            core.fail(at, Failure { retry_after: Some(Duration::from_secs(870)), ..OUTAGE });
            assert!(core.next(at).unwrap() >= 869, "{:?}", core.next(at));
        }
    }
}

#[test]
fn with_readers_a_balance_is_refreshed_shortly_before_its_ttl_is_over() {
    for seed in 0..100 {
        let mut core = TestCore { core: Core::new(POLICY, seed), start: Instant::now() };
        core.succeed(0);
        core.read(1);
        assert!((53..60).contains(&core.next(1).unwrap()), "{:?}", core.next(1));
    }
}

#[test]
fn without_readers_airalo_is_left_alone() {
    let mut core = new_core();
    core.succeed(0);
    assert_eq!(core.next(0), None);
    core.read(1);
    assert!(core.next(900).is_some());
    assert_eq!(core.next(901), None);
    assert!(matches!(core.step(901, Event::Woken), Action::Wait(None)));
    core.read(5000);
    assert_eq!(core.next(5000), Some(0));
}

#[test]
fn while_airalo_fails_readers_get_the_last_balance_at_once_with_its_time_and_the_reason() {
    let mut core = new_core();
    core.succeed(0);
    core.read(60);
    core.fail(60, OUTAGE);
    assert_eq!(core.read(60), served(0, FAILING));
    core.begin(62);
    assert_eq!(core.read(62), served(0, FAILING), "nobody waits for the probe");
}

#[test]
fn a_failure_before_the_ttl_is_over_leaves_the_balance_fresh() {
    let mut core = new_core();
    core.succeed(0);
    core.read(1);
    core.fail(59, OUTAGE);
    assert_eq!(core.read(59), served(0, None));
    assert_eq!(core.read(60), served(0, FAILING));
}

#[test]
fn a_balance_that_is_too_old_is_replaced_by_the_problem() {
    let mut core = new_core();
    core.succeed(0);
    core.read(3590);
    core.fail(3590, Failure { retry_after: Some(Duration::from_secs(100)), ..OUTAGE });
    assert_eq!(core.read(3599), served(0, FAILING));
    let Answer::Ready(Err(details)) = core.read(3600) else { panic!("{:?}", core.read(3600)) };
    assert_eq!(details.problem, Problem::Upstream);
    assert!((90..120).contains(&details.retry_after.unwrap().as_secs()));
}

#[test]
fn without_a_balance_a_reader_of_a_failing_proxy_waits_for_the_probe_but_not_for_the_next_one() {
    let mut core = new_core();
    core.fail(0, OUTAGE);
    assert!(matches!(core.read(0), Answer::Ready(Err(_))));
    core.begin(2);
    assert!(matches!(core.read(2), Answer::Wait { otherwise: Some(Err(_)) }));
}

#[test]
fn a_success_ends_the_backoff() {
    let mut core = new_core();
    core.fail(0, OUTAGE);
    core.fail(2, OUTAGE);
    assert_eq!(core.core.backoff().unwrap().failures, 2);
    core.succeed(5);
    assert_eq!(core.core.backoff(), None);
    core.read(65);
    core.fail(65, OUTAGE);
    assert_eq!(core.core.backoff().unwrap().failures, 1);
}

#[test]
fn failures_are_retried_although_nobody_reads() {
    let mut core = new_core();
    core.fail(0, Failure::of(Problem::CredentialsRefused));
    assert!((60..72).contains(&core.next(0).unwrap()));
}

#[test]
fn a_refused_token_is_renewed_once_and_the_request_is_repeated_once() {
    let mut core = new_core();
    core.begin(0);
    let action = core.step(1, Event::Balances(Err(BalancesError::TokenRefused)));
    assert!(matches!(action, Action::RequestToken { .. }), "{action:?}");
    let Action::RequestBalances { token: used, .. } = core.take_token(1, "new") else { panic!() };
    assert!(used == token("new"));
    let action = core.step(1, Event::Balances(Err(BalancesError::TokenRefused)));
    let Action::Share(Update::Failure(failure)) = action else { panic!("{action:?}") };
    assert_eq!(failure.problem, Problem::CredentialsRefused);
}

#[test]
fn a_token_that_is_issued_again_after_its_refusal_is_tried_once_more() {
    let mut core = new_core();
    core.begin(0);
    core.step(1, Event::Balances(Err(BalancesError::TokenRefused)));
    assert!(matches!(core.take_token(1, "t"), Action::RequestBalances { .. }));
    let action = core.step(1, Event::Balances(Err(BalancesError::TokenRefused)));
    let Action::Share(Update::Failure(failure)) = action else { panic!("{action:?}") };
    assert_eq!(failure.problem, Problem::CredentialsRefused);
}

#[test]
fn a_refused_address_keeps_the_token() {
    let mut core = new_core();
    core.fail(0, Failure::of(Problem::AddressRefused));
    assert!(matches!(core.begin(80), Action::RequestBalances { .. }), "a token was requested");
}

#[test]
fn all_requests_of_a_fetch_share_one_deadline() {
    let mut core = new_core();
    core.step(0, Event::Woken);
    let action = core.step(0, Event::Acquired(Acquisition::Leased(Shared::default())));
    let Action::RequestToken { deadline: first, reason: TokenReason::First } = action else {
        panic!("{action:?}")
    };
    let Action::RequestBalances { deadline, .. } = core.take_token(4, "t") else { panic!() };
    assert_eq!((first, deadline), (core.now(9).instant, first));
}

#[test]
fn a_third_token_within_a_minute_is_not_requested() {
    let mut core = new_core();
    core.begin(0);
    core.step(0, Event::Balances(Err(BalancesError::TokenRefused)));
    core.take_token(0, "b");
    core.step(0, Event::Balances(Err(BalancesError::TokenRefused)));
    core.step(0, Event::Shared);
    core.core.replace_credentials(true);
    core.step(30, Event::Woken);
    let action = core.step(30, Event::Acquired(Acquisition::Leased(Shared::default())));
    assert!(matches!(action, Action::Share(Update::Failure(_))), "{action:?}");
    let backoff = core.core.backoff().unwrap();
    assert_eq!(backoff.problem, Problem::RateLimited);
    assert!(backoff.retry_at >= core.now(60).instant);
}

mod replicas {
    use super::*;

    fn known(age: u64) -> Shared {
        let balances = SharedBalances { balances: [].into(), age: Duration::from_secs(age) };
        Shared { balances: Some(balances), ..Shared::default() }
    }

    fn acquire(core: &mut TestCore, second: u64, acquisition: Acquisition) -> Action {
        assert!(matches!(core.step(second, Event::Woken), Action::Acquire));
        core.step(second, Event::Acquired(acquisition))
    }

    #[test]
    fn a_replica_that_starts_serves_the_balance_of_the_others_and_asks_nothing() {
        let mut core = new_core();
        let action = acquire(&mut core, 100, Acquisition::Leased(known(10)));
        assert!(matches!(action, Action::Share(Update::Nothing)), "{action:?}");
        assert_eq!(core.read(100), served(90, None));
    }

    #[test]
    fn while_another_replica_asks_its_old_balance_is_served_and_its_new_one_is_waited_for() {
        let mut core = new_core();
        let action = acquire(&mut core, 100, Acquisition::Busy(known(61)));
        assert!(matches!(action, Action::Wait(Some(_))), "{action:?}");
        let stale = cached(39, Some(StaleReason::Refreshing));
        assert_eq!(core.read(100), Answer::Wait { otherwise: Some(Ok(stale)) });
        let outcomes = core.core.outcomes();
        let action = acquire(&mut core, 101, Acquisition::Busy(known(0)));
        assert!(matches!(action, Action::Wait(_)));
        assert_eq!((core.core.outcomes(), core.read(101)), (outcomes + 1, served(101, None)));
    }

    #[test]
    fn when_the_replica_that_asks_is_killed_another_one_asks() {
        let mut core = new_core();
        acquire(&mut core, 100, Acquisition::Busy(Shared::default()));
        let action = acquire(&mut core, 112, Acquisition::Leased(Shared::default()));
        assert!(matches!(action, Action::RequestToken { .. }), "{action:?}");
    }

    #[test]
    fn a_failure_of_another_replica_counts() {
        let mut core = new_core();
        let failure =
            SharedFailure { problem: Problem::Upstream, failures: 3, retry_in: Duration::from_secs(4) };
        let shared = Shared { failure: Some(failure), ..known(70) };
        let action = acquire(&mut core, 100, Acquisition::Leased(shared));
        assert!(matches!(action, Action::Share(Update::Nothing)), "{action:?}");
        assert_eq!((core.next(100), core.read(100)), (Some(4), served(30, FAILING)));
        core.fail(104, OUTAGE);
        assert_eq!(core.core.backoff().unwrap().failures, 4);
    }

    #[test]
    fn times_that_no_replica_can_have_written_are_no_panic_and_delay_nothing_for_ever() {
        let failure =
            SharedFailure { problem: Problem::Upstream, failures: u32::MAX, retry_in: Duration::MAX };
        let balances = SharedBalances { balances: [].into(), age: Duration::MAX };
        let token = Some((token("shared"), Duration::MAX));
        let shared = Shared { balances: Some(balances), failure: Some(failure), token };
        for has_entry in [false, true] {
            let mut core = new_core();
            if has_entry {
                core.succeed(0);
                core.read(60);
            }
            acquire(&mut core, 60, Acquisition::Leased(shared.clone()));
            assert_eq!(core.next(60), Some(18 * 60));
            let served = matches!(core.read(60), Answer::Ready(Ok(cached)) if cached.stale == FAILING);
            assert_eq!(served, has_entry, "a balance of no age was served");
            core.fail(60 + 18 * 60, OUTAGE);
        }
    }

    #[test]
    fn the_token_of_another_replica_is_used_unless_airalo_has_refused_it() {
        let mut core = new_core();
        let shared = Shared { token: Some((token("shared"), Duration::from_secs(600))), ..Shared::default() };
        let action = acquire(&mut core, 0, Acquisition::Leased(shared.clone()));
        assert!(matches!(action, Action::RequestBalances { .. }), "{action:?}");
        core.step(0, Event::Balances(Err(BalancesError::TokenRefused)));
        core.step(0, Event::Token(Err(OUTAGE)));
        core.step(0, Event::Shared);
        let action = acquire(&mut core, 5, Acquisition::Leased(shared));
        assert!(matches!(action, Action::RequestToken { .. }), "{action:?}");
    }

    #[test]
    fn the_balance_of_the_others_ends_the_refusal_of_a_secret_only_if_the_token_is_known_too() {
        for (is_token_known, is_refused) in [(false, true), (true, false)] {
            let mut core = new_core();
            core.fail(0, Failure::of(Problem::CredentialsRefused));
            let token = is_token_known.then(|| (token("shared"), Duration::from_secs(600)));
            let action = acquire(&mut core, 75, Acquisition::Leased(Shared { token, ..known(1) }));
            assert!(matches!(action, Action::Share(Update::Nothing)), "{action:?}");
            assert_eq!(core.read(75), served(74, None), "the balance is served all the same");
            assert_eq!(core.core.backoff().is_some(), is_refused);
            // The secret is tried again when a balance is wanted again.
            assert!((50..60).contains(&core.next(75).unwrap()), "{:?}", core.next(75));
        }
    }

    #[test]
    fn without_the_store_a_replica_that_knows_nothing_starts_a_little_later() {
        let mut core = new_core();
        let Action::Wait(Some(at)) = acquire(&mut core, 0, Acquisition::Unavailable) else { panic!() };
        // A reader who comes meanwhile still gets the balance.
        assert!(at < core.now(5).instant);
        assert_eq!(core.core.put_off_until(), Some(at));
        let action = acquire(&mut core, 5, Acquisition::Unavailable);
        assert!(matches!(action, Action::RequestToken { .. }), "{action:?}");
        assert_eq!(core.core.put_off_until(), None);
    }

    #[test]
    fn what_a_replica_fetches_without_the_store_is_reported_to_the_history_all_the_same() {
        let mut core = new_core();
        core.succeed(0);
        core.read(60);
        acquire(&mut core, 60, Acquisition::Unavailable);
        let action = core.step(60, Event::Balances(Ok([].into())));
        assert!(matches!(action, Action::Report(Update::Balances(_))), "{action:?}");
        assert!(matches!(core.step(60, Event::Shared), Action::Wait(_)));
    }

    #[test]
    fn without_the_store_a_replica_goes_on_and_requests_one_token_a_minute_at_most() {
        let mut core = new_core();
        core.succeed(0);
        core.read(60);
        assert!(matches!(acquire(&mut core, 60, Acquisition::Unavailable), Action::RequestBalances { .. }));
        let action = core.step(60, Event::Balances(Err(BalancesError::TokenRefused)));
        assert!(matches!(action, Action::RequestToken { .. }), "{action:?}");
        core.step(60, Event::Token(Err(OUTAGE)));
        core.core.backoff = None;
        core.read(90);
        let action = acquire(&mut core, 90, Acquisition::Unavailable);
        assert!(matches!(action, Action::Report(Update::Failure(_))), "{action:?}");
        assert_eq!(core.core.backoff().unwrap().problem, Problem::RateLimited);
    }
}

#[test]
fn new_credentials_are_tried_at_once_and_those_of_another_account_forget_the_balance() {
    for (is_same_account, is_kept) in [(true, true), (false, false)] {
        let mut core = new_core();
        core.succeed(0);
        core.read(60);
        core.fail(60, Failure::of(Problem::CredentialsRefused));
        core.core.replace_credentials(is_same_account);
        assert_eq!(core.core.cached(core.now(61)).is_some(), is_kept);
        assert!(matches!(core.begin(61), Action::RequestBalances { .. }));
    }
}
