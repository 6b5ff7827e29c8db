//! What a poller publishes to its subscribers.

use super::error::FetchError;
use super::schedule::Millis;
use super::state::State;

/// The state of the balance, and what the poller is doing about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollState {
    /// What the card shows.
    pub state: State,
    /// Whether a request is in flight.
    pub in_flight: bool,
    /// The number of the last failure. Two equal failures in a row are two events, and only this
    /// number tells them apart.
    pub failure: u32,
    /// When that was, in milliseconds since 1970.
    pub failed_at: Millis,
    /// The number of the last request that has settled, for callers who wait for one.
    pub settled: u32,
    /// When the poller asks again by itself, on the clock of [`super::FetchedAt::elapsed`].
    pub next_request_at: Option<Millis>,
}

impl PollState {
    /// When the next attempt is due, while the last one has failed and the next may do better
    /// although nobody changes anything. The poller goes on in any case, but promises nothing.
    #[must_use]
    pub fn retry_at(&self) -> Option<Millis> {
        self.next_request_at.filter(|_| self.state.error().is_some_and(FetchError::is_retryable))
    }
}
