//! What the card shows: one enum, and every transition between its states.

use super::error::{FetchError, Problem};
use super::response::Balance;
use super::schedule::Millis;
use super::timestamps::FetchedAt;
use std::rc::Rc;

/// A balance and the moment at which the server fetched it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// All balances; none where there is no account.
    pub balances: Rc<[Balance]>,
    /// That moment. `None` where the response names no time that can be relied on.
    pub fetched_at: Option<FetchedAt>,
    /// The server says that it has no newer balance, or the response is a replay.
    pub stale: bool,
    /// Why the server has no newer balance, if it says so.
    pub reason: Option<Problem>,
    /// The server will soon have a newer balance.
    pub refreshing: bool,
    /// The server keeps a history of it.
    pub history: bool,
}

impl Reading {
    /// How old the balance is, on the monotonic clock, if that is known.
    #[must_use]
    pub fn age(&self, now: Millis) -> Option<Millis> {
        self.fetched_at.map(|at| now - at.elapsed)
    }

    /// Whether this was fetched after the other. A reading of unknown age counts as older.
    #[must_use]
    pub fn is_newer_than(&self, other: &Self) -> bool {
        let elapsed = |reading: &Self| reading.fetched_at.map(|at| at.elapsed);
        elapsed(self) > elapsed(other)
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
/// A new state is for another URL, and for another user of the same one.
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

    /// Why there is no newer balance: the card's last request has failed, or the server's own to Airalo.
    #[must_use]
    pub fn cause(&self) -> Option<FetchError> {
        let of_server = || self.reading().filter(|reading| reading.stale)?.reason.map(FetchError::from);
        self.error().cloned().or_else(of_server)
    }

    /// Whether the balance on the card is known to be an old one.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Loaded { reading, error } if reading.stale || error.is_some())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> StateName {
        match self {
            Self::Loading => StateName::Loading,
            Self::Loaded { reading, .. } if reading.balances.is_empty() => StateName::Empty,
            Self::Loaded { .. } => StateName::Ready,
            Self::Failed(_) => StateName::Error,
        }
    }
}

/// The name of a [`State`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StateName {
    /// Nothing has arrived yet.
    #[default]
    Loading,
    /// A balance is shown.
    Ready,
    /// There is no account.
    Empty,
    /// There is an error in place of a balance.
    Error,
}

impl StateName {
    /// As it is in `snapshot.state`, in `:state(…)` and as a class of the card.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Ready => "ready",
            Self::Empty => "empty",
            Self::Error => "error",
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
        Reading {
            balances: [balance].into(),
            fetched_at: None,
            stale: false,
            reason: None,
            refreshing: false,
            history: false,
        }
    }

    #[test]
    fn a_failed_refresh_keeps_the_last_balance_and_marks_it_stale() {
        let state = State::default().loaded(reading("5")).failed(ErrorCode::Network.into());
        assert_eq!(state.reading(), Some(&reading("5")));
        assert_eq!((state.name(), state.is_stale()), (StateName::Ready, true));
        assert_eq!(state.error().map(|error| error.code), Some(ErrorCode::Network));
    }

    #[test]
    fn a_balance_after_a_failure_is_fresh_again() {
        let state = State::default().failed(ErrorCode::Timeout.into()).loaded(reading("5"));
        assert_eq!((state.name(), state.is_stale(), state.error()), (StateName::Ready, false, None));
    }

    #[test]
    fn a_balance_that_the_server_calls_stale_is_stale() {
        let state = State::default().loaded(Reading { stale: true, ..reading("5") });
        assert!(state.is_stale());
        assert_eq!(state.cause(), None);
    }

    #[test]
    fn a_servers_reason_is_the_cause_until_a_request_fails_for_another() {
        let reason = Some(Problem::CredentialsRefused);
        let state = State::default().loaded(Reading { stale: true, reason, ..reading("5") });
        assert_eq!(state.cause(), Some(Problem::CredentialsRefused.into()));
        assert_eq!(state.error(), None, "the request to the server has succeeded");
        assert_eq!(state.failed(ErrorCode::Offline.into()).cause(), Some(ErrorCode::Offline.into()));
    }

    #[test]
    fn no_account_is_neither_zero_nor_an_error() {
        let none = Reading {
            balances: [].into(),
            fetched_at: None,
            stale: false,
            reason: None,
            refreshing: false,
            history: false,
        };
        assert_eq!(State::default().loaded(none).name(), StateName::Empty);
        assert_eq!(State::default().loaded(reading("0")).name(), StateName::Ready);
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
