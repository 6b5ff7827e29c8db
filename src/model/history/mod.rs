//! What the readings of a balance tell: what was spent, what was added, and how long the rest lasts.
//!
//! All samples are of one account and one currency. A balance falls with every order and rises with
//! a top-up or a refund; a rise is a [`Credit`] and never negative use.
//! `docs/forecast.md` has the formulas, and why they are these.

mod day;
pub mod forecast;
mod samples;
mod thin;

use super::Amount;
use super::date::DAY;

pub use day::days;
pub use forecast::{DaysLeft, Forecast, forecast};
pub use samples::credits;
pub use thin::thin;

/// One reading of a balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When it was read: Unix time in seconds.
    pub at: i64,
    /// How much there was.
    pub amount: Amount,
}

/// A rise of the balance: a top-up or a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// When it was first seen: Unix time in seconds.
    pub at: i64,
    /// By how much the balance rose.
    pub amount: Amount,
}

/// What was spent on one day, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970-01-01.
    pub number: i64,
    /// How much the balance fell.
    pub spent: Amount,
}

/// The history that is kept, and so the most days that there can be.
const MOST_DAYS: i64 = 400;

/// Samples for tests, written as times and amounts.
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
fn readings(samples: &[(i64, &str)]) -> Vec<Sample> {
    samples.iter().map(|(at, amount)| Sample { at: *at, amount: amount.parse().unwrap() }).collect()
}
