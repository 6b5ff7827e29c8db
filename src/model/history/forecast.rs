//! How long the credit lasts if it is used as it was in the last four weeks.

mod pace;
mod run_out;
mod season;

use super::day::by_day;
use super::samples::{Interval, in_order, intervals};
use super::{DAY, Sample};
use crate::model::Amount;
use pace::Pace;
use run_out::Range;
use season::Season;
use serde::{Deserialize, Serialize};

/// Older samples are not used.
const WINDOW_DAYS: i64 = 28;

/// What is said of a longer time is only that it is longer.
const MOST_DAYS_LEFT: u32 = 90;

/// In days: an error of the arithmetic does not make another day.
const ROUNDING: f64 = 1e-6;

/// How many days are left, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct DaysLeft {
    /// It will hardly be fewer; 90 where it is more than 90.
    pub low: u32,
    /// The best estimate; none where it is more than 90.
    pub middle: Option<u32>,
    /// It will hardly be more; none where it is more than 90.
    pub high: Option<u32>,
}

/// What the use of the last weeks tells about the next ones.
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

/// When the credit runs out, if nobody tops it up and it is used as before.
///
/// None where that cannot be told: with less than 24 hours of data, without use, or where the last
/// sample is more than a day old.
#[must_use]
pub fn forecast(samples: &[Sample], now: i64) -> Option<Forecast> {
    let today = now.div_euclid(DAY);
    let window = (today - WINDOW_DAYS).saturating_mul(DAY)..=now;
    let samples: Vec<Sample> = samples.iter().copied().filter(|one| window.contains(&one.at)).collect();
    let samples = in_order(&samples);
    let (first, last) = (samples.first()?, samples.last()?);
    // Where there is no credit there are no orders, and that says nothing about the days with credit.
    let uses: Vec<Interval> = intervals(&samples).filter(|one| one.balance > Amount::ZERO).collect();
    let covered: i64 = uses.iter().map(|one| one.to - one.from).sum();
    if covered < DAY || now - last.at > DAY {
        return None;
    }

    let past_days: Vec<_> =
        by_day(uses.iter().copied()).into_iter().filter(|day| day.number < today).collect();
    let season = Season::of(&past_days);
    let pace = Pace::of(&uses, &season, last.at).filter(|pace| pace.per_day > 0.0)?;
    let range = Range::of(last.amount.approximate(), &pace);
    let days_left = |weighted_days: f64| {
        let days = run_out::days_until(weighted_days, last.at, &season) - (now - last.at) as f64 / DAY as f64;
        Some(days.max(0.0)).filter(|days| *days <= f64::from(MOST_DAYS_LEFT) + ROUNDING)
    };
    let middle = days_left(range.middle);
    Some(Forecast {
        spent_per_day: rounded(pace.per_day)?,
        days_left: DaysLeft {
            low: days_left(range.low).map_or(MOST_DAYS_LEFT, |days| (days + ROUNDING).floor() as u32),
            middle: middle.map(|days| days.round() as u32),
            high: range.high.and_then(days_left).map(|days| (days - ROUNDING).ceil() as u32),
        },
        runs_out: middle.map(|days| (now + (days * DAY as f64).round() as i64).div_euclid(DAY)),
        since: first.at,
    })
}

/// To two decimals, whatever the currency.
fn rounded(per_day: f64) -> Option<Amount> {
    let hundredths = (per_day * 100.0).round();
    // Beyond 2^53 a float has no hundredths.
    (hundredths < 9e15).then(|| Amount::new(hundredths as i64, 2).ok()).flatten()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
