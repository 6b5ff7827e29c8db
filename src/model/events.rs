//! The snapshot and the events that a page gets from a card.

use super::amount::Amount;
use super::date::format_date;
use super::error::{ErrorCode, FetchError, Problem};
use super::history::Forecast;
use super::level::Level;
use super::poll_state::PollState;
use super::response::Balance;
use super::schedule::Millis;
use serde::Serialize;
use std::rc::Rc;

/// The read-only `snapshot` of an element.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Snapshot {
    /// `loading`, `ready`, `empty` or `error`.
    pub state: &'static str,
    /// All balances on the card. An amount is a decimal string, because a number would lose digits.
    pub balances: Rc<[Balance]>,
    /// The level, once there is a balance.
    pub level: Option<Level>,
    /// When the server fetched the balance, in milliseconds since 1970, if that is known.
    pub fetched_at: Option<Millis>,
    /// Whether the balance on the card is known to be an old one.
    pub stale: bool,
    /// Why there is no newer balance: the card's last request has failed, or the server's own to Airalo.
    pub error: Option<ErrorDetail>,
    /// How long the credit will last, where that can be told.
    pub forecast: Option<ForecastDetail>,
}

impl Snapshot {
    /// The snapshot of a card in this state.
    #[must_use]
    pub fn new(poll: &PollState, level: Level) -> Self {
        let state = &poll.state;
        let reading = state.reading();
        Self {
            state: state.name().as_str(),
            balances: reading.map(|reading| reading.balances.clone()).unwrap_or_default(),
            level: reading.map(|_| level),
            fetched_at: reading.and_then(|reading| reading.fetched_at).map(|at| at.time),
            stale: state.is_stale(),
            error: state.cause().as_ref().map(ErrorDetail::from),
            forecast: poll.history().and_then(|history| history.forecast).map(ForecastDetail::from),
        }
    }
}

/// The forecast in a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ForecastDetail {
    /// How many days are left.
    pub days_left: DaysLeftDetail,
    /// The use on an average day, as a decimal string.
    pub spent_per_day: Amount,
    /// The day on which the credit will be used up, such as `2026-12-04`, if it is within 90 days.
    pub runs_out: Option<String>,
}

/// The days left in a snapshot. More than 90 days are a `low` of 90 and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DaysLeftDetail {
    /// At least.
    pub low: u32,
    /// Probably.
    pub middle: Option<u32>,
    /// At most.
    pub high: Option<u32>,
}

impl From<Forecast> for ForecastDetail {
    fn from(forecast: Forecast) -> Self {
        let left = forecast.days_left;
        Self {
            days_left: DaysLeftDetail { low: left.low, middle: left.middle, high: left.high },
            spent_per_day: forecast.spent_per_day,
            runs_out: forecast.runs_out.map(format_date),
        }
    }
}

/// The detail of `airalo-balance-change`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChangeDetail {
    /// The balances shown now.
    pub balances: Rc<[Balance]>,
    /// The balances shown before.
    pub previous: Rc<[Balance]>,
}

/// The detail of `airalo-balance-level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LevelDetail {
    /// The level now.
    pub level: Level,
    /// The level before.
    pub previous: Level,
}

/// The detail of `airalo-balance-error`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ErrorDetail {
    /// What went wrong.
    pub code: ErrorCode,
    /// What the server says of it, which is more exact: the `code` of its problem.
    pub problem: Option<Problem>,
    /// Whether the same request may succeed later although nobody changes anything.
    pub retryable: bool,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// How long the server wants to be left alone, in seconds as in the header.
    pub retry_after: Option<f64>,
}

impl From<&FetchError> for ErrorDetail {
    fn from(error: &FetchError) -> Self {
        Self {
            code: error.code,
            problem: error.problem,
            retryable: error.is_retryable(),
            status: error.status,
            retry_after: error.retry_after.map(|millis| millis as f64 / 1_000.0),
        }
    }
}

/// The detail of `airalo-balance-top-up`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TopUpDetail {
    /// Where the link leads.
    pub url: Option<String>,
    /// All balances on the card.
    pub balances: Rc<[Balance]>,
}

/// An event that follows from a new [`PollState`]. It serializes as its `detail`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// A balance, or the absence of an account, is shown for the first time, or again after there was none.
    Ready(Snapshot),
    /// The balances differ from the last ones shown.
    Change(ChangeDetail),
    /// There is more or less cause for concern than before.
    Level(LevelDetail),
    /// A request failed.
    Error(ErrorDetail),
}

impl Event {
    /// The name after `airalo-balance-`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ready(_) => "ready",
            Self::Change(_) => "change",
            Self::Level(_) => "level",
            Self::Error(_) => "error",
        }
    }
}

/// Remembers what was reported, and derives the events that are due.
#[derive(Debug, Default)]
pub struct EventLog {
    shown: Option<Rc<[Balance]>>,
    level: Level,
    failure: u32,
}

impl EventLog {
    /// The events that lead from the state before to this one.
    pub fn events(&mut self, poll: &PollState, level: Level) -> Vec<Event> {
        let mut events = Vec::new();
        if let Some(reading) = poll.state.reading() {
            let balances = reading.balances.clone();
            match self.shown.replace(balances.clone()) {
                None => events.push(Event::Ready(Snapshot::new(poll, level))),
                Some(previous) if previous != balances => {
                    events.push(Event::Change(ChangeDetail { balances, previous }));
                }
                Some(_) => {}
            }
            let previous = std::mem::replace(&mut self.level, level);
            if previous != level {
                events.push(Event::Level(LevelDetail { level, previous }));
            }
        } else {
            // The next one may be the balance of another account.
            self.shown = None;
        }
        if let Some(error) = poll.state.error().filter(|_| poll.failure != self.failure) {
            events.push(Event::Error(error.into()));
        }
        self.failure = poll.failure;
        events
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
