//! The documented limits of requests a minute. Time is an argument.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct RateLimit {
    limit: usize,
    times: VecDeque<Instant>,
}

impl RateLimit {
    pub(super) const fn per_minute(limit: usize) -> Self {
        Self { limit, times: VecDeque::new() }
    }

    /// Counts one request. When the limit is reached, returns the time to wait.
    pub(super) fn acquire(&mut self, now: Instant) -> Result<(), Duration> {
        while self.times.front().is_some_and(|at| now.duration_since(*at) >= WINDOW) {
            self.times.pop_front();
        }
        match self.times.front() {
            Some(oldest) if self.times.len() >= self.limit => Err(WINDOW - now.duration_since(*oldest)),
            _ => {
                self.times.push_back(now);
                Ok(())
            }
        }
    }
}
