//! What a page that holds a card may know about it, and what it is told.

use super::error::FetchError;
use super::level::Level;
use super::response::Balance;
use super::schedule::Millis;
use super::state::State;
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use std::borrow::Cow;
use std::rc::Rc;

/// The state of a card and what is going on behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollState {
    /// What the card shows.
    pub state: State,
    /// Whether a request is under way.
    pub busy: bool,
    /// The number of the last failure: two failures in a row are two events, although nothing
    /// else may differ between them.
    pub failure: u32,
    /// When that was, in milliseconds since 1970.
    pub failed_at: Millis,
    /// The number of the last request that came to an end, for whoever waits for one.
    pub settled: u32,
    /// When the card asks again by itself, on the clock of [`super::Reading::taken_at`].
    pub next_try: Option<Millis>,
}

/// A value as a page gets it: plain all the way down, with `null` for what is not there.
///
/// One type that serialises itself, in place of a derived serialiser for each thing that a page
/// is told: those weigh four times as much.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    /// `null`
    Nothing,
    /// `true` or `false`
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(Cow<'static, str>),
    /// An array.
    List(Vec<Plain>),
    /// An object, its entries in this order.
    Object(Vec<(&'static str, Plain)>),
}

impl Plain {
    /// The read-only `snapshot` of an element.
    #[must_use]
    pub fn snapshot(state: &State, level: Level) -> Self {
        let reading = state.reading();
        Self::Object(vec![
            ("state", Self::word(state.name())),
            ("balances", Self::balances(state.balances())),
            ("level", reading.map_or(Self::Nothing, |_| Self::word(level.as_str()))),
            ("fetchedAt", reading.map_or(Self::Nothing, |reading| Self::Number(reading.fetched_at as f64))),
            ("stale", Self::Flag(state.is_stale())),
            ("error", state.trouble().map_or(Self::Nothing, Self::trouble)),
        ])
    }

    /// The balances. An amount is a decimal string: a number would lose digits.
    #[must_use]
    pub fn balances(balances: &[Balance]) -> Self {
        let plain = |balance: &Balance| {
            Self::Object(vec![
                ("name", Self::Text(balance.name.clone().into())),
                ("amount", Self::Text(balance.amount.to_decimal().into())),
                ("currency", Self::Text(balance.currency.code().to_owned().into())),
            ])
        };
        Self::List(balances.iter().map(plain).collect())
    }

    /// The detail of `airalo-balance-error`. A pause is told in seconds, as the header has it.
    #[must_use]
    pub fn trouble(trouble: &FetchError) -> Self {
        let number = |number: Option<f64>| number.map_or(Self::Nothing, Self::Number);
        Self::Object(vec![
            ("code", Self::word(trouble.code.as_str())),
            ("retryable", Self::Flag(trouble.is_retryable())),
            ("status", number(trouble.status.map(f64::from))),
            ("retryAfter", number(trouble.retry_after.map(|millis| millis as f64 / 1_000.0))),
        ])
    }

    /// A word out of a closed set.
    #[must_use]
    pub const fn word(word: &'static str) -> Self {
        Self::Text(Cow::Borrowed(word))
    }
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_unit(),
            Self::Flag(yes) => serializer.serialize_bool(*yes),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list),
            Self::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// An event: the last word of its name, and its detail.
pub type Notice = (&'static str, Plain);

/// Remembers what a page has been told, and works out what is new.
#[derive(Debug, Default)]
pub struct Reporter {
    shown: Option<Rc<[Balance]>>,
    level: Level,
    failure: u32,
}

impl Reporter {
    /// What to tell the page now that the card looks like this:
    ///
    /// - `ready`, when a balance, or the absence of an account, is on the card for the first time;
    /// - `change`, when the balances differ from the last ones shown;
    /// - `level`, when there is more or less cause for concern than before;
    /// - `error`, when a request failed.
    pub fn notices(&mut self, feed: &PollState, level: Level) -> Vec<Notice> {
        let mut notices = Vec::new();
        if let Some(reading) = feed.state.reading() {
            match self.shown.replace(reading.balances.clone()) {
                None => notices.push(("ready", Plain::snapshot(&feed.state, level))),
                Some(previous) if previous != reading.balances => {
                    let (now, before) = (Plain::balances(&reading.balances), Plain::balances(&previous));
                    notices.push(("change", Plain::Object(vec![("balances", now), ("previous", before)])));
                }
                Some(_) => {}
            }
            let previous = std::mem::replace(&mut self.level, level);
            if previous != level {
                let (now, before) = (Plain::word(level.as_str()), Plain::word(previous.as_str()));
                notices.push(("level", Plain::Object(vec![("level", now), ("previous", before)])));
            }
        }
        if let Some(trouble) = feed.state.trouble().filter(|_| feed.failure != self.failure) {
            notices.push(("error", Plain::trouble(trouble)));
        }
        self.failure = feed.failure;
        notices
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::{BalanceResponse, ErrorCode, Reading};

    fn state(amount: &str) -> State {
        let text = format!(
            r#"{{"data":{{"balances":{{"name":"balance","availableBalance":{{"amount":{amount},"currency":"USD"}}}}}},"meta":{{"message":"success"}}}}"#
        );
        let answer = BalanceResponse::parse(&text).unwrap();
        State::default().answered(Reading {
            balances: answer.balances.into(),
            fetched_at: 1_000,
            taken_at: 0,
            stale: false,
        })
    }

    fn feed(state: State, failure: u32) -> PollState {
        PollState { state, failure, ..PollState::default() }
    }

    #[test]
    fn a_snapshot_holds_the_amount_as_text() {
        let snapshot =
            serde_json::to_value(Plain::snapshot(&state("12345678901234567.89"), Level::Low)).unwrap();
        assert_eq!(
            snapshot,
            serde_json::json!({
                "state": "ready",
                "balances": [{"name": "balance", "amount": "12345678901234567.89", "currency": "USD"}],
                "level": "low",
                "fetchedAt": 1000.0,
                "stale": false,
                "error": null
            })
        );
    }

    #[test]
    fn ready_is_said_once_and_a_change_only_of_a_change() {
        let mut reporter = Reporter::default();
        assert_eq!(reporter.notices(&PollState::default(), Level::Ok), []);
        let ready = reporter.notices(&feed(state("5"), 0), Level::Ok);
        assert_eq!(ready, [("ready", Plain::snapshot(&state("5"), Level::Ok))]);
        assert_eq!(reporter.notices(&feed(state("5.0"), 0), Level::Ok), []);
        let notices = reporter.notices(&feed(state("4"), 0), Level::Ok);
        let balance = |amount| serde_json::json!([{"name": "balance", "amount": amount, "currency": "USD"}]);
        assert_eq!(
            serde_json::to_value(notices).unwrap(),
            serde_json::json!([["change", {"balances": balance("4"), "previous": balance("5")}]])
        );
    }

    #[test]
    fn every_failure_is_told_although_the_card_looks_the_same() {
        let mut reporter = Reporter::default();
        let failed = State::default().failed(ErrorCode::Timeout.into());
        for failures in 1..=2 {
            let notices = reporter.notices(&feed(failed.clone(), failures), Level::Ok);
            assert_eq!(notices, [("error", Plain::trouble(&ErrorCode::Timeout.into()))]);
        }
        assert_eq!(reporter.notices(&feed(failed, 2), Level::Ok), [], "the same one is not told twice");
    }

    #[test]
    fn a_level_is_told_when_it_changes_and_survives_what_is_not_known() {
        let mut reporter = Reporter::default();
        let mut levels = |state: State, level| {
            let notices = reporter.notices(&feed(state, 0), level);
            let levels = notices.into_iter().filter(|(name, _)| *name == "level");
            levels.map(|(_, detail)| serde_json::to_value(detail).unwrap()).collect::<Vec<_>>()
        };
        let change = |previous, level| serde_json::json!({"level": level, "previous": previous});
        assert_eq!(levels(state("150"), Level::Low), [change("ok", "low")]);
        assert_eq!(levels(state("150"), Level::Low), [] as [serde_json::Value; 0]);
        assert_eq!(levels(State::Loading, Level::Ok), [] as [serde_json::Value; 0]);
        assert_eq!(levels(state("5"), Level::Critical), [change("low", "critical")]);
    }

    #[test]
    fn the_pause_that_a_server_wants_is_told_in_seconds() {
        let trouble = FetchError::from_status(429, "", Some(30_000));
        let detail = serde_json::to_value(Plain::trouble(&trouble)).unwrap();
        assert_eq!(
            detail,
            serde_json::json!({"code": "rate-limited", "retryable": true, "status": 429.0, "retryAfter": 30.0})
        );
    }
}
