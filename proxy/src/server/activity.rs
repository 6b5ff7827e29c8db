//! What one connection is doing, and how long it may take for it. Time is an argument.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How long a client may take. Every connection is in one of these phases, so none lasts for ever.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    /// For a request's head, from its first byte, and then for a body where one is read.
    pub(crate) head: Duration,
    /// Between two requests, and before the first.
    pub(crate) idle: Duration,
    /// The same for a proxy that we trust.
    pub(crate) proxy_idle: Duration,
    /// To take some bytes of a response.
    pub(crate) write: Duration,
    /// From a request's head to the last byte of its response, however slowly it is taken.
    pub(crate) response: Duration,
    /// To close the other direction once all is said.
    pub(crate) close: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(5),
            // Whoever sends a request at the moment at which its connection is closed, gets no answer.
            // So these are longer than the time after which load balancers close a connection
            // themselves: by default 60 s (nginx, AWS), and 600 s (Google Cloud).
            idle: Duration::from_secs(75),
            proxy_idle: Duration::from_secs(620),
            write: Duration::from_secs(10),
            response: Duration::from_secs(60),
            close: Duration::from_secs(1),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Head,
    /// The handler reads a body.
    Body,
    Response,
    Closing,
}

/// What a client is waited for, in the order in which connections are closed to make room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Awaited {
    Close,
    Request,
    Write,
    Head,
    /// Nothing: a handler is at work.
    Nothing,
}

/// The place of a connection among those of its client. The least one is closed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Waiting {
    pub(super) is_at_work: bool,
    /// It has been so for less than [`YOUNG`].
    is_young: bool,
    what: Awaited,
    since: Instant,
}

/// The bytes of an honest client need less.
const YOUNG: Duration = Duration::from_secs(1);

#[derive(Debug)]
struct State {
    phase: Phase,
    since: Instant,
    /// Since when the system takes no more bytes of a response, or took the last of them.
    unsent_since: Option<Instant>,
    /// The whole response has been handed to hyper, but it may not have been sent.
    is_response_complete: bool,
    /// Bytes of the next request came before this response was sent.
    has_early_bytes: bool,
    is_reset: bool,
}

/// Shared by the parts of one connection, and by the accept loop.
#[derive(Debug)]
pub(super) struct Activity {
    pub(super) client: IpAddr,
    /// Not so for a proxy that we trust, which holds the connections of many clients.
    pub(super) is_limited: bool,
    state: Mutex<State>,
    ended: Notify,
}

impl Activity {
    pub(super) fn new(client: IpAddr, is_limited: bool, now: Instant) -> Self {
        let state = State {
            phase: Phase::Idle,
            since: now,
            unsent_since: None,
            is_response_complete: false,
            has_early_bytes: false,
            is_reset: false,
        };
        Self { client, is_limited, state: Mutex::new(state), ended: Notify::new() }
    }

    /// Nothing panics while it holds the lock.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn bytes_received(&self, now: Instant) {
        let mut state = self.state();
        match state.phase {
            Phase::Idle => state.enter(Phase::Head, now),
            Phase::Response => state.has_early_bytes = true,
            Phase::Head | Phase::Body | Phase::Closing => {}
        }
    }

    /// The deadline of pipelined requests goes on until all their responses are sent.
    pub(super) fn head_complete(&self, now: Instant) {
        let mut state = self.state();
        state.is_response_complete = false;
        state.has_early_bytes = false;
        if state.phase != Phase::Response {
            state.enter(Phase::Response, now);
        }
    }

    pub(super) fn body_begins(&self, now: Instant) {
        self.state().enter(Phase::Body, now);
    }

    /// Bytes that came meanwhile are not those of another request.
    pub(super) fn body_complete(&self, now: Instant) {
        let mut state = self.state();
        state.has_early_bytes = false;
        state.enter(Phase::Response, now);
    }

    pub(super) fn response_complete(&self) {
        self.state().is_response_complete = true;
    }

    pub(super) fn bytes_not_taken(&self, now: Instant) {
        self.state().unsent_since.get_or_insert(now);
    }

    pub(super) fn bytes_taken(&self, now: Instant) {
        let mut state = self.state();
        if state.unsent_since.is_some() {
            state.unsent_since = Some(now);
        }
    }

    /// All bytes are with the system.
    pub(super) fn flushed(&self, now: Instant) {
        let mut state = self.state();
        state.unsent_since = None;
        if state.phase == Phase::Response && state.is_response_complete {
            let next = if state.has_early_bytes { Phase::Head } else { Phase::Idle };
            state.enter(next, now);
        }
    }

    pub(super) fn closing(&self, now: Instant) {
        let mut state = self.state();
        if state.phase != Phase::Closing {
            state.enter(Phase::Closing, now);
        }
    }

    /// What the client is late with, if it is.
    pub(super) fn overdue(&self, deadlines: &Deadlines, now: Instant) -> Option<&'static str> {
        let state = self.state();
        let is_over = |since: Instant, limit| now.saturating_duration_since(since) >= limit;
        if state.unsent_since.is_some_and(|since| is_over(since, deadlines.write)) {
            return Some("no byte of a response was taken in time");
        }
        let (limit, reason) = match state.phase {
            Phase::Idle if self.is_limited => (deadlines.idle, "no request came in time"),
            Phase::Idle => (deadlines.proxy_idle, "no request came in time"),
            Phase::Head => (deadlines.head, "a head was not complete in time"),
            Phase::Body => (deadlines.head, "a body was not complete in time"),
            Phase::Response => (deadlines.response, "a response was not complete in time"),
            Phase::Closing => (deadlines.close, "the client did not close in time"),
        };
        is_over(state.since, limit).then_some(reason)
    }

    pub(super) fn waiting(&self, now: Instant) -> Waiting {
        let state = self.state();
        let (what, since) = match (state.phase, state.unsent_since) {
            (Phase::Closing, _) => (Awaited::Close, state.since),
            (_, Some(since)) => (Awaited::Write, since),
            (Phase::Idle, None) => (Awaited::Request, state.since),
            (Phase::Head | Phase::Body, None) => (Awaited::Head, state.since),
            (Phase::Response, None) => (Awaited::Nothing, state.since),
        };
        let is_young = now.saturating_duration_since(since) < YOUNG;
        Waiting { is_at_work: what == Awaited::Nothing, is_young, what, since }
    }

    /// Ends the connection's task.
    pub(super) fn end(&self) {
        let mut state = self.state();
        // The system would keep what the client does not take.
        state.is_reset = state.unsent_since.is_some();
        drop(state);
        self.ended.notify_one();
    }

    pub(super) async fn ended(&self) {
        self.ended.notified().await;
    }

    pub(super) fn is_reset(&self) -> bool {
        self.state().is_reset
    }
}

impl State {
    fn enter(&mut self, phase: Phase, now: Instant) {
        self.phase = phase;
        self.since = now;
    }
}
