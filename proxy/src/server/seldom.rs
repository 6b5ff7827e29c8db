//! Keeps a line of the log from filling it.

use std::time::{Duration, Instant};

const INTERVAL: Duration = Duration::from_secs(10);

/// Allows one line in ten seconds.
#[derive(Debug, Default)]
pub(super) struct Seldom {
    last: Option<Instant>,
}

impl Seldom {
    pub(super) fn may_speak(&mut self, now: Instant) -> bool {
        let may_speak = self.last.is_none_or(|last| now.saturating_duration_since(last) >= INTERVAL);
        if may_speak {
            self.last = Some(now);
        }
        may_speak
    }
}
