//! What a poller publishes to its subscribers.

use super::error::FetchError;
use super::history::DaysLeft;
use super::history_response::HistoryResponse;
use super::schedule::Millis;
use super::state::State;
use std::rc::Rc;

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
    /// The history that arrived last.
    pub history: Option<Rc<HistoryResponse>>,
}

impl PollState {
    /// The history, where it is that of the balance on the card: there is one, and its currency is the
    /// same.
    #[must_use]
    pub fn history(&self) -> Option<&Rc<HistoryResponse>> {
        let [balance] = self.state.balances() else { return None };
        self.history.as_ref().filter(|history| history.currency == balance.currency)
    }

    /// How many days the credit will last, where the history tells that.
    #[must_use]
    pub fn days_left(&self) -> Option<DaysLeft> {
        Some(self.history()?.forecast?.days_left)
    }

    /// When the next attempt is due, while the last one has failed and the next may do better
    /// although nobody changes anything. The poller goes on in any case, but promises nothing.
    #[must_use]
    pub fn retry_at(&self) -> Option<Millis> {
        self.next_request_at.filter(|_| self.state.error().is_some_and(FetchError::is_retryable))
    }
}
