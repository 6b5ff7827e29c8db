//! What the card shows: one enum, and every way from one state to another.

use super::answer::Balance;
use super::schedule::Millis;
use super::trouble::Trouble;
use std::rc::Rc;

/// A balance and the moment it was true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// All balances; none where there is no account.
    pub balances: Rc<[Balance]>,
    /// When the server fetched them, in milliseconds since 1970 on the reader's own clock.
    pub fetched_at: Millis,
    /// The server's word that it had no newer one.
    pub stale: bool,
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
    Waiting,
    /// A balance is known.
    Shown {
        /// The last one that arrived.
        reading: Reading,
        /// Why there is no newer one, if there should be.
        missed: Option<Trouble>,
    },
    /// No balance is known, and this is why.
    Failed(Trouble),
}

impl State {
    /// The state after an answer.
    #[must_use]
    pub fn answered(self, reading: Reading) -> Self {
        Self::Shown { reading, missed: None }
    }

    /// The state after a failure.
    #[must_use]
    pub fn failed(self, trouble: Trouble) -> Self {
        match self {
            Self::Waiting | Self::Failed(_) => Self::Failed(trouble),
            Self::Shown { reading, .. } => Self::Shown { reading, missed: Some(trouble) },
        }
    }

    /// The balance on the card, old or new.
    #[must_use]
    pub const fn reading(&self) -> Option<&Reading> {
        match self {
            Self::Shown { reading, .. } => Some(reading),
            Self::Waiting | Self::Failed(_) => None,
        }
    }

    /// What went wrong last, if nothing has gone right since.
    #[must_use]
    pub const fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::Failed(trouble) | Self::Shown { missed: Some(trouble), .. } => Some(trouble),
            Self::Waiting | Self::Shown { missed: None, .. } => None,
        }
    }

    /// Whether the balance on the card is known to be an old one.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Shown { reading, missed } if reading.stale || missed.is_some())
    }

    /// The name in `snapshot.state` and in `:state(…)`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "loading",
            Self::Shown { reading, .. } if reading.balances.is_empty() => "empty",
            Self::Shown { .. } => "ready",
            Self::Failed(_) => "error",
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::model::{Amount, Code, Currency};

    fn reading(amount: &str) -> Reading {
        let balance = Balance {
            name: String::new(),
            amount: amount.parse().unwrap_or(Amount::ZERO),
            currency: Currency::new("USD").unwrap(),
        };
        Reading { balances: [balance].into(), fetched_at: 0, stale: false }
    }

    #[test]
    fn a_failed_refresh_keeps_the_last_balance_and_marks_it_stale() {
        let state = State::default().answered(reading("5")).failed(Code::Network.into());
        assert_eq!(state.reading(), Some(&reading("5")));
        assert_eq!((state.name(), state.is_stale()), ("ready", true));
        assert_eq!(state.trouble().map(|t| t.code), Some(Code::Network));
    }

    #[test]
    fn an_answer_after_a_failure_is_fresh_again() {
        let state = State::default().failed(Code::Timeout.into()).answered(reading("5"));
        assert_eq!((state.name(), state.is_stale(), state.trouble()), ("ready", false, None));
    }

    #[test]
    fn the_servers_own_word_is_enough_to_be_stale() {
        let state = State::default().answered(Reading { stale: true, ..reading("5") });
        assert!(state.is_stale());
    }

    #[test]
    fn no_account_is_neither_zero_nor_an_error() {
        let none = Reading { balances: [].into(), fetched_at: 0, stale: false };
        assert_eq!(State::default().answered(none).name(), "empty");
        assert_eq!(State::default().answered(reading("0")).name(), "ready");
    }
}
