//! What the card shows: one enum, and every transition between its states.

use super::error::FetchError;
use super::response::Balance;
use super::schedule::Millis;
use std::rc::Rc;

/// A balance and the moment at which the server fetched it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// All balances; none where there is no account.
    pub balances: Rc<[Balance]>,
    /// That moment in milliseconds since 1970, to be shown.
    pub fetched_at: Millis,
    /// The same moment on a monotonic clock, to count the age from.
    pub taken_at: Millis,
    /// The server says that it has no newer balance.
    pub stale: bool,
}

/// The times that a response names, and the time of the reader's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timestamps {
    /// `meta.fetched_at` of the response.
    pub fetched_at: Option<Millis>,
    /// The `Date` header: the server's clock when it sent the response.
    pub date: Option<Millis>,
    /// The `Age` header.
    pub age: Option<Millis>,
    /// The reader's clock when the response arrived.
    pub now: Millis,
}

/// Clocks that differ by less than this agree: `Date` has whole seconds, and responses take time.
const CLOCK_TOLERANCE: Millis = 5_000;

impl Timestamps {
    /// The age of the balance, and the moment it was fetched on the reader's clock.
    ///
    /// Where the server names both times, the age is counted on its clock alone. A reader's clock
    /// that is wrong then does not change the age.
    #[must_use]
    pub fn resolve(self) -> (Millis, Millis) {
        let age = match (self.fetched_at, self.date) {
            (Some(fetched_at), Some(date)) => date - fetched_at + self.age.unwrap_or(0),
            (Some(fetched_at), None) => self.now - fetched_at,
            (None, _) => self.age.unwrap_or(0),
        };
        let age = age.max(0);
        let readers_moment = self.now - age;
        let moment = self.fetched_at.filter(|at| (readers_moment - at).abs() < CLOCK_TOLERANCE);
        (age, moment.unwrap_or(readers_moment))
    }
}

/// The state of one card, or of all cards that show the same URL.
///
/// | from | a balance arrives | a request fails |
/// |---|---|---|
/// | `Loading` | `Loaded` | `Failed` |
/// | `Loaded` | `Loaded` with the new reading | `Loaded` with the old reading and the error |
/// | `Failed` | `Loaded` | `Failed` with the new error |
///
/// A balance that was shown stays: nothing leads away from `Loaded`.
/// A card that is pointed at another URL starts with a new state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing is known yet.
    #[default]
    Loading,
    /// A balance is known.
    Loaded {
        /// The last one that arrived.
        reading: Reading,
        /// Why there is no newer one, if the last request failed.
        error: Option<FetchError>,
    },
    /// No balance is known, because the request failed.
    Failed(FetchError),
}

impl State {
    /// The state after a balance has arrived.
    #[must_use]
    pub fn loaded(self, reading: Reading) -> Self {
        Self::Loaded { reading, error: None }
    }

    /// The state after a failure.
    #[must_use]
    pub fn failed(self, error: FetchError) -> Self {
        match self {
            Self::Loading | Self::Failed(_) => Self::Failed(error),
            Self::Loaded { reading, .. } => Self::Loaded { reading, error: Some(error) },
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

    /// The balances on the card. Empty also where there is no account.
    #[must_use]
    pub fn balances(&self) -> &[Balance] {
        self.reading().map_or(&[], |reading| &reading.balances)
    }

    /// Why the last request failed, if it did.
    #[must_use]
    pub const fn error(&self) -> Option<&FetchError> {
        match self {
            Self::Failed(error) | Self::Loaded { error: Some(error), .. } => Some(error),
            Self::Loading | Self::Loaded { error: None, .. } => None,
        }
    }

    /// Whether the balance on the card is known to be an old one.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Loaded { reading, error } if reading.stale || error.is_some())
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
        let state = State::default().loaded(reading("5")).failed(ErrorCode::Network.into());
        assert_eq!(state.reading(), Some(&reading("5")));
        assert_eq!((state.name(), state.is_stale()), ("ready", true));
        assert_eq!(state.error().map(|error| error.code), Some(ErrorCode::Network));
    }

    #[test]
    fn a_balance_after_a_failure_is_fresh_again() {
        let state = State::default().failed(ErrorCode::Timeout.into()).loaded(reading("5"));
        assert_eq!((state.name(), state.is_stale(), state.error()), ("ready", false, None));
    }

    #[test]
    fn a_balance_that_the_server_calls_stale_is_stale() {
        let state = State::default().loaded(Reading { stale: true, ..reading("5") });
        assert!(state.is_stale());
    }

    #[test]
    fn an_age_is_counted_on_the_servers_clock() {
        let (hour, day) = (3_600_000, 86_400_000);
        for reader_is_off in [-day, 0, day] {
            let now = 100 * day + reader_is_off;
            let stamps =
                Timestamps { fetched_at: Some(100 * day - hour), date: Some(100 * day), age: None, now };
            assert_eq!(stamps.resolve(), (hour, now - hour));
        }
    }

    #[test]
    fn time_spent_in_a_cache_counts() {
        let stamps = Timestamps { fetched_at: Some(0), date: Some(60_000), age: Some(600_000), now: 700_000 };
        assert_eq!(stamps.resolve().0, 660_000);
    }

    #[test]
    fn clocks_that_agree_show_the_time_of_the_server() {
        let stamps = Timestamps { fetched_at: Some(70_000), date: Some(72_000), age: None, now: 73_456 };
        assert_eq!(stamps.resolve(), (2_000, 70_000));
    }

    #[test]
    fn without_a_date_header_the_readers_clock_counts() {
        let stamps = |fetched_at, age| Timestamps { fetched_at, date: None, age, now: 100_000 }.resolve();
        assert_eq!(stamps(Some(40_000), None), (60_000, 40_000));
        assert_eq!(stamps(Some(900_000), None), (0, 100_000), "nothing comes from the future");
        assert_eq!(stamps(None, Some(30_000)), (30_000, 70_000));
        assert_eq!(stamps(None, None), (0, 100_000));
    }

    #[test]
    fn no_account_is_neither_zero_nor_an_error() {
        let none = Reading { balances: [].into(), fetched_at: 0, taken_at: 0, stale: false };
        assert_eq!(State::default().loaded(none).name(), "empty");
        assert_eq!(State::default().loaded(reading("0")).name(), "ready");
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
                        state.loaded(reading(&amount.to_string()))
                    }
                    None => state.failed(ErrorCode::Network.into()),
                };
                prop_assert_eq!(state.reading(), last.as_ref());
                prop_assert_eq!(state.is_stale(), last.is_some() && step.is_none());
            }
        }
    }
}
