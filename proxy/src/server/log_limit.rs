//! Keeps a line of the log from filling it.

use std::time::{Duration, Instant};

const INTERVAL: Duration = Duration::from_secs(10);

/// Allows one line in ten seconds.
#[derive(Debug, Default)]
pub(crate) struct LogLimit {
    last: Option<Instant>,
}

impl LogLimit {
    pub(crate) fn allows_line(&mut self, now: Instant) -> bool {
        let is_allowed = self.last.is_none_or(|last| now.saturating_duration_since(last) >= INTERVAL);
        if is_allowed {
            self.last = Some(now);
        }
        is_allowed
    }
}
