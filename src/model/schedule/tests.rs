//! The rules of the schedule, one by one.

use super::*;

const MINUTE: Millis = 60_000;
const INTERVAL: Millis = 5 * MINUTE;

fn started() -> (Schedule, RequestId) {
    let mut schedule = Schedule::new(Some(INTERVAL), 0);
    let request = schedule.step(Event::Due, 0, 0.5).unwrap();
    (schedule, request)
}

fn answered() -> Schedule {
    let (mut schedule, request) = started();
    assert_eq!(schedule.step(Event::Succeeded(request), 0, 0.5), None);
    schedule
}

fn fail(schedule: &mut Schedule, request: RequestId, now: Millis, retry_after: Option<Millis>) {
    assert_eq!(schedule.step(Event::Failed { request, retry_after }, now, 0.0), None);
}

#[test]
fn it_requests_again_after_the_interval_and_not_before() {
    let mut schedule = answered();
    assert_eq!(schedule.wake_at(), Some(INTERVAL));
    assert_eq!(schedule.step(Event::Due, INTERVAL - 1, 0.5), None);
    assert!(schedule.step(Event::Due, INTERVAL, 0.5).is_some());
}

#[test]
fn many_cards_spread_over_a_fifth_of_the_interval() {
    let due = |random| {
        let (mut schedule, request) = started();
        let _ = schedule.step(Event::Succeeded(request), 0, random);
        schedule.wake_at().unwrap()
    };
    assert_eq!((due(0.0), due(1.0)), (INTERVAL * 9 / 10, INTERVAL * 11 / 10));
}

#[test]
fn a_balance_inside_the_page_is_renewed_when_it_is_old_enough() {
    let received = |age| {
        let mut schedule = Schedule::new(Some(INTERVAL), 0);
        let asked = schedule.step(Event::FromPage(age), 0, 0.5).is_some();
        (asked, schedule.wake_at())
    };
    assert_eq!(received(0), (false, Some(INTERVAL)));
    assert_eq!(received(3 * MINUTE), (false, Some(2 * MINUTE)));
    assert_eq!(received(INTERVAL), (true, None));
}

#[test]
fn without_an_interval_no_request_is_due_until_something_asks_for_one() {
    let mut schedule = Schedule::new(None, 0);
    let request = schedule.step(Event::Due, 0, 0.5).unwrap();
    let _ = schedule.step(Event::Succeeded(request), 0, 0.5);
    assert_eq!(schedule.wake_at(), None);
    assert_eq!(schedule.step(Event::Due, i64::MAX / 2, 0.5), None);
    assert!(schedule.step(Event::Refresh, 3_000, 0.5).is_some());
}

#[test]
fn while_the_server_gets_a_newer_balance_it_is_asked_again_soon() {
    let mut schedule = answered();
    assert_eq!(schedule.step(Event::Refreshing, 0, 0.5), None);
    assert_eq!(schedule.wake_at(), Some(10_000));

    let mut without_interval = Schedule::new(None, 0);
    let request = without_interval.step(Event::Due, 0, 0.5).unwrap();
    let _ = without_interval.step(Event::Succeeded(request), 0, 0.5);
    let _ = without_interval.step(Event::Refreshing, 0, 0.5);
    assert_eq!(without_interval.wake_at(), Some(10_000), "it completes the request that was made");
    let request = without_interval.step(Event::Due, 10_000, 0.5).unwrap();
    let _ = without_interval.step(Event::Succeeded(request), 10_000, 0.5);
    let _ = without_interval.step(Event::Refreshing, 10_000, 0.5);
    assert_eq!(without_interval.wake_at(), None, "and that once");
}

#[test]
fn a_manual_refresh_requests_at_once_and_a_second_one_waits_two_seconds() {
    let mut schedule = answered();
    let request = schedule.step(Event::Refresh, 10_000, 0.5).unwrap();
    assert_eq!(schedule.step(Event::Refresh, 10_001, 0.5), None, "one is in flight");
    let _ = schedule.step(Event::Succeeded(request), 10_100, 0.5);
    assert_eq!(schedule.step(Event::Refresh, 10_200, 0.5), None, "too soon");
    assert_eq!(schedule.wake_at(), Some(12_000), "but not forgotten");
    assert!(schedule.step(Event::Due, 12_000, 0.5).is_some());
}

#[test]
fn a_late_response_is_refused() {
    let (mut schedule, first) = started();
    fail(&mut schedule, first, 0, None);
    let second = schedule.step(Event::Due, 10_000, 0.5).unwrap();
    assert!(!schedule.accepts(first));
    let _ = schedule.step(Event::Succeeded(first), 10_001, 0.5);
    assert!(schedule.accepts(second) && schedule.is_in_flight());
}

#[test]
fn the_pause_doubles_with_each_failure_and_ends_at_a_quarter_of_an_hour() {
    let (mut schedule, mut request) = started();
    let mut now = 0;
    let mut pauses = Vec::new();
    for _ in 0..9 {
        fail(&mut schedule, request, now, None);
        let due = schedule.wake_at().unwrap();
        pauses.push((due - now) / 1_000);
        now = due;
        request = schedule.step(Event::Due, now, 0.0).unwrap();
    }
    assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 900, 900]);
    let _ = schedule.step(Event::Succeeded(request), now, 0.5);
    assert_eq!(schedule.wake_at(), Some(now + INTERVAL), "one success resets the backoff");
}

#[test]
fn retry_after_is_respected_within_limits() {
    for (retry_after, pause) in
        [(30_000, 30_000), (0, 10_000), (-5, 10_000), (i64::MAX, 15 * MINUTE), (12_345, 12_345)]
    {
        let (mut schedule, request) = started();
        fail(&mut schedule, request, 0, Some(retry_after));
        assert_eq!(schedule.wake_at(), Some(pause), "{retry_after}");
    }
}

const REASONS: [PauseReason; 2] = [PauseReason::Hidden, PauseReason::Inactive];

#[test]
fn nothing_is_requested_while_paused_and_at_once_on_return_if_it_is_time() {
    for reason in REASONS {
        let mut schedule = answered();
        let _ = schedule.step(Event::Paused(reason), 1_000, 0.5);
        assert_eq!(schedule.wake_at(), None);
        assert_eq!(schedule.step(Event::Due, 2 * INTERVAL, 0.5), None);
        assert!(schedule.step(Event::Resumed(reason), 2 * INTERVAL, 0.5).is_some());

        let mut schedule = answered();
        let _ = schedule.step(Event::Paused(reason), 1_000, 0.5);
        assert_eq!(schedule.step(Event::Resumed(reason), 3_000, 0.5), None, "still fresh");
    }
}

#[test]
fn every_reason_to_pause_has_to_end() {
    let mut schedule = answered();
    for reason in REASONS {
        let _ = schedule.step(Event::Paused(reason), 0, 0.5);
    }
    assert_eq!(schedule.step(Event::Resumed(PauseReason::Hidden), INTERVAL, 0.5), None);
    assert!(schedule.step(Event::Resumed(PauseReason::Inactive), INTERVAL, 0.5).is_some());
}

#[test]
fn a_follower_makes_its_first_request_and_then_one_where_the_leader_is_silent() {
    let mut schedule = Schedule::new(Some(INTERVAL), 0);
    assert_eq!(
        schedule.step(Event::Paused(PauseReason::Hidden), 0, 0.5),
        None,
        "a hidden tab does not request even that"
    );
    schedule.set_follower(true);
    let request = schedule.step(Event::Resumed(PauseReason::Hidden), 0, 0.5).unwrap();
    let _ = schedule.step(Event::Succeeded(request), 0, 0.5);
    let _ = schedule.step(Event::Received, INTERVAL, 0.5);
    assert_eq!(schedule.step(Event::Due, 3 * INTERVAL - 1, 0.5), None);
    assert!(schedule.step(Event::Due, 3 * INTERVAL, 0.5).is_some());
}

#[test]
fn a_follower_without_a_balance_tries_again_as_others_do() {
    let (mut schedule, request) = started();
    schedule.set_follower(true);
    fail(&mut schedule, request, 0, None);
    assert_eq!(schedule.wake_at(), Some(FIRST_BACKOFF));
}

#[test]
fn a_follower_leaves_a_failing_server_to_the_leader() {
    let mut schedule = answered();
    schedule.set_follower(true);
    let _ = schedule.step(Event::LeaderFailed { retry_after: None }, INTERVAL, 0.5);
    assert_eq!(schedule.step(Event::Due, INTERVAL + LONGEST_BACKOFF, 0.5), None);
    assert_eq!(schedule.expected_at(), None, "only the leader knows");
    let _ = schedule.step(Event::Received, 2 * INTERVAL, 0.5);
    schedule.set_follower(false);
    assert_eq!(schedule.wake_at(), Some(3 * INTERVAL));
}

#[test]
fn a_follower_that_takes_the_lead_from_one_that_failed_goes_on_as_if_it_had_failed_itself() {
    for (retry_after, pause) in [(None, FIRST_BACKOFF), (Some(10 * MINUTE), 10 * MINUTE)] {
        let mut schedule = answered();
        schedule.set_follower(true);
        let _ = schedule.step(Event::LeaderFailed { retry_after }, INTERVAL, 0.5);
        schedule.set_follower(false);
        assert_eq!(schedule.expected_at(), Some(INTERVAL + pause));
    }
}

#[test]
fn back_online_the_balance_is_requested_without_waiting_even_without_an_interval() {
    for interval in [Some(INTERVAL), None] {
        let mut schedule = Schedule::new(interval, 0);
        let request = schedule.step(Event::Due, 0, 0.5).unwrap();
        let _ = schedule.step(Event::Succeeded(request), 0, 0.5);
        assert!(schedule.step(Event::NetworkChanged, 5_000, 0.5).is_some());
    }
}

#[test]
fn back_online_or_with_headers_a_failed_request_is_repeated_without_waiting() {
    for event in [Event::NetworkChanged, Event::HeadersSet] {
        let (mut schedule, request) = started();
        fail(&mut schedule, request, 2, None);
        assert_eq!(schedule.step(event, 1_000, 0.5), None, "too soon");
        assert!(schedule.step(Event::Due, 2_000, 0.5).is_some());
    }
}

#[test]
fn a_manual_refresh_is_kept_whatever_pauses_the_schedule() {
    for reason in REASONS {
        let mut schedule = answered();
        let _ = schedule.step(Event::Paused(reason), 0, 0.5);
        assert_eq!(schedule.step(Event::Refresh, 1_000, 0.5), None, "too soon");
        let _ = schedule.step(Event::Received, 1_500, 0.5);
        assert_eq!(schedule.wake_at(), Some(2_000));
        assert!(schedule.step(Event::Due, 2_000, 0.5).is_some());
    }
}

#[test]
fn retry_after_holds_whatever_a_page_changes() {
    let (mut schedule, request) = started();
    fail(&mut schedule, request, 0, Some(10 * MINUTE));
    for event in [Event::NetworkChanged, Event::HeadersSet, Event::Wanted] {
        assert_eq!(schedule.step(event, 5_000, 0.5), None);
        assert_eq!(schedule.wake_at(), Some(10 * MINUTE));
    }
    for interval in [Some(MINUTE), None, Some(2 * MINUTE)] {
        schedule.set_interval(interval);
        assert_eq!(schedule.step(Event::FromPage(INTERVAL), 6_000, 0.5), None);
        assert_eq!(schedule.wake_at(), Some(10 * MINUTE));
    }
}

#[test]
fn a_balance_inside_the_page_ends_no_backoff_and_makes_no_request_within_two_seconds() {
    let (mut schedule, request) = started();
    fail(&mut schedule, request, 0, None);
    assert_eq!(schedule.step(Event::FromPage(INTERVAL), 5_000, 0.5), None);
    assert_eq!(schedule.wake_at(), Some(FIRST_BACKOFF));

    let mut schedule = answered();
    assert_eq!(schedule.step(Event::FromPage(INTERVAL), 500, 0.5), None);
    assert_eq!(schedule.wake_at(), Some(REQUEST_FLOOR));
}

#[test]
fn a_request_that_is_wanted_is_made_whatever_the_interval_becomes() {
    for event in [Event::HeadersSet, Event::NetworkChanged, Event::Reset] {
        let (mut schedule, request) = started();
        fail(&mut schedule, request, 300, None);
        let _ = schedule.step(event, 1_000, 0.5);
        schedule.set_interval(None);
        assert_eq!(schedule.wake_at(), Some(2_000), "{event:?}");
        schedule.set_interval(Some(INTERVAL));
        assert_eq!(schedule.wake_at(), Some(2_000), "{event:?}");
    }
}

#[test]
fn another_interval_makes_no_request_within_two_seconds_of_the_last_one() {
    let mut schedule = answered();
    let _ = schedule.step(Event::Refresh, 2 * MINUTE, 0.5);
    let _ = schedule.step(Event::Aborted, 2 * MINUTE + 100, 0.5);
    schedule.set_interval(Some(MINUTE));
    assert_eq!(schedule.wake_at(), Some(2 * MINUTE + REQUEST_FLOOR));
}

#[test]
fn a_balance_that_is_wanted_waits_for_the_backoff_and_for_two_seconds() {
    for interval in [Some(INTERVAL), None] {
        let mut schedule = Schedule::new(interval, 0);
        let request = schedule.step(Event::Due, 0, 0.5).unwrap();
        fail(&mut schedule, request, 100, None);
        assert_eq!(schedule.step(Event::Wanted, 5_000, 0.5), None);
        assert_eq!(schedule.wake_at(), Some(10_100));
    }
    let mut schedule = answered();
    assert_eq!(schedule.step(Event::Wanted, 500, 0.5), None);
    assert_eq!(schedule.wake_at(), Some(2_000));
    assert!(schedule.step(Event::Wanted, 3_000, 0.5).is_some(), "a balance that is shown may be renewed");
}

#[test]
fn a_request_that_was_aborted_is_made_again_two_seconds_after_it() {
    let (mut schedule, request) = started();
    let _ = schedule.step(Event::Left, 100, 0.5);
    assert!(schedule.accepts(request), "a card that comes at once may use it");
    let _ = schedule.step(Event::Aborted, 600, 0.5);
    assert_eq!(schedule.wake_at(), None, "there is no card");
    assert_eq!(schedule.step(Event::Resumed(PauseReason::Inactive), 700, 0.5), None);
    assert_eq!(schedule.wake_at(), Some(2_000));
}

#[test]
fn a_refresh_of_a_card_that_has_gone_is_forgotten() {
    let mut schedule = answered();
    let _ = schedule.step(Event::Refresh, 100, 0.5);
    let _ = schedule.step(Event::Left, 200, 0.5);
    assert_eq!(schedule.wake_at(), None);
}

#[test]
fn a_balance_from_another_tab_saves_a_request() {
    let mut schedule = answered();
    let _ = schedule.step(Event::Received, INTERVAL - 1, 0.5);
    assert_eq!(schedule.step(Event::Due, INTERVAL, 0.5), None);
    assert_eq!(schedule.wake_at(), Some(2 * INTERVAL - 1));
}

#[test]
fn a_new_interval_counts_from_the_last_response() {
    let mut schedule = answered();
    schedule.set_interval(Some(MINUTE));
    assert_eq!(schedule.wake_at(), Some(MINUTE));
    schedule.set_interval(None);
    assert_eq!(schedule.wake_at(), None);
}
