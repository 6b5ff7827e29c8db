//! What the card shows: one enum, and every way from one state to another.

use super::error::FetchError;
use super::response::Balance;
use super::schedule::Millis;
use std::rc::Rc;

/// A balance and the moment it was true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// All balances; none where there is no account.
    pub balances: Rc<[Balance]>,
    /// When the server fetched them, in milliseconds since 1970: for showing.
    pub fetched_at: Millis,
    /// The same moment on the clock that only runs forward: for counting their age.
    pub taken_at: Millis,
    /// The server's word that it had no newer one.
    pub stale: bool,
}

/// What an answer says about its own time, and what the reader's clock says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timestamps {
    /// `meta.fetched_at` of the answer.
    pub fetched_at: Option<Millis>,
    /// The `Date` header: the server's clock, when it sent the answer.
    pub date: Option<Millis>,
    /// The `Age` header.
    pub age: Option<Millis>,
    /// The reader's clock, when the answer came.
    pub now: Millis,
}

/// Clocks that differ by less than this agree: a `Date` has whole seconds, and answers travel.
const SAME_TIME: Millis = 5_000;

impl Timestamps {
    /// How old the balance is already, and its moment on the reader's clock.
    ///
    /// The age is counted on the server's clock alone, where it tells both times, so that a
    /// reader's clock that is a day off makes nothing a day older.
    #[must_use]
    pub fn read(self) -> (Millis, Millis) {
        let age = match (self.fetched_at, self.date) {
            (Some(fetched_at), Some(date)) => date - fetched_at + self.age.unwrap_or(0),
            (Some(fetched_at), None) => self.now - fetched_at,
            (None, _) => self.age.unwrap_or(0),
        };
        let age = age.max(0);
        let by_the_reader = self.now - age;
        let moment = self.fetched_at.filter(|at| (by_the_reader - at).abs() < SAME_TIME);
        (age, moment.unwrap_or(by_the_reader))
    }
}

/// The state of one card, or of all cards that show the same URL.
///
/// - `Waiting` + answer → `Shown`
/// - `Waiting` + trouble → `Failed`
/// - `Shown` + answer → `Shown`, with the new reading and nothing missed
/// - `Shown` + trouble → `Shown`, with the old reading and the trouble beside it
/// - `Failed` + answer → `Shown`
/// - `Failed` + trouble → `Failed`, with the newer trouble
///
/// A balance never goes away again: there is no way back from `Shown`.
/// Pointing a card at another URL is a new state, not a change of this one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing is known yet.
    #[default]
    Loading,
    /// A balance is known.
    Loaded {
        /// The last one that arrived.
        reading: Reading,
        /// Why there is no newer one, if there should be.
        missed: Option<FetchError>,
    },
    /// No balance is known, and this is why.
    Failed(FetchError),
}

impl State {
    /// The state after an answer.
    #[must_use]
    pub fn answered(self, reading: Reading) -> Self {
        Self::Loaded { reading, missed: None }
    }

    /// The state after a failure.
    #[must_use]
    pub fn failed(self, trouble: FetchError) -> Self {
        match self {
            Self::Loading | Self::Failed(_) => Self::Failed(trouble),
            Self::Loaded { reading, .. } => Self::Loaded { reading, missed: Some(trouble) },
        }
    }

    /// The balance on the card, old or new.
    #[must_use]
    pub const fn reading(&self) -> Option<&Reading> {
        match self {
            Self::Loaded { reading, .. } => Some(reading),
            Self::Loading | Self::Failed(_) => None,
        }
    }

    /// The balances on the card; none also where there is no account.
    #[must_use]
    pub fn balances(&self) -> &[Balance] {
        self.reading().map_or(&[], |reading| &reading.balances)
    }

    /// What went wrong last, if nothing has gone right since.
    #[must_use]
    pub const fn trouble(&self) -> Option<&FetchError> {
        match self {
            Self::Failed(trouble) | Self::Loaded { missed: Some(trouble), .. } => Some(trouble),
            Self::Loading | Self::Loaded { missed: None, .. } => None,
        }
    }

    /// Whether the balance on the card is known to be an old one.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Loaded { reading, missed } if reading.stale || missed.is_some())
    }

    /// The name in `snapshot.state` and in `:state(…)`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Loaded { reading, .. } if reading.balances.is_empty() => "empty",
            Self::Loaded { .. } => "ready",
            Self::Failed(_) => "error",
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::{Amount, Currency, ErrorCode};
    use proptest::prelude::*;

    fn reading(amount: &str) -> Reading {
        let balance = Balance {
            name: String::new(),
            amount: amount.parse().unwrap_or(Amount::ZERO),
            currency: Currency::new("USD").unwrap(),
        };
        Reading { balances: [balance].into(), fetched_at: 0, taken_at: 0, stale: false }
    }

    #[test]
    fn a_failed_refresh_keeps_the_last_balance_and_marks_it_stale() {
        let state = State::default().answered(reading("5")).failed(ErrorCode::Network.into());
        assert_eq!(state.reading(), Some(&reading("5")));
        assert_eq!((state.name(), state.is_stale()), ("ready", true));
        assert_eq!(state.trouble().map(|t| t.code), Some(ErrorCode::Network));
    }

    #[test]
    fn an_answer_after_a_failure_is_fresh_again() {
        let state = State::default().failed(ErrorCode::Timeout.into()).answered(reading("5"));
        assert_eq!((state.name(), state.is_stale(), state.trouble()), ("ready", false, None));
    }

    #[test]
    fn the_servers_own_word_is_enough_to_be_stale() {
        let state = State::default().answered(Reading { stale: true, ..reading("5") });
        assert!(state.is_stale());
    }

    #[test]
    fn an_age_is_counted_on_the_servers_clock() {
        let (hour, day) = (3_600_000, 86_400_000);
        for reader_is_off in [-day, 0, day] {
            let now = 100 * day + reader_is_off;
            let stamps =
                Timestamps { fetched_at: Some(100 * day - hour), date: Some(100 * day), age: None, now };
            assert_eq!(stamps.read(), (hour, now - hour));
        }
    }

    #[test]
    fn time_spent_in_a_cache_on_the_way_counts() {
        let stamps = Timestamps { fetched_at: Some(0), date: Some(60_000), age: Some(600_000), now: 700_000 };
        assert_eq!(stamps.read().0, 660_000);
    }

    #[test]
    fn clocks_that_agree_show_the_servers_own_moment() {
        let stamps = Timestamps { fetched_at: Some(70_000), date: Some(72_000), age: None, now: 73_456 };
        assert_eq!(stamps.read(), (2_000, 70_000));
    }

    #[test]
    fn without_the_servers_clock_there_is_only_the_readers() {
        let stamps = |fetched_at, age| Timestamps { fetched_at, date: None, age, now: 100_000 }.read();
        assert_eq!(stamps(Some(40_000), None), (60_000, 40_000));
        assert_eq!(stamps(Some(900_000), None), (0, 100_000), "nothing comes from the future");
        assert_eq!(stamps(None, Some(30_000)), (30_000, 70_000));
        assert_eq!(stamps(None, None), (0, 100_000));
    }

    #[test]
    fn no_account_is_neither_zero_nor_an_error() {
        let none = Reading { balances: [].into(), fetched_at: 0, taken_at: 0, stale: false };
        assert_eq!(State::default().answered(none).name(), "empty");
        assert_eq!(State::default().answered(reading("0")).name(), "ready");
    }

    proptest! {
        #[test]
        fn a_shown_balance_never_goes_blank(steps in prop::collection::vec(prop::option::of(0_i64..1_000), 1..50)) {
            let mut state = State::default();
            let mut last = None;
            for step in steps {
                state = match step {
                    Some(amount) => {
                        last = Some(reading(&amount.to_string()));
                        state.answered(reading(&amount.to_string()))
                    }
                    None => state.failed(ErrorCode::Network.into()),
                };
                prop_assert_eq!(state.reading(), last.as_ref());
                prop_assert_eq!(state.is_stale(), last.is_some() && step.is_none());
            }
        }
    }
}
