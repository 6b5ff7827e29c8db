//! When to ask for the balance, and which answer still counts.

/// Milliseconds, on a clock that the caller chooses and that never goes back.
pub type Millis = i64;

/// A second click within this time is the same wish.
const MANUAL_FLOOR: Millis = 2_000;
/// The pause after the first failure; it doubles with each further one.
const FIRST_BACKOFF: Millis = 10_000;
/// However long a server is down, the card looks again this often.
const LONGEST_BACKOFF: Millis = 15 * 60_000;
/// A server that names a shorter pause than this does not mean it.
const SHORTEST_RETRY_AFTER: Millis = 1_000;

/// Marks one request, so that its answer can be told from the answer to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(u32);

/// A reason not to ask on the card's own account for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseReason {
    /// The tab is in the background.
    Hidden = 1,
    /// The browser has no network.
    Offline = 2,
    /// No card is near the visible part of the page.
    OffScreen = 4,
    /// Another tab asks for this one too. The first balance of all is still asked for, because
    /// there is nothing to show until then.
    Follows = 8,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody wants the balance for the first time, or the clock reached [`Schedule::wake_at`].
    Due,
    /// Somebody asked for a fresh balance by hand.
    Refresh,
    /// A reason to pause began.
    Held(PauseReason),
    /// A reason to pause ended.
    Released(PauseReason),
    /// The request of that ticket brought an answer.
    Answered(RequestId),
    /// An answer came from elsewhere, that old: another tab has asked, or the page brought it along.
    Told(Millis),
    /// The request of that ticket failed.
    Failed {
        /// Which request.
        ticket: RequestId,
        /// How long the server wants to be left alone.
        retry_after: Option<Millis>,
    },
}

/// The rules of asking: at an interval, not while nobody looks, later and later after failures,
/// and never twice at once.
///
/// | event | asks at once | next time |
/// |---|---|---|
/// | `Due` | if the time has come, nothing holds it and nothing is under way | – |
/// | `Refresh` | yes, whatever holds it, unless under way; within 2 s of the last request, when they have passed | – |
/// | `Held` | no | when released |
/// | `Released` | if the time came meanwhile; back from offline at once, unless the server has had enough | – |
/// | `Answered` | no | after the interval, ±10 % |
/// | `Told` | if the interval has passed since that answer | after the interval, ±10 %, counted from then |
/// | `Failed` | no | 10 s, doubling to 15 min, at least `Retry-After`, up to 10 % later |
///
/// With the interval off, nothing is asked after the first request but by hand.
#[derive(Clone, Debug)]
pub struct Schedule {
    interval: Option<Millis>,
    holds: u8,
    next_ticket: u32,
    in_flight: Option<RequestId>,
    asked_at: Option<Millis>,
    settled_at: Option<Millis>,
    due: Option<Millis>,
    /// A wish of somebody's hand that is still to be fulfilled. Nothing but a request ends it.
    by_hand: Option<Millis>,
    /// Before this a server that has had enough is only asked by hand.
    not_before: Millis,
    failures: u32,
}

impl Schedule {
    /// A schedule that asks as soon as the first [`Event::Due`] comes.
    #[must_use]
    pub const fn new(interval: Option<Millis>, now: Millis) -> Self {
        Self {
            interval,
            holds: 0,
            next_ticket: 0,
            in_flight: None,
            asked_at: None,
            settled_at: None,
            due: Some(now),
            by_hand: None,
            not_before: Millis::MIN,
            failures: 0,
        }
    }

    /// Takes note of an event; the ticket of the request to be made, if one is due.
    ///
    /// `roll` is any number from 0 to 1. It spreads the requests of many cards over time.
    #[must_use]
    pub fn step(&mut self, event: Event, now: Millis, roll: f64) -> Option<RequestId> {
        match event {
            Event::Due => {}
            Event::Refresh => {
                if self.in_flight.is_some() {
                    return None;
                }
                self.by_hand = Some(self.earliest(now));
            }
            Event::Held(hold) => {
                self.holds |= hold as u8;
                return None;
            }
            Event::Released(hold) => {
                self.holds &= !(hold as u8);
                if hold == PauseReason::Offline {
                    let back = self.earliest(now).max(self.not_before);
                    self.due = Some(self.due.map_or(back, |due| due.min(back)));
                }
            }
            Event::Answered(ticket) => {
                if self.accepts(ticket) {
                    self.in_flight = None;
                    self.settle(now, roll);
                }
            }
            Event::Told(age) => self.settle(now - age, roll),
            Event::Failed { ticket, retry_after } => {
                if self.accepts(ticket) {
                    self.in_flight = None;
                    self.failures = self.failures.saturating_add(1);
                    self.settled_at = Some(now);
                    self.not_before = now + wish(retry_after);
                    self.due = self.interval.map(|_| now + later(self.pause(retry_after), roll));
                }
            }
        }
        self.wake_at().is_some_and(|at| at <= now).then(|| self.ask(now))
    }

    /// Whether the answer to that request still counts.
    #[must_use]
    pub fn accepts(&self, ticket: RequestId) -> bool {
        self.in_flight == Some(ticket)
    }

    /// Whether a request is under way.
    #[must_use]
    pub const fn is_asking(&self) -> bool {
        self.in_flight.is_some()
    }

    /// When the next [`Event::Due`] has something to do, if the clock decides.
    #[must_use]
    pub const fn wake_at(&self) -> Option<Millis> {
        if self.in_flight.is_some() {
            return None;
        }
        let due = if self.is_paused() { None } else { self.due };
        match (due, self.by_hand) {
            (Some(due), Some(by_hand)) => Some(if due < by_hand { due } else { by_hand }),
            (Some(at), None) | (None, Some(at)) => Some(at),
            (None, None) => None,
        }
    }

    /// Whether that reason to pause is there.
    #[must_use]
    pub const fn is_held(&self, hold: PauseReason) -> bool {
        self.holds & hold as u8 != 0
    }

    const fn is_paused(&self) -> bool {
        let first = self.settled_at.is_none();
        self.holds & !(if first { PauseReason::Follows as u8 } else { 0 }) != 0
    }

    /// Asks at another interval from now on, counted from the last answer.
    pub fn set_interval(&mut self, interval: Option<Millis>) {
        if self.interval == interval {
            return;
        }
        self.interval = interval;
        if let Some(settled_at) = self.settled_at {
            let pause = if self.failures > 0 { Some(self.pause(None)) } else { interval };
            let due = interval.and(pause).map(|pause| settled_at + pause);
            self.due = due.map(|due| due.max(self.not_before));
        }
    }

    fn earliest(&self, now: Millis) -> Millis {
        self.asked_at.map_or(now, |at| now.max(at + MANUAL_FLOOR))
    }

    fn ask(&mut self, now: Millis) -> RequestId {
        let ticket = RequestId(self.next_ticket);
        self.next_ticket = self.next_ticket.wrapping_add(1);
        self.in_flight = Some(ticket);
        self.asked_at = Some(now);
        self.due = None;
        self.by_hand = None;
        ticket
    }

    fn settle(&mut self, now: Millis, roll: f64) {
        self.failures = 0;
        self.not_before = Millis::MIN;
        self.settled_at = Some(now);
        self.due =
            self.interval.map(|interval| now + interval * 9 / 10 + (interval as f64 / 5.0 * roll) as Millis);
    }

    fn pause(&self, retry_after: Option<Millis>) -> Millis {
        let doublings = self.failures.saturating_sub(1).min(10);
        let backoff = (FIRST_BACKOFF << doublings).min(LONGEST_BACKOFF);
        backoff.max(wish(retry_after))
    }
}

/// What a server asks for, within reason.
fn wish(retry_after: Option<Millis>) -> Millis {
    retry_after.map_or(0, |wish| wish.clamp(SHORTEST_RETRY_AFTER, LONGEST_BACKOFF))
}

/// Only ever later: a pause that a server asked for, or that it needs, is not cut short.
fn later(pause: Millis, roll: f64) -> Millis {
    pause + (pause as f64 / 10.0 * roll) as Millis
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: Millis = 60_000;
    const INTERVAL: Millis = 5 * MINUTE;

    fn started() -> (Schedule, RequestId) {
        let mut schedule = Schedule::new(Some(INTERVAL), 0);
        let ticket = schedule.step(Event::Due, 0, 0.5).unwrap();
        (schedule, ticket)
    }

    fn answered() -> Schedule {
        let (mut schedule, ticket) = started();
        assert_eq!(schedule.step(Event::Answered(ticket), 0, 0.5), None);
        schedule
    }

    fn fail(schedule: &mut Schedule, ticket: RequestId, now: Millis, retry_after: Option<Millis>) {
        assert_eq!(schedule.step(Event::Failed { ticket, retry_after }, now, 0.0), None);
    }

    #[test]
    fn it_asks_again_after_the_interval_and_not_before() {
        let mut schedule = answered();
        assert_eq!(schedule.wake_at(), Some(INTERVAL));
        assert_eq!(schedule.step(Event::Due, INTERVAL - 1, 0.5), None);
        assert!(schedule.step(Event::Due, INTERVAL, 0.5).is_some());
    }

    #[test]
    fn many_cards_spread_over_a_fifth_of_the_interval() {
        let due = |roll| {
            let (mut schedule, ticket) = started();
            let _ = schedule.step(Event::Answered(ticket), 0, roll);
            schedule.wake_at().unwrap()
        };
        assert_eq!((due(0.0), due(1.0)), (INTERVAL * 9 / 10, INTERVAL * 11 / 10));
    }

    #[test]
    fn an_answer_that_came_along_is_renewed_when_it_is_old_enough() {
        let told = |age| {
            let mut schedule = Schedule::new(Some(INTERVAL), 0);
            let asked = schedule.step(Event::Told(age), 0, 0.5).is_some();
            (asked, schedule.wake_at())
        };
        assert_eq!(told(0), (false, Some(INTERVAL)));
        assert_eq!(told(3 * MINUTE), (false, Some(2 * MINUTE)));
        assert_eq!(told(INTERVAL), (true, None));
    }

    #[test]
    fn with_the_interval_off_only_a_hand_asks_again() {
        let mut schedule = Schedule::new(None, 0);
        let ticket = schedule.step(Event::Due, 0, 0.5).unwrap();
        let _ = schedule.step(Event::Answered(ticket), 0, 0.5);
        assert_eq!(schedule.wake_at(), None);
        assert_eq!(schedule.step(Event::Due, i64::MAX / 2, 0.5), None);
        assert!(schedule.step(Event::Refresh, 3_000, 0.5).is_some());
    }

    #[test]
    fn a_refresh_by_hand_goes_at_once_and_a_second_one_waits_its_two_seconds() {
        let mut schedule = answered();
        let ticket = schedule.step(Event::Refresh, 10_000, 0.5).unwrap();
        assert_eq!(schedule.step(Event::Refresh, 10_001, 0.5), None, "one is under way");
        let _ = schedule.step(Event::Answered(ticket), 10_100, 0.5);
        assert_eq!(schedule.step(Event::Refresh, 10_200, 0.5), None, "too soon");
        assert_eq!(schedule.wake_at(), Some(12_000), "but not forgotten");
        assert!(schedule.step(Event::Due, 12_000, 0.5).is_some());
    }

    #[test]
    fn a_late_answer_is_refused() {
        let (mut schedule, first) = started();
        fail(&mut schedule, first, 0, None);
        let second = schedule.step(Event::Due, 10_000, 0.5).unwrap();
        assert!(!schedule.accepts(first));
        let _ = schedule.step(Event::Answered(first), 10_001, 0.5);
        assert!(schedule.accepts(second) && schedule.is_asking());
    }

    #[test]
    fn the_pause_doubles_with_each_failure_and_ends_at_a_quarter_of_an_hour() {
        let (mut schedule, mut ticket) = started();
        let mut now = 0;
        let mut pauses = Vec::new();
        for _ in 0..9 {
            fail(&mut schedule, ticket, now, None);
            let due = schedule.wake_at().unwrap();
            pauses.push((due - now) / 1_000);
            now = due;
            ticket = schedule.step(Event::Due, now, 0.0).unwrap();
        }
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 900, 900]);
        let _ = schedule.step(Event::Answered(ticket), now, 0.5);
        assert_eq!(schedule.wake_at(), Some(now + INTERVAL), "one answer forgives all");
    }

    #[test]
    fn a_server_is_left_alone_as_long_as_it_asks_within_reason() {
        for (wish, pause) in
            [(30_000, 30_000), (0, 10_000), (-5, 10_000), (i64::MAX, 15 * MINUTE), (12_345, 12_345)]
        {
            let (mut schedule, ticket) = started();
            fail(&mut schedule, ticket, 0, Some(wish));
            assert_eq!(schedule.wake_at(), Some(pause), "{wish}");
        }
    }

    #[test]
    fn nothing_is_asked_while_nobody_looks_and_at_once_on_return_if_it_is_time() {
        for hold in [PauseReason::Hidden, PauseReason::Offline, PauseReason::OffScreen, PauseReason::Follows]
        {
            let mut schedule = answered();
            let _ = schedule.step(Event::Held(hold), 1_000, 0.5);
            assert_eq!(schedule.wake_at(), None);
            assert_eq!(schedule.step(Event::Due, 2 * INTERVAL, 0.5), None);
            assert!(schedule.step(Event::Released(hold), 2 * INTERVAL, 0.5).is_some());

            let mut schedule = answered();
            let _ = schedule.step(Event::Held(hold), 1_000, 0.5);
            if hold != PauseReason::Offline {
                assert_eq!(schedule.step(Event::Released(hold), 3_000, 0.5), None, "still fresh");
            }
        }
    }

    #[test]
    fn every_reason_to_pause_has_to_end() {
        let mut schedule = answered();
        let _ = schedule.step(Event::Held(PauseReason::Hidden), 0, 0.5);
        let _ = schedule.step(Event::Held(PauseReason::Offline), 0, 0.5);
        assert_eq!(schedule.step(Event::Released(PauseReason::Hidden), INTERVAL, 0.5), None);
        assert!(schedule.step(Event::Released(PauseReason::Offline), INTERVAL, 0.5).is_some());
    }

    #[test]
    fn a_tab_that_follows_another_asks_for_its_first_balance_only() {
        let mut schedule = Schedule::new(Some(INTERVAL), 0);
        assert_eq!(
            schedule.step(Event::Held(PauseReason::Hidden), 0, 0.5),
            None,
            "a hidden one not even for that"
        );
        let _ = schedule.step(Event::Held(PauseReason::Follows), 0, 0.5);
        let ticket = schedule.step(Event::Released(PauseReason::Hidden), 0, 0.5).unwrap();
        let _ = schedule.step(Event::Answered(ticket), 0, 0.5);
        assert_eq!(schedule.step(Event::Due, 9 * INTERVAL, 0.5), None);
    }

    #[test]
    fn back_online_the_balance_is_asked_for_without_waiting() {
        let mut schedule = answered();
        let _ = schedule.step(Event::Held(PauseReason::Offline), 1_000, 0.5);
        assert!(schedule.step(Event::Released(PauseReason::Offline), 5_000, 0.5).is_some());
    }

    #[test]
    fn back_online_a_failed_request_is_repeated_without_waiting() {
        let (mut schedule, ticket) = started();
        let _ = schedule.step(Event::Held(PauseReason::Offline), 1, 0.5);
        fail(&mut schedule, ticket, 2, None);
        assert!(schedule.step(Event::Released(PauseReason::Offline), 3_000, 0.5).is_some());
    }

    #[test]
    fn a_wish_by_hand_is_kept_whatever_holds_the_schedule() {
        for hold in [PauseReason::Hidden, PauseReason::Offline, PauseReason::OffScreen, PauseReason::Follows]
        {
            let mut schedule = answered();
            let _ = schedule.step(Event::Held(hold), 0, 0.5);
            assert_eq!(schedule.step(Event::Refresh, 1_000, 0.5), None, "too soon");
            let _ = schedule.step(Event::Told(0), 1_500, 0.5);
            assert_eq!(schedule.wake_at(), Some(2_000));
            assert!(schedule.step(Event::Due, 2_000, 0.5).is_some());
        }
    }

    #[test]
    fn a_server_that_has_had_enough_is_not_asked_for_coming_back_online_or_for_another_card() {
        let (mut schedule, ticket) = started();
        fail(&mut schedule, ticket, 0, Some(10 * MINUTE));
        let _ = schedule.step(Event::Held(PauseReason::Offline), 3_000, 0.5);
        assert_eq!(schedule.step(Event::Released(PauseReason::Offline), 5_000, 0.5), None);
        assert_eq!(schedule.wake_at(), Some(10 * MINUTE));
        schedule.set_interval(Some(MINUTE));
        assert_eq!(schedule.wake_at(), Some(10 * MINUTE));
    }

    #[test]
    fn back_online_a_card_asks_even_if_it_never_asks_by_itself() {
        let mut schedule = Schedule::new(None, 0);
        let ticket = schedule.step(Event::Due, 0, 0.5).unwrap();
        let _ = schedule.step(Event::Answered(ticket), 0, 0.5);
        let _ = schedule.step(Event::Held(PauseReason::Offline), 1_000, 0.5);
        assert!(schedule.step(Event::Released(PauseReason::Offline), 5_000, 0.5).is_some());
    }

    #[test]
    fn an_answer_from_elsewhere_saves_a_request() {
        let mut schedule = answered();
        let _ = schedule.step(Event::Told(0), INTERVAL - 1, 0.5);
        assert_eq!(schedule.step(Event::Due, INTERVAL, 0.5), None);
        assert_eq!(schedule.wake_at(), Some(2 * INTERVAL - 1));
    }

    #[test]
    fn a_new_interval_counts_from_the_last_answer() {
        let mut schedule = answered();
        schedule.set_interval(Some(MINUTE));
        assert_eq!(schedule.wake_at(), Some(MINUTE));
        schedule.set_interval(None);
        assert_eq!(schedule.wake_at(), None);
    }

    fn any_event() -> impl Strategy<Value = u8> {
        0_u8..12
    }

    proptest! {
        /// Tickets are recorded as they are handed out, so every request that a real poller
        /// would make is seen here.
        #[test]
        fn whatever_happens_one_request_is_in_flight_at_most(
            events in prop::collection::vec((any_event(), 0_i64..400_000, 0.0_f64..=1.0), 1..200),
            interval in prop::option::of(10_000_i64..86_400_000),
            other_interval in prop::option::of(10_000_i64..86_400_000),
            wishes in prop::collection::vec(0_i64..2_000_000, 0..2),
        ) {
            let mut schedule = Schedule::new(interval, 0);
            let mut open: Vec<RequestId> = Vec::new();
            let mut now = 0;
            let mut last_asked: Option<Millis> = None;
            let mut floor: Option<Millis> = None;
            let (mut back_online, mut by_hand) = (false, false);
            let mut enough_until = 0;
            let mut failures = 0_u32;
            for (kind, pause, roll) in events {
                now += pause;
                let hold = [PauseReason::Hidden, PauseReason::Offline, PauseReason::OffScreen, PauseReason::Follows][usize::from(kind % 3 + u8::from(roll > 0.9))];
                let event = match (kind, open.last().copied()) {
                    (0 | 1, _) => Event::Due,
                    (2, _) => Event::Refresh,
                    (3..=5, _) => Event::Held(hold),
                    (6..=8, _) => Event::Released(hold),
                    (9, Some(ticket)) => Event::Answered(ticket),
                    (10, Some(ticket)) => Event::Failed { ticket, retry_after: wishes.get(usize::from(roll > 0.5)).copied() },
                    (11, _) => Event::Told(0),
                    _ => Event::Due,
                };
                match event {
                    Event::Answered(_) => { open.clear(); failures = 0; floor = None; by_hand = false; }
                    Event::Failed { retry_after, .. } => {
                        open.clear();
                        failures += 1;
                        let backoff = (10_000_i64 << (failures - 1).min(20)).min(900_000);
                        let asked_for = retry_after.map_or(0, |wish| wish.clamp(1_000, 900_000));
                        floor = Some(now + backoff.max(asked_for));
                        enough_until = now + asked_for;
                        by_hand = false;
                    }
                    Event::Told(_) => { failures = 0; floor = None; }
                    _ => {}
                }
                if open.is_empty() {
                    back_online |= event == Event::Released(PauseReason::Offline);
                    by_hand |= event == Event::Refresh;
                }
                if kind == 1 {
                    schedule.set_interval(if roll > 0.5 { interval } else { other_interval });
                }
                if let Some(ticket) = schedule.step(event, now, roll) {
                    prop_assert!(open.is_empty(), "two requests at once");
                    if let Some(last) = last_asked {
                        prop_assert!(now - last >= MANUAL_FLOOR, "{} ms apart", now - last);
                    }
                    if let Some(floor) = floor {
                        prop_assert!(by_hand || back_online || now >= floor, "backed off too little");
                        prop_assert!(by_hand || now >= enough_until, "the server had had enough");
                    }
                    open.push(ticket);
                    last_asked = Some(now);
                    (back_online, by_hand) = (false, false);
                } else if by_hand && open.is_empty() {
                    let at = schedule.wake_at();
                    prop_assert!(at.is_some_and(|at| at <= now + MANUAL_FLOOR), "a wish was lost");
                }
                prop_assert_eq!(schedule.is_asking(), !open.is_empty());
            }
        }
    }
}
