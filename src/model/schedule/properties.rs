//! What holds of the schedule whatever happens, in whatever order.

use super::*;
use proptest::prelude::*;

const REASONS: [PauseReason; 2] = [PauseReason::Hidden, PauseReason::Inactive];

/// What happens to the schedule next. `Succeeded` and `Failed` are for the request in flight.
#[derive(Clone, Copy, Debug)]
enum Step {
    Event(Event),
    Succeeds,
    Fails { retry_after: Option<Millis> },
    Follows(bool),
    SetInterval(Option<Millis>),
}

fn any_interval() -> impl Strategy<Value = Option<Millis>> {
    prop::option::of(10_000_i64..86_400_000)
}

fn any_retry_after() -> impl Strategy<Value = Option<Millis>> {
    prop::option::of(0_i64..2_000_000)
}

fn any_event() -> impl Strategy<Value = Event> {
    const SIMPLE: &[Event] = &[
        Event::Due,
        Event::Due,
        Event::Refresh,
        Event::Wanted,
        Event::NetworkChanged,
        Event::HeadersSet,
        Event::Reset,
        Event::Received,
        Event::Refreshing,
        Event::Left,
        Event::Aborted,
    ];
    let reason = || prop::sample::select(&REASONS);
    prop_oneof![
        8 => prop::sample::select(SIMPLE),
        2 => reason().prop_map(Event::Paused),
        3 => reason().prop_map(Event::Resumed),
        1 => (0_i64..90_000_000).prop_map(Event::FromPage),
        1 => any_retry_after().prop_map(|retry_after| Event::LeaderFailed { retry_after }),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => any_event().prop_map(Step::Event),
        3 => Just(Step::Succeeds),
        3 => any_retry_after().prop_map(|retry_after| Step::Fails { retry_after }),
        1 => any::<bool>().prop_map(Step::Follows),
        1 => any_interval().prop_map(Step::SetInterval),
    ]
}

/// What the rules allow, worked out apart from the schedule.
#[derive(Debug, Default)]
struct Limits {
    last_request: Option<Millis>,
    failures: u32,
    /// Before this nothing but a manual request is made.
    not_before: Millis,
    /// Before this only a manual request is made, or one for which a backoff does not count.
    backoff_end: Millis,
    /// Somebody has pressed the button and no request has been made since.
    manual: bool,
    /// Something has happened since the last request for which a backoff does not count.
    skips_backoff: bool,
}

impl Limits {
    fn failed(&mut self, retry_after: Option<Millis>, now: Millis) {
        let asked = retry_after.map_or(0, |pause| pause.clamp(1_000, 900_000));
        let backoff = (FIRST_BACKOFF << self.failures.min(20)).min(900_000);
        self.failures += 1;
        self.not_before = now + asked;
        self.backoff_end = now + backoff.max(asked);
    }

    fn answered(&mut self) {
        (self.failures, self.not_before, self.backoff_end) = (0, 0, 0);
    }
}

proptest! {
    #[test]
    fn whatever_happens_one_request_is_in_flight_at_most_and_every_limit_holds(
        steps in prop::collection::vec((any_step(), 0_i64..400_000, 0.0_f64..=1.0), 1..200),
        interval in any_interval(),
    ) {
        let mut schedule = Schedule::new(interval, 0);
        let mut in_flight: Option<RequestId> = None;
        let mut limits = Limits::default();
        let mut now = 0;
        for (step, pause, random) in steps {
            now += pause;
            let event = match (step, in_flight) {
                (Step::Event(event), _) => event,
                (Step::Succeeds, Some(request)) => Event::Succeeded(request),
                (Step::Fails { retry_after }, Some(request)) => Event::Failed { request, retry_after },
                (Step::Follows(follower), _) => {
                    schedule.set_follower(follower);
                    Event::Due
                }
                (Step::SetInterval(interval), _) => {
                    schedule.set_interval(interval);
                    Event::Due
                }
                (Step::Succeeds | Step::Fails { .. }, None) => Event::Due,
            };
            match event {
                Event::Succeeded(_) => {
                    in_flight = None;
                    limits.answered();
                }
                Event::Failed { retry_after, .. } => {
                    in_flight = None;
                    limits.failed(retry_after, now);
                }
                Event::Received => limits.answered(),
                Event::LeaderFailed { retry_after } => {
                    let asked = retry_after.map_or(0, |pause| pause.clamp(1_000, 900_000));
                    limits.not_before = limits.not_before.max(now + asked);
                }
                Event::Aborted => in_flight = None,
                Event::Left => limits.manual = false,
                Event::Refresh => limits.manual |= in_flight.is_none(),
                Event::NetworkChanged | Event::HeadersSet | Event::Reset => limits.skips_backoff = true,
                _ => {}
            }
            if let Some(request) = schedule.step(event, now, random) {
                prop_assert!(in_flight.is_none(), "two requests at once");
                if let Some(last) = limits.last_request {
                    prop_assert!(now - last >= REQUEST_FLOOR, "{} ms apart", now - last);
                }
                prop_assert!(limits.manual || now >= limits.not_before, "before Retry-After");
                prop_assert!(
                    limits.manual || limits.skips_backoff || now >= limits.backoff_end,
                    "backed off too little"
                );
                in_flight = Some(request);
                limits.last_request = Some(now);
                (limits.manual, limits.skips_backoff) = (false, false);
            } else if limits.manual && in_flight.is_none() {
                let at = schedule.wake_at();
                prop_assert!(at.is_some_and(|at| at <= now + REQUEST_FLOOR), "a manual refresh was lost");
            }
            prop_assert_eq!(schedule.is_in_flight(), in_flight.is_some());
        }
    }

    /// Without a balance or a failure in between, what asks for a request gets one.
    #[test]
    fn a_request_that_is_wanted_is_never_lost(
        event in prop::sample::select(&[Event::Wanted, Event::NetworkChanged, Event::HeadersSet, Event::Reset][..]),
        intervals in prop::collection::vec(any_interval(), 1..5),
        has_failed: bool,
    ) {
        let mut schedule = Schedule::new(intervals[0], 0);
        let request = schedule.step(Event::Due, 0, 0.5).unwrap();
        if has_failed {
            let _ = schedule.step(Event::Failed { request, retry_after: None }, 100, 0.0);
        } else {
            let _ = schedule.step(Event::Succeeded(request), 100, 0.5);
        }
        let is_asked = schedule.step(event, 500, 0.5).is_some();
        for interval in intervals {
            schedule.set_interval(interval);
        }
        prop_assert!(is_asked || schedule.wake_at().is_some_and(|at| at <= 11_000), "{:?}", schedule.wake_at());
    }
}
