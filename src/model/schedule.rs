//! When to request the balance, and which response still counts.

/// Milliseconds, on a clock that the caller chooses and that never goes back.
pub type Millis = i64;

/// A manual request, or one when the network returns, is made no sooner than this after the last
/// request. A second click within this time is the same intention.
const MANUAL_FLOOR: Millis = 2_000;
/// The pause after the first failure. It doubles with each further one.
const FIRST_BACKOFF: Millis = 10_000;
/// The longest pause, however long a server is down or whatever it asks for.
const LONGEST_BACKOFF: Millis = 15 * 60_000;
/// A shorter `Retry-After` is raised to this.
const SHORTEST_RETRY_AFTER: Millis = 1_000;

/// Identifies one request, so that a late response is not taken for the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(u32);

/// A reason to make no automatic requests for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseReason {
    /// The tab is in the background.
    Hidden = 1,
    /// The browser has no network.
    Offline = 2,
    /// No card is near the viewport.
    OffScreen = 4,
    /// Another tab makes the requests for this one. The very first request is still made, because
    /// there is nothing to show until then.
    Follower = 8,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A card appeared, or the clock reached [`Schedule::wake_at`].
    Due,
    /// A manual refresh, by the button or by the page.
    Refresh,
    /// A reason to pause began.
    Paused(PauseReason),
    /// A reason to pause ended.
    Resumed(PauseReason),
    /// The request brought a balance.
    Succeeded(RequestId),
    /// A balance of this age came without a request: from another tab, or inside the page.
    Received(Millis),
    /// The request failed.
    Failed {
        /// Which request.
        request: RequestId,
        /// How long the server wants to be left alone.
        retry_after: Option<Millis>,
    },
}

/// Decides when to make a request: at an interval, not while nobody looks, with exponential backoff
/// after failures, and never two at once.
///
/// | event | requests at once | next request |
/// |---|---|---|
/// | `Due` | if the time has come, nothing pauses and nothing is in flight | – |
/// | `Refresh` | yes, even when paused, unless in flight; within 2 s of the last request, when they have passed | – |
/// | `Paused` | no | when resumed |
/// | `Resumed` | if the time came meanwhile; after `Offline` always, but not before `Retry-After` | – |
/// | `Succeeded` | no | after the interval ±10 % |
/// | `Received` | if the interval has passed since that balance | after the interval ±10 %, counted from then |
/// | `Failed` | no | 10 s, doubling to 15 min, at least `Retry-After` (1 s to 15 min), plus up to 10 % |
///
/// Without an interval requests are made at the start, manually, and when the network returns.
#[derive(Clone, Debug)]
pub struct Schedule {
    interval: Option<Millis>,
    pauses: u8,
    next_id: u32,
    in_flight: Option<RequestId>,
    requested_at: Option<Millis>,
    settled_at: Option<Millis>,
    due: Option<Millis>,
    /// When a manual request is due. Only a request clears it.
    manual: Option<Millis>,
    /// `Retry-After` of the last failure: before this only manual requests are made.
    not_before: Millis,
    failures: u32,
}

impl Schedule {
    /// A schedule whose first request is made at the first [`Event::Due`].
    #[must_use]
    pub const fn new(interval: Option<Millis>, now: Millis) -> Self {
        Self {
            interval,
            pauses: 0,
            next_id: 0,
            in_flight: None,
            requested_at: None,
            settled_at: None,
            due: Some(now),
            manual: None,
            not_before: Millis::MIN,
            failures: 0,
        }
    }

    /// Handles an event and returns the id of the request to make, if one is due.
    ///
    /// `random` is a number from 0 to 1. It spreads the requests of many cards over time (jitter).
    #[must_use]
    pub fn step(&mut self, event: Event, now: Millis, random: f64) -> Option<RequestId> {
        match event {
            Event::Due => {}
            Event::Refresh => {
                if self.in_flight.is_some() {
                    return None;
                }
                self.manual = Some(self.earliest_manual(now));
            }
            Event::Paused(reason) => {
                self.pauses |= reason as u8;
                return None;
            }
            Event::Resumed(reason) => {
                self.pauses &= !(reason as u8);
                if reason == PauseReason::Offline {
                    let back = self.earliest_manual(now).max(self.not_before);
                    self.due = Some(self.due.map_or(back, |due| due.min(back)));
                }
            }
            Event::Succeeded(request) => {
                if self.accepts(request) {
                    self.in_flight = None;
                    self.start_interval(now, random);
                }
            }
            Event::Received(age) => self.start_interval(now - age, random),
            Event::Failed { request, retry_after } => {
                if self.accepts(request) {
                    self.in_flight = None;
                    self.failures = self.failures.saturating_add(1);
                    self.settled_at = Some(now);
                    self.not_before = now + clamped(retry_after);
                    self.due = self.interval.map(|_| now + with_jitter(self.backoff(retry_after), random));
                }
            }
        }
        self.wake_at().is_some_and(|at| at <= now).then(|| self.start_request(now))
    }

    /// Whether the response to this request still counts.
    #[must_use]
    pub fn accepts(&self, request: RequestId) -> bool {
        self.in_flight == Some(request)
    }

    /// Whether a request is in flight.
    #[must_use]
    pub const fn is_in_flight(&self) -> bool {
        self.in_flight.is_some()
    }

    /// When the next [`Event::Due`] has something to do.
    #[must_use]
    pub fn wake_at(&self) -> Option<Millis> {
        if self.in_flight.is_some() {
            return None;
        }
        let due = self.due.filter(|_| !self.is_paused());
        [due, self.manual].into_iter().flatten().min()
    }

    /// Whether there is this reason to pause.
    #[must_use]
    pub const fn is_paused_for(&self, reason: PauseReason) -> bool {
        self.pauses & reason as u8 != 0
    }

    const fn is_paused(&self) -> bool {
        let ignored = if self.settled_at.is_none() { PauseReason::Follower as u8 } else { 0 };
        self.pauses & !ignored != 0
    }

    /// Changes the interval. It counts from the last response.
    pub fn set_interval(&mut self, interval: Option<Millis>) {
        if self.interval == interval {
            return;
        }
        self.interval = interval;
        if let Some(settled_at) = self.settled_at {
            let pause = if self.failures > 0 { Some(self.backoff(None)) } else { interval };
            let due = interval.and(pause).map(|pause| settled_at + pause);
            self.due = due.map(|due| due.max(self.not_before));
        }
    }

    fn earliest_manual(&self, now: Millis) -> Millis {
        self.requested_at.map_or(now, |at| now.max(at + MANUAL_FLOOR))
    }

    fn start_request(&mut self, now: Millis) -> RequestId {
        let request = RequestId(self.next_id);
        self.next_id = self.next_id.wrapping_add(1);
        self.in_flight = Some(request);
        self.requested_at = Some(now);
        self.due = None;
        self.manual = None;
        request
    }

    fn start_interval(&mut self, now: Millis, random: f64) {
        self.failures = 0;
        self.not_before = Millis::MIN;
        self.settled_at = Some(now);
        self.due = self
            .interval
            .map(|interval| now + interval * 9 / 10 + (interval as f64 / 5.0 * random) as Millis);
    }

    fn backoff(&self, retry_after: Option<Millis>) -> Millis {
        let doublings = self.failures.saturating_sub(1).min(10);
        let backoff = (FIRST_BACKOFF << doublings).min(LONGEST_BACKOFF);
        backoff.max(clamped(retry_after))
    }
}

/// `Retry-After` within limits.
fn clamped(retry_after: Option<Millis>) -> Millis {
    retry_after.map_or(0, |pause| pause.clamp(SHORTEST_RETRY_AFTER, LONGEST_BACKOFF))
}

/// Adds up to a tenth. Jitter never shortens a pause that a server asked for.
fn with_jitter(pause: Millis, random: f64) -> Millis {
    pause + (pause as f64 / 10.0 * random) as Millis
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
