//! What was spent on each day.

use super::samples::{Interval, in_order, intervals};
use super::{DAY, Day, MOST_DAYS, Sample};
use crate::model::Amount;

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
    let last = uses.last().map_or(0, |day| day.number);
    let recent = uses.into_iter().filter(|day| day.number > last - MOST_DAYS);
    recent.map(|DayUse { number, spent, .. }| Day { number, spent }).collect()
}

/// The use of each day, for intervals in the order of time.
pub(super) fn by_day(intervals: impl Iterator<Item = Interval>) -> Vec<DayUse> {
    let mut days: Vec<DayUse> = Vec::new();
    for interval in intervals {
        for (from, to) in pieces(interval.from, interval.to) {
            let until = |time| interval.spent.share(time - interval.from, interval.to - interval.from);
            let Some(spent) = until(to).and_then(|more| more.checked_sub(until(from)?)) else { continue };
            let (number, covered) = (from.div_euclid(DAY), to - from);
            match days.last_mut().filter(|day| day.number == number) {
                Some(day) => {
                    let Some(sum) = day.spent.checked_add(spent) else { continue };
                    *day = DayUse { number, spent: sum, covered: day.covered + covered };
                }
                None => days.push(DayUse { number, spent, covered }),
            }
        }
    }
    days
}

/// The parts of a time that lie on one day each, at most the last 400.
pub(super) fn pieces(from: i64, to: i64) -> impl Iterator<Item = (i64, i64)> {
    let first = from.div_euclid(DAY).max((to - 1).div_euclid(DAY) - (MOST_DAYS - 1));
    (first..=(to - 1).div_euclid(DAY)).map(move |day| (from.max(day * DAY), to.min((day + 1) * DAY)))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::history::readings;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600;

    fn spent(samples: &[(i64, &str)]) -> Vec<(i64, String)> {
        days(&readings(samples)).into_iter().map(|day| (day.number, day.spent.to_string())).collect()
    }

    fn expected(days: &[(i64, &str)]) -> Vec<(i64, String)> {
        days.iter().map(|(number, spent)| (*number, (*spent).to_owned())).collect()
    }

    #[test]
    fn a_day_without_use_is_zero_and_not_missing() {
        let samples = [(HOUR, "100"), (2 * HOUR, "90.5"), (30 * HOUR, "90.5"), (50 * HOUR, "80.5")];
        let of_third = [(0, "9.5"), (1, "9"), (2, "1")];
        assert_eq!(spent(&samples), expected(&of_third));
        assert_eq!(spent(&[(HOUR, "5"), (49 * HOUR, "5")]), expected(&[(0, "0"), (1, "0"), (2, "0")]));
    }

    #[test]
    fn a_gap_is_divided_by_time_and_no_cent_is_lost() {
        let three_days = [(12 * HOUR, "100"), (12 * HOUR + 3 * DAY, "0")];
        assert_eq!(spent(&three_days), expected(&[(0, "16.66"), (1, "33.34"), (2, "33.33"), (3, "16.67")]));
    }

    #[test]
    fn a_top_up_is_no_negative_use() {
        let samples = [(0, "10"), (HOUR, "5"), (2 * HOUR, "1000"), (3 * HOUR, "990")];
        assert_eq!(spent(&samples), expected(&[(0, "15")]));
    }

    #[test]
    fn a_day_within_a_gap_with_a_top_up_is_left_out() {
        let samples = [(0, "10"), (HOUR, "9"), (HOUR + 3 * DAY, "100"), (2 * HOUR + 3 * DAY, "98")];
        assert_eq!(spent(&samples), expected(&[(0, "1"), (3, "2")]));
    }

    #[test]
    fn only_the_last_400_days_are_counted() {
        let century = spent(&[(0, "36525"), (36_525 * DAY, "0")]);
        assert_eq!(century.len(), 400);
        assert_eq!(century[0], (36_125, "1".to_owned()));
        assert_eq!(spent(&[(0, "2"), (DAY, "1"), (900 * DAY, "1")]).len(), 400);
    }

    proptest! {
        #[test]
        fn the_days_sum_up_to_what_was_spent(steps in prop::collection::vec((1_i64..9 * DAY, 0_i64..99_999), 1..40)) {
            let (mut at, mut balance) = (0, 0);
            let mut samples = vec![Sample { at, amount: Amount::ZERO }];
            for (length, cents) in steps {
                (at, balance) = (at + length, balance - cents);
                samples.push(Sample { at, amount: Amount::new(balance, 2).unwrap() });
            }
            let add = |sum: Amount, day: Day| sum.checked_add(day.spent).unwrap();
            let sum = days(&samples).into_iter().fold(Amount::ZERO, add);
            prop_assert_eq!(sum, Amount::new(-balance, 2).unwrap());
        }
    }
}
