//! When to request the balance, and which response still counts.

/// Milliseconds, on a clock that the caller chooses and that never goes back.
pub type Millis = i64;

/// Whatever asks for a request, it is made no sooner than this after the last one. A second click within
/// this time is the same intention.
const REQUEST_FLOOR: Millis = 2_000;
/// A follower waits at least this much longer than its leader, which may be waiting for a response.
const FOLLOWER_PATIENCE: Millis = 60_000;
/// A server that is getting a newer balance has it after this time, or knows that it failed.
const REFRESHING_PAUSE: Millis = 10_000;
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
    /// No card wants requests: none is near the viewport, or all wait until the page starts them.
    Inactive = 2,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A card appeared, or the clock reached [`Schedule::wake_at`].
    Due,
    /// A manual refresh, by the button or by the page.
    Refresh,
    /// A balance is wanted as soon as the limits allow: a card has come back, or the page has set
    /// other headers before there was a balance.
    Wanted,
    /// What made requests fail may be over, or begin: the network went or returned.
    NetworkChanged,
    /// What made requests fail may be over: the page has set the headers that the server wants.
    HeadersSet,
    /// The balance is not that of the user who is here now.
    Reset,
    /// A reason to pause began.
    Paused(PauseReason),
    /// A reason to pause ended.
    Resumed(PauseReason),
    /// The request brought a balance.
    Succeeded(RequestId),
    /// Another tab shares a balance that it has just received.
    Received,
    /// The page contains a balance of this age.
    FromPage(Millis),
    /// The balance that came is old, and the server is getting a newer one.
    Refreshing,
    /// Another tab makes the requests for this one, and its last one failed.
    LeaderFailed {
        /// How long the server wants to be left alone.
        retry_after: Option<Millis>,
    },
    /// The last card has gone. A manual refresh is no longer wanted.
    Left,
    /// The request was aborted.
    Aborted,
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
/// | `Wanted` | yes, but not within 2 s of the last request, nor before a backoff or `Retry-After` is over | as soon as that is over |
/// | `NetworkChanged`, `HeadersSet`, `Reset` | as `Wanted`, but a backoff does not count | as soon as that is over |
/// | `Paused` | no | when resumed |
/// | `Resumed` | if the time came meanwhile | – |
/// | `Succeeded` | no | after the interval ±10 % |
/// | `Received` | no | after the interval ±10 % |
/// | `FromPage` | if the interval has passed since that balance | after the interval ±10 %, counted from then; after a failure as before |
/// | `Refreshing` | no | 10 s after that, if the interval is longer; without one only once |
/// | `Failed` | no | 10 s, doubling to 15 min, at least `Retry-After` (1 s to 15 min), plus up to 10 % |
/// | `LeaderFailed` | no | after 15 min without a word from the leader; as after a failure of its own where it becomes the leader |
/// | `Left` | no | when a card comes back |
/// | `Aborted` | as `Wanted` | as `Wanted` |
///
/// Without an interval requests are made at the start, manually, when the network returns, and where the
/// server is getting a newer balance.
///
/// A follower makes requests until there is a balance. After that it leaves them to the leader, and
/// makes one only where the leader has missed its time.
#[derive(Clone, Debug)]
pub struct Schedule {
    interval: Option<Millis>,
    pauses: u8,
    /// Another tab makes the requests for this one.
    follower: bool,
    has_balance: bool,
    next_id: u32,
    in_flight: Option<RequestId>,
    requested_at: Option<Millis>,
    settled_at: Option<Millis>,
    /// When the interval or the backoff is over.
    due: Option<Millis>,
    /// When a request is due that something has asked for. A balance or a failure that comes first ends it.
    wanted: Option<Millis>,
    /// When a manual request is due. Only a request clears it.
    manual: Option<Millis>,
    /// Without an interval: that the server was getting a newer balance has made a request already.
    has_followed_up: bool,
    /// When the leader's last request failed, unless it has brought a balance since.
    leader_failed_at: Option<Millis>,
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
            follower: false,
            has_balance: false,
            next_id: 0,
            in_flight: None,
            requested_at: None,
            settled_at: None,
            due: Some(now),
            wanted: None,
            manual: None,
            has_followed_up: false,
            leader_failed_at: None,
            not_before: Millis::MIN,
            failures: 0,
        }
    }

    /// Handles an event and returns the id of the request to make, if one is due.
    ///
    /// `random` is a number from 0 to 1. It spreads the requests of many cards over time (jitter).
    #[must_use]
    pub fn step(&mut self, event: Event, now: Millis, random: f64) -> Option<RequestId> {
        if matches!(
            event,
            Event::Refresh | Event::Wanted | Event::NetworkChanged | Event::HeadersSet | Event::Reset
        ) {
            self.has_followed_up = false;
        }
        match event {
            Event::Due => {}
            Event::Refresh => {
                if self.in_flight.is_some() {
                    return None;
                }
                self.manual = Some(self.earliest_request(now));
            }
            Event::Wanted => self.hurry(self.backoff_end(now), now),
            Event::NetworkChanged | Event::HeadersSet => self.hurry(now, now),
            Event::Reset => {
                self.has_balance = false;
                self.hurry(now, now);
            }
            Event::Paused(reason) => {
                self.pauses |= reason as u8;
                return None;
            }
            Event::Resumed(reason) => self.pauses &= !(reason as u8),
            Event::Succeeded(request) => {
                if self.accepts(request) {
                    self.in_flight = None;
                    self.start_interval(now, random);
                }
            }
            Event::Received => self.start_interval(now, random),
            // It says nothing about a server that fails, or that wants to be left alone.
            Event::FromPage(_) if self.is_failing() => self.has_balance = true,
            Event::FromPage(age) => {
                self.start_interval(now - age, random);
                self.due = self.due.map(|due| due.max(self.earliest_request(now)));
            }
            Event::Refreshing if self.failures > 0 => {}
            // A server that always says so would be asked for ever.
            Event::Refreshing if self.interval.is_none() && self.has_followed_up => {}
            Event::Refreshing => {
                self.has_followed_up = true;
                self.hurry(now + REFRESHING_PAUSE, now);
            }
            Event::LeaderFailed { retry_after } => {
                self.wanted = None;
                self.leader_failed_at = Some(now);
                self.not_before = self.not_before.max(now + clamped(retry_after));
                self.due = self.interval.map(|_| now + LONGEST_BACKOFF);
            }
            Event::Left => {
                self.pauses |= PauseReason::Inactive as u8;
                self.manual = None;
                return None;
            }
            Event::Aborted => {
                if self.in_flight.take().is_some() {
                    self.hurry(self.backoff_end(now), now);
                }
            }
            Event::Failed { request, retry_after } => {
                if self.accepts(request) {
                    self.in_flight = None;
                    self.wanted = None;
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
        let automatic = [self.due, self.wanted].into_iter().flatten().min();
        let automatic = automatic.filter(|_| self.pauses == 0).map(|at| at + self.patience());
        [automatic, self.manual].into_iter().flatten().min()
    }

    /// Whether a request is in flight, or one follows as soon as it may follow the last.
    #[must_use]
    pub fn is_request_near(&self, now: Millis) -> bool {
        self.is_in_flight() || self.wake_at().is_some_and(|at| at <= now + REQUEST_FLOOR)
    }

    /// When the next request is expected. Nobody can tell for the leader of a follower.
    #[must_use]
    pub fn expected_at(&self) -> Option<Millis> {
        self.wake_at().filter(|_| !self.leaves_requests_to_leader())
    }

    /// Whether there is this reason to pause.
    #[must_use]
    pub const fn is_paused_for(&self, reason: PauseReason) -> bool {
        self.pauses & reason as u8 != 0
    }

    const fn leaves_requests_to_leader(&self) -> bool {
        self.follower && self.has_balance
    }

    /// How much longer than the others a follower waits.
    fn patience(&self) -> Millis {
        let is_patient = self.leaves_requests_to_leader();
        if is_patient { self.interval.unwrap_or_default().max(FOLLOWER_PATIENCE) } else { 0 }
    }

    /// Says whether another tab makes the requests for this one.
    pub fn set_follower(&mut self, follower: bool) {
        self.follower = follower;
        if !follower && let Some(failed_at) = self.leader_failed_at.take() {
            // As if the request had been its own.
            (self.failures, self.settled_at) = (self.failures.max(1), Some(failed_at));
            self.due = self.interval.map(|_| (failed_at + self.backoff(None)).max(self.not_before));
        }
    }

    /// Changes the interval. It counts from the last response.
    pub fn set_interval(&mut self, interval: Option<Millis>) {
        if self.interval == interval {
            return;
        }
        self.interval = interval;
        if let Some(settled_at) = self.settled_at {
            let pause = if self.failures > 0 { Some(self.backoff(None)) } else { interval };
            let floor = self.requested_at.map_or(Millis::MIN, |at| at + REQUEST_FLOOR);
            let due = interval.and(pause).map(|pause| settled_at + pause);
            self.due = due.map(|due| due.max(self.not_before).max(floor));
        }
    }

    /// Makes the next request due at this time, but no sooner than the limits allow.
    fn hurry(&mut self, at: Millis, now: Millis) {
        let at = at.max(self.earliest_request(now)).max(self.not_before);
        self.wanted = Some(self.wanted.map_or(at, |wanted| wanted.min(at)));
    }

    const fn is_failing(&self) -> bool {
        self.failures > 0 || self.leader_failed_at.is_some()
    }

    /// When the pause after the last failure is over.
    fn backoff_end(&self, now: Millis) -> Millis {
        let failed_at = self.settled_at.filter(|_| self.failures > 0);
        failed_at.map_or(now, |at| at + self.backoff(None))
    }

    fn earliest_request(&self, now: Millis) -> Millis {
        self.requested_at.map_or(now, |at| now.max(at + REQUEST_FLOOR))
    }

    fn start_request(&mut self, now: Millis) -> RequestId {
        let request = RequestId(self.next_id);
        self.next_id = self.next_id.wrapping_add(1);
        self.in_flight = Some(request);
        self.requested_at = Some(now);
        self.due = None;
        self.wanted = None;
        self.manual = None;
        self.leader_failed_at = None;
        request
    }

    fn start_interval(&mut self, now: Millis, random: f64) {
        self.failures = 0;
        self.has_balance = true;
        self.wanted = None;
        self.leader_failed_at = None;
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
mod properties;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
