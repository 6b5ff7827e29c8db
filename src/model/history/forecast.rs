//! How long the credit lasts at the rate at which it is used.

use super::samples::{Interval, in_order, intervals};
use super::{DAY, Sample};
use crate::model::Amount;

/// What is said of a longer time is only that it is longer.
const MOST_DAYS_LEFT: f64 = 90.0;

/// How many days are left, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaysLeft {
    /// It will hardly be fewer; 90 where it is more than 90.
    pub low: u32,
    /// The best estimate; none where it is more than 90.
    pub middle: Option<u32>,
    /// It will hardly be more; none where it is more than 90.
    pub high: Option<u32>,
}

/// What the use of the last weeks tells about the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// The recent use on an average day, rounded to two decimals.
    pub spent_per_day: Amount,
    /// For how long it lasts from now.
    pub days_left: DaysLeft,
    /// The day of the middle estimate, in days since 1970-01-01; none where it is more than 90 days
    /// away.
    pub runs_out: Option<i64>,
    /// The time of the first sample that was used: Unix time in seconds.
    pub since: i64,
}

/// When the credit runs out, if nobody tops it up and use goes on as it did.
///
/// None where that cannot be told: with less than 24 hours of data, without use, or where the last
/// sample is more than a day old.
#[must_use]
pub fn forecast(samples: &[Sample], now: i64) -> Option<Forecast> {
    let past: Vec<Sample> = samples.iter().copied().filter(|sample| sample.at <= now).collect();
    let samples = in_order(&past);
    let last = *samples.last()?;
    let since = samples.first()?.at;
    let uses: Vec<Interval> = intervals(&samples).filter(|use_| use_.balance > Amount::ZERO).collect();
    let covered: i64 = uses.iter().map(|one| one.to - one.from).sum();
    let spent: f64 = uses.iter().map(|one| one.spent.approximate()).sum();
    if covered < DAY || spent <= 0.0 || now - last.at > DAY {
        return None;
    }
    let per_day = spent / covered as f64 * DAY as f64;
    let left = (last.amount.approximate() / per_day).max(0.0);
    let within = |days: f64| (days <= MOST_DAYS_LEFT).then_some(days as u32);
    Some(Forecast {
        spent_per_day: Amount::new((per_day * 100.0).round() as i64, 2).ok()?,
        days_left: DaysLeft {
            low: within(left * 0.7).unwrap_or(90),
            middle: within(left),
            high: within(left * 1.4),
        },
        runs_out: within(left).map(|days| now.div_euclid(DAY) + i64::from(days)),
        since,
    })
}
