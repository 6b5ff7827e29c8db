//! What a page that holds a card may know about it, and what it is told.

use super::answer::Balance;
use super::level::Level;
use super::schedule::Millis;
use super::state::State;
use super::trouble::Trouble;
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use std::borrow::Cow;

/// The state of a card and what is going on behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
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

/// The read-only `snapshot` of an element.
#[derive(Debug, PartialEq)]
pub struct Snapshot {
    /// `loading`, `ready`, `empty` or `error`.
    pub state: &'static str,
    /// The balances on the card.
    pub balances: Vec<PlainBalance>,
    /// `ok`, `low` or `critical`, once there is a balance.
    pub level: Option<&'static str>,
    /// When the server fetched them, in milliseconds since 1970.
    pub fetched_at: Option<f64>,
    /// Whether they are known to be old.
    pub stale: bool,
    /// What went wrong last, if nothing has gone right since.
    pub error: Option<ErrorDetail>,
}

/// A balance in plain values. The amount is a decimal string: a number would lose digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainBalance {
    name: String,
    amount: String,
    currency: String,
}

/// The detail of `airalo-balance-error`.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorDetail {
    code: &'static str,
    retryable: bool,
    status: Option<u16>,
    /// In seconds, as the header has it.
    retry_after: Option<f64>,
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
    /// A number that is whole, such as a status.
    Whole(u16),
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
    /// The balances, as an array.
    #[must_use]
    pub fn balances(balances: &[PlainBalance]) -> Self {
        Self::List(balances.iter().map(PlainBalance::plain).collect())
    }

    /// A word out of a closed set.
    #[must_use]
    pub const fn word(word: &'static str) -> Self {
        Self::Text(Cow::Borrowed(word))
    }

    /// A text, or `null`.
    #[must_use]
    pub fn text(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(Cow::Owned(text)))
    }
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_unit(),
            Self::Flag(yes) => serializer.serialize_bool(*yes),
            Self::Whole(number) => serializer.serialize_u16(*number),
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

impl PlainBalance {
    fn plain(&self) -> Plain {
        let text = |text: &str| Plain::Text(Cow::Owned(text.to_owned()));
        Plain::Object(vec![
            ("name", text(&self.name)),
            ("amount", text(&self.amount)),
            ("currency", text(&self.currency)),
        ])
    }
}

impl ErrorDetail {
    /// What a page gets.
    #[must_use]
    pub fn plain(&self) -> Plain {
        Plain::Object(vec![
            ("code", Plain::word(self.code)),
            ("retryable", Plain::Flag(self.retryable)),
            ("status", self.status.map_or(Plain::Nothing, Plain::Whole)),
            ("retryAfter", self.retry_after.map_or(Plain::Nothing, Plain::Number)),
        ])
    }
}

/// Something that a page may want to hear of.
#[derive(Debug, PartialEq)]
pub enum Notice {
    /// A balance, or the absence of an account, is on the card for the first time.
    Ready,
    /// The balances differ from the last ones shown.
    Change {
        /// What is shown now.
        balances: Vec<PlainBalance>,
        /// What was shown before.
        previous: Vec<PlainBalance>,
    },
    /// There is more or less cause for concern than before.
    Level {
        /// How much now.
        level: &'static str,
        /// How much before.
        previous: &'static str,
    },
    /// A request failed.
    Error(ErrorDetail),
}

impl From<&Balance> for PlainBalance {
    fn from(balance: &Balance) -> Self {
        Self {
            name: balance.name.clone(),
            amount: balance.amount.to_decimal(),
            currency: balance.currency.code().to_owned(),
        }
    }
}

impl From<&Trouble> for ErrorDetail {
    fn from(trouble: &Trouble) -> Self {
        Self {
            code: trouble.code.as_str(),
            retryable: trouble.is_retryable(),
            status: trouble.status,
            retry_after: trouble.retry_after.map(|millis| millis as f64 / 1_000.0),
        }
    }
}

impl Snapshot {
    /// What a page gets.
    #[must_use]
    pub fn plain(&self) -> Plain {
        Plain::Object(vec![
            ("state", Plain::word(self.state)),
            ("balances", Plain::balances(&self.balances)),
            ("level", self.level.map_or(Plain::Nothing, Plain::word)),
            ("fetchedAt", self.fetched_at.map_or(Plain::Nothing, Plain::Number)),
            ("stale", Plain::Flag(self.stale)),
            ("error", self.error.as_ref().map_or(Plain::Nothing, ErrorDetail::plain)),
        ])
    }

    /// What a page may know of a state.
    #[must_use]
    pub fn of(state: &State, level: Level) -> Self {
        Self {
            state: state.name(),
            balances: plain(state),
            level: state.reading().map(|_| level.as_str()),
            fetched_at: state.reading().map(|reading| reading.fetched_at as f64),
            stale: state.is_stale(),
            error: state.trouble().map(ErrorDetail::from),
        }
    }
}

/// Remembers what a page has been told, and works out what is new.
#[derive(Debug, Default)]
pub struct Reporter {
    shown: Option<Vec<PlainBalance>>,
    level: Level,
    failure: u32,
}

impl Reporter {
    /// What to tell the page now that the card looks like this.
    pub fn notices(&mut self, feed: &Feed, level: Level) -> Vec<Notice> {
        let mut notices = Vec::new();
        if feed.state.reading().is_some() {
            let balances = plain(&feed.state);
            match self.shown.replace(balances.clone()) {
                None => notices.push(Notice::Ready),
                Some(previous) if previous != balances => {
                    notices.push(Notice::Change { balances, previous });
                }
                Some(_) => {}
            }
            let previous = std::mem::replace(&mut self.level, level);
            if previous != level {
                notices.push(Notice::Level { level: level.as_str(), previous: previous.as_str() });
            }
        }
        if let Some(trouble) = feed.state.trouble().filter(|_| feed.failure != self.failure) {
            notices.push(Notice::Error(trouble.into()));
        }
        self.failure = feed.failure;
        notices
    }
}

fn plain(state: &State) -> Vec<PlainBalance> {
    state.reading().map_or_else(Vec::new, |reading| reading.balances.iter().map(PlainBalance::from).collect())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::{Answer, Code, Reading};

    fn state(amount: &str) -> State {
        let text = format!(
            r#"{{"data":{{"balances":{{"name":"balance","availableBalance":{{"amount":{amount},"currency":"USD"}}}}}},"meta":{{"message":"success"}}}}"#
        );
        let answer = Answer::read(&text).unwrap();
        State::default().answered(Reading {
            balances: answer.balances.into(),
            fetched_at: 1_000,
            taken_at: 0,
            stale: false,
        })
    }

    fn feed(state: State, failure: u32) -> Feed {
        Feed { state, failure, ..Feed::default() }
    }

    #[test]
    fn a_snapshot_holds_the_amount_as_text() {
        let snapshot =
            serde_json::to_value(Snapshot::of(&state("12345678901234567.89"), Level::Low).plain()).unwrap();
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
        assert_eq!(reporter.notices(&Feed::default(), Level::Ok), []);
        assert_eq!(reporter.notices(&feed(state("5"), 0), Level::Ok), [Notice::Ready]);
        assert_eq!(reporter.notices(&feed(state("5.0"), 0), Level::Ok), []);
        let notices = reporter.notices(&feed(state("4"), 0), Level::Ok);
        let [Notice::Change { balances, previous }] = &notices[..] else { panic!("{notices:?}") };
        assert_eq!((&*balances[0].amount, &*previous[0].amount), ("4", "5"));
    }

    #[test]
    fn every_failure_is_told_although_the_card_looks_the_same() {
        let mut reporter = Reporter::default();
        let failed = State::default().failed(Code::Timeout.into());
        for failures in 1..=2 {
            let notices = reporter.notices(&feed(failed.clone(), failures), Level::Ok);
            assert!(
                matches!(&notices[..], [Notice::Error(detail)] if detail.code == "timeout" && detail.retryable)
            );
        }
        assert_eq!(reporter.notices(&feed(failed, 2), Level::Ok), [], "the same one is not told twice");
    }

    #[test]
    fn a_level_is_told_when_it_changes_and_survives_what_is_not_known() {
        let mut reporter = Reporter::default();
        let mut levels = |state: State, level| {
            let notices = reporter.notices(&feed(state, 0), level);
            let levels = notices.into_iter().filter_map(|notice| match notice {
                Notice::Level { level, previous } => Some((previous, level)),
                _ => None,
            });
            levels.collect::<Vec<_>>()
        };
        assert_eq!(levels(state("150"), Level::Low), [("ok", "low")]);
        assert_eq!(levels(state("150"), Level::Low), []);
        assert_eq!(levels(State::Waiting, Level::Ok), []);
        assert_eq!(levels(state("5"), Level::Critical), [("low", "critical")]);
    }

    #[test]
    fn the_pause_that_a_server_wants_is_told_in_seconds() {
        let trouble = Trouble::from_status(429, "", Some(30_000));
        let detail = serde_json::to_value(ErrorDetail::from(&trouble).plain()).unwrap();
        assert_eq!(
            detail,
            serde_json::json!({"code": "rate-limited", "retryable": true, "status": 429, "retryAfter": 30.0})
        );
    }
}
