//! The notices by which Airalo says that the balance is another one.

use std::time::{Duration, Instant};

/// The shortest time between two fetches that notices ask for. Whoever has seen a notice can send it again
/// and again.
pub(super) const PAUSE: Duration = Duration::from_secs(5);

/// The shortest time between any fetch and one that a notice asks for, so that many replicas with notices
/// do not ask one right after the other.
pub(super) const DELAY: Duration = Duration::from_secs(1);

/// What this replica has been told.
#[derive(Debug, Default)]
pub(super) struct Notices {
    /// There is a notice, and no request was made since.
    is_open: bool,
    /// When a request was made for notices.
    latest_request: Option<Instant>,
}

impl Notices {
    /// Takes a notice. Returns whether it is the first since the latest request.
    pub(super) const fn receive(&mut self) -> bool {
        !std::mem::replace(&mut self.is_open, true)
    }

    /// When a request is to be made for them, if there are any.
    pub(super) fn due(&self, latest_fetch: Option<Instant>, now: Instant) -> Option<Instant> {
        let after_fetch = latest_fetch.map_or(now, |at| at + DELAY);
        let after_pause = self.latest_request.map_or(now, |at| at + PAUSE);
        self.is_open.then(|| after_fetch.max(after_pause))
    }

    /// A request begins, whatever the reason. Airalo may have answered it when a later notice arrives, so
    /// that one has a request of its own.
    pub(super) fn request_begins(&mut self, now: Instant) {
        if std::mem::take(&mut self.is_open) {
            self.latest_request = Some(now);
        }
    }
}
