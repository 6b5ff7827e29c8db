//! A notice of Airalo is a reason to ask, within every other rule.

use super::*;

/// A core whose balance was fetched at second 0.
fn with_balance() -> TestCore {
    let mut core = new_core();
    core.succeed(0);
    core
}

#[test]
fn a_notice_has_airalo_asked_at_once_although_the_balance_is_fresh_and_nobody_reads() {
    let mut core = with_balance();
    core.core.notice();
    assert_eq!(core.next(30), Some(0));
    core.succeed(30);
    assert_eq!((core.next(30), core.read(30)), (None, served(30, None)));
}

#[test]
fn right_after_a_fetch_a_notice_waits_for_a_second() {
    let mut core = with_balance();
    core.core.notice();
    assert_eq!(core.next(0), Some(1));
    core.succeed(1);
}

#[test]
fn of_many_notices_within_a_pause_there_is_one_fetch_at_its_end() {
    let mut core = with_balance();
    core.core.notice();
    core.succeed(30);
    for second in 30..35 {
        core.core.notice();
        assert_eq!(core.next(second), Some(35 - second));
        assert!(matches!(core.step(second, Event::Woken), Action::Wait(Some(_))));
    }
    core.succeed(35);
    assert_eq!(core.next(35), None);
}

#[test]
fn a_notice_during_a_request_has_airalo_asked_once_more() {
    let mut core = with_balance();
    core.core.notice();
    core.begin(30);
    core.core.notice();
    core.step(31, Event::Balances(Ok([].into())));
    let Action::Wait(Some(at)) = core.step(31, Event::Shared) else { panic!() };
    assert_eq!(at, core.now(35).instant);
    core.succeed(35);
    assert_eq!(core.next(35), None);
}

#[test]
fn a_notice_does_not_shorten_a_backoff() {
    let mut core = with_balance();
    core.core.notice();
    core.fail(30, Failure { retry_after: Some(Duration::from_secs(100)), ..OUTAGE });
    let next = core.next(40);
    core.core.notice();
    assert!(core.next(40).unwrap() >= 90);
    assert_eq!(core.next(40), next);
    assert!(matches!(core.step(40, Event::Woken), Action::Wait(Some(_))));
}

#[test]
fn a_balance_that_another_replica_had_before_the_notice_does_not_do() {
    let shared = |age| Shared {
        balances: Some(SharedBalances { balances: [].into(), age: Duration::from_secs(age) }),
        ..Shared::default()
    };
    for (age, asks) in [(0, false), (20, true)] {
        let mut core = with_balance();
        core.core.notice();
        assert!(matches!(core.step(30, Event::Woken), Action::Acquire));
        let action = core.step(30, Event::Acquired(Acquisition::Leased(shared(age))));
        assert_eq!(matches!(action, Action::RequestBalances { .. }), asks, "{action:?}");
        // After the pause it asks all the same.
        assert!(asks || core.next(30) == Some(1));
    }
}
