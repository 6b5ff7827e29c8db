//! The snapshot and the events that a page gets from a card.

use super::amount::Amount;
use super::date::format_date;
use super::error::{ErrorCode, FetchError};
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
    /// Why the last request failed, if it did.
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
            state: state.name(),
            balances: reading.map(|reading| reading.balances.clone()).unwrap_or_default(),
            level: reading.map(|_| level),
            fetched_at: reading.and_then(|reading| reading.fetched_at).map(|at| at.time),
            stale: state.is_stale(),
            error: state.error().map(ErrorDetail::from),
            forecast: poll.history().and_then(|history| history.forecast).map(ForecastDetail::from),
        }
    }
}

/// The forecast in a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
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

/// The detail of `airalo-balance-error`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetail {
    /// What went wrong.
    pub code: ErrorCode,
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
    /// A balance, or the absence of an account, is shown for the first time.
    Ready(Snapshot),
    /// The balances differ from the last ones shown.
    Change {
        /// The balances shown now.
        balances: Rc<[Balance]>,
        /// The balances shown before.
        previous: Rc<[Balance]>,
    },
    /// There is more or less cause for concern than before.
    Level {
        /// The level now.
        level: Level,
        /// The level before.
        previous: Level,
    },
    /// A request failed.
    Error(ErrorDetail),
}

impl Event {
    /// The name after `airalo-balance-`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ready(_) => "ready",
            Self::Change { .. } => "change",
            Self::Level { .. } => "level",
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
                Some(previous) if previous != balances => events.push(Event::Change { balances, previous }),
                Some(_) => {}
            }
            let previous = std::mem::replace(&mut self.level, level);
            if previous != level {
                events.push(Event::Level { level, previous });
            }
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
mod tests {
    use super::*;
    use crate::model::{BalanceResponse, FetchedAt, HistoryResponse, Reading, State};
    use serde_json::json;

    fn state(amount: &str) -> State {
        let text = format!(
            r#"{{"data":{{"balances":{{"name":"balance","availableBalance":{{"amount":{amount},"currency":"USD"}}}}}},"meta":{{"message":"success"}}}}"#
        );
        let response = BalanceResponse::parse(&text).unwrap();
        State::default().loaded(Reading {
            balances: response.balances.into(),
            fetched_at: Some(FetchedAt { time: 1_000, elapsed: 0 }),
            stale: false,
            refreshing: false,
            history: false,
        })
    }

    fn poll(state: State, failure: u32) -> PollState {
        PollState { state, failure, ..PollState::default() }
    }

    #[test]
    fn a_snapshot_holds_the_amount_as_text() {
        let snapshot =
            serde_json::to_value(Snapshot::new(&poll(state("12345678901234567.89"), 0), Level::Low)).unwrap();
        assert_eq!(
            snapshot,
            json!({
                "state": "ready",
                "balances": [{"name": "balance", "amount": "12345678901234567.89", "currency": "USD"}],
                "level": "low",
                "fetchedAt": 1000,
                "stale": false,
                "error": null,
                "forecast": null
            })
        );
    }

    #[test]
    fn a_snapshot_holds_the_forecast_of_its_balance_and_of_no_other() {
        let history = |currency: &str| {
            let forecast = r#"{"spent_per_day":25.10,"days_left":{"low":6,"middle":9,"high":null},"runs_out":"2026-12-04"}"#;
            let text = format!(r#"{{"data":{{"currency":"{currency}","forecast":{forecast}}}}}"#);
            Some(Rc::new(HistoryResponse::parse(&text).unwrap().unwrap()))
        };
        let forecast = |currency| {
            let poll = PollState { history: history(currency), ..poll(state("225.35"), 0) };
            serde_json::to_value(Snapshot::new(&poll, Level::Ok)).unwrap()["forecast"].clone()
        };
        assert_eq!(
            forecast("USD"),
            json!({"daysLeft": {"low": 6, "middle": 9, "high": null}, "spentPerDay": "25.1", "runsOut": "2026-12-04"})
        );
        assert_eq!(forecast("EUR"), json!(null));
    }

    #[test]
    fn ready_comes_once_and_a_change_only_when_something_changed() {
        let mut log = EventLog::default();
        assert_eq!(log.events(&PollState::default(), Level::Ok), []);
        let ready = log.events(&poll(state("5"), 0), Level::Ok);
        assert_eq!(ready, [Event::Ready(Snapshot::new(&poll(state("5"), 0), Level::Ok))]);
        assert_eq!(log.events(&poll(state("5.0"), 0), Level::Ok), []);
        let events = log.events(&poll(state("4"), 0), Level::Ok);
        let balance = |amount| json!([{"name": "balance", "amount": amount, "currency": "USD"}]);
        assert_eq!(events.iter().map(Event::name).collect::<Vec<_>>(), ["change"]);
        assert_eq!(
            serde_json::to_value(&events[0]).unwrap(),
            json!({"balances": balance("4"), "previous": balance("5")})
        );
    }

    #[test]
    fn every_failure_is_an_event_although_the_card_looks_the_same() {
        let mut log = EventLog::default();
        let failed = State::default().failed(ErrorCode::Timeout.into());
        for failures in 1..=2 {
            let events = log.events(&poll(failed.clone(), failures), Level::Ok);
            assert_eq!(events, [Event::Error((&FetchError::from(ErrorCode::Timeout)).into())]);
        }
        assert_eq!(log.events(&poll(failed, 2), Level::Ok), [], "the same failure is no second event");
    }

    #[test]
    fn a_level_is_reported_when_it_changes_and_survives_an_unknown_balance() {
        let mut log = EventLog::default();
        let mut levels = |state: State, level| {
            let events = log.events(&poll(state, 0), level);
            let levels = events.into_iter().filter(|event| event.name() == "level");
            levels.map(|event| serde_json::to_value(event).unwrap()).collect::<Vec<_>>()
        };
        let change = |previous, level| json!({"level": level, "previous": previous});
        assert_eq!(levels(state("150"), Level::Low), [change("ok", "low")]);
        assert_eq!(levels(state("150"), Level::Low), [] as [serde_json::Value; 0]);
        assert_eq!(levels(State::Loading, Level::Ok), [] as [serde_json::Value; 0]);
        assert_eq!(levels(state("5"), Level::Critical), [change("low", "critical")]);
    }

    #[test]
    fn the_pause_that_a_server_wants_is_given_in_seconds() {
        let error = FetchError::from_status(429, "", Some(30_000));
        let detail = serde_json::to_value(ErrorDetail::from(&error)).unwrap();
        assert_eq!(
            detail,
            json!({"code": "rate-limited", "retryable": true, "status": 429, "retryAfter": 30.0})
        );
    }
}
