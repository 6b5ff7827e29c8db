//! What was spent on each day.

use super::samples::{Interval, in_order, intervals};
use super::{DAY, Day, MOST_DAYS, Sample};
use crate::model::Amount;
use std::collections::BTreeMap;

/// What was spent on a day, and the part of the day that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DayUse {
    pub(super) number: i64,
    pub(super) spent: Amount,
    /// In seconds.
    pub(super) covered: i64,
}

/// Every day that the samples tell something about, zero included, at most the last 400.
///
/// What was spent between two samples of different days is divided by time, to the cent, and nothing
/// is lost. A day that lies wholly between the two samples of a rise is left out.
#[must_use]
pub fn days(samples: &[Sample]) -> Vec<Day> {
    let uses = by_day(intervals(&in_order(samples)));
    uses.into_iter().map(|DayUse { number, spent, .. }| Day { number, spent }).collect()
}

/// The use of each day, in the order of the days.
pub(super) fn by_day(intervals: impl Iterator<Item = Interval>) -> Vec<DayUse> {
    let mut days: BTreeMap<i64, (Amount, i64)> = BTreeMap::new();
    for interval in intervals {
        for (from, to) in pieces(interval.from, interval.to) {
            let until = |time| interval.spent.share(time - interval.from, interval.to - interval.from);
            let spent = until(to).and_then(|more| more.checked_sub(until(from)?));
            let day = days.entry(from.div_euclid(DAY)).or_insert((Amount::ZERO, 0));
            if let Some(sum) = spent.and_then(|spent| day.0.checked_add(spent)) {
                *day = (sum, day.1 + to - from);
            }
        }
    }
    days.into_iter().map(|(number, (spent, covered))| DayUse { number, spent, covered }).collect()
}

/// The parts of a time that lie on one day each, at most the last 400.
pub(super) fn pieces(from: i64, to: i64) -> impl Iterator<Item = (i64, i64)> {
    let first = from.div_euclid(DAY).max((to - 1).div_euclid(DAY) - (MOST_DAYS - 1));
    (first..=(to - 1).div_euclid(DAY)).map(move |day| (from.max(day * DAY), to.min((day + 1) * DAY)))
}
