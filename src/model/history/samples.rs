//! Samples in the order of their times, and what happened between two of them.

use super::{Credit, Sample};
use crate::model::Amount;
use std::borrow::Cow;
use std::iter::successors;

/// The times that RFC 3339 can write from 1970 on. No difference of two overflows.
const TIMES: std::ops::RangeInclusive<i64> = 0..=253_402_300_799;

/// The time between two samples in which the balance did not rise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) from: i64,
    pub(super) to: i64,
    /// The balance at its start.
    pub(super) balance: Amount,
    /// By how much it fell.
    pub(super) spent: Amount,
}

/// The rises of the balance. What was spent between the same two samples is part of the difference,
/// so a credit may be smaller than the top-up was.
#[must_use]
pub fn credits(samples: &[Sample]) -> Vec<Credit> {
    let samples = in_order(samples);
    let rises = samples.windows(2).filter_map(|pair| {
        let (before, after) = (pair[0], pair[1]);
        let amount = after.amount.checked_sub(before.amount).filter(|rise| *rise > Amount::ZERO)?;
        Some(Credit { at: after.at, amount })
    });
    rises.collect()
}

/// The intervals without a rise. One with a rise tells nothing about use: how much was spent before
/// and after a top-up cannot be known from their sum.
pub(super) fn intervals(samples: &[Sample]) -> impl Iterator<Item = Interval> {
    samples.windows(2).filter_map(|pair| {
        let (before, after) = (pair[0], pair[1]);
        let spent = before.amount.checked_sub(after.amount).filter(|fall| *fall >= Amount::ZERO)?;
        Some(Interval { from: before.at, to: after.at, balance: before.amount, spent })
    })
}

/// As many samples as possible so that each is later than the one before it.
///
/// Samples come in the order in which they were taken. Where a clock has jumped, their times do not
/// rise, and what is left out is the smaller part, whether the clock was ahead or behind. Of samples
/// with the same time the last one is kept.
pub(super) fn in_order(samples: &[Sample]) -> Cow<'_, [Sample]> {
    let is_a_time = |sample: &Sample| TIMES.contains(&sample.at);
    if samples.is_sorted_by(|a, b| a.at < b.at) && samples.iter().all(is_a_time) {
        return Cow::Borrowed(samples);
    }
    let samples: Vec<Sample> = samples.iter().copied().filter(is_a_time).collect();
    // The longest rising subsequence. `ends[n]` is where one of n + 1 samples ends the earliest.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(samples.len());
    for (index, sample) in samples.iter().enumerate() {
        let length = ends.partition_point(|&end| samples[end].at < sample.at);
        previous.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut kept: Vec<_> =
        successors(ends.last().copied(), |&index| previous[index]).map(|index| samples[index]).collect();
    kept.reverse();
    Cow::Owned(kept)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::history::readings;
    use proptest::prelude::*;

    #[test]
    fn every_rise_is_a_credit_with_its_exact_amount() {
        let samples = readings(&[(0, "12.10"), (9, "512.05"), (18, "500"), (27, "500.005"), (36, "500.005")]);
        let expected = [
            Credit { at: 9, amount: "499.95".parse().unwrap() },
            Credit { at: 27, amount: "0.005".parse().unwrap() },
        ];
        assert_eq!(credits(&samples), expected);
        assert_eq!(credits(&samples[..1]), []);
    }

    #[test]
    fn a_clock_that_was_ahead_or_behind_for_a_while_makes_no_credit() {
        let ahead =
            readings(&[(10, "9"), (20, "8"), (9_000, "7"), (9_010, "7"), (30, "6"), (40, "5"), (50, "4")]);
        let behind = readings(&[(1_000, "9"), (1_010, "9"), (1_020, "8"), (3, "7"), (13, "7"), (1_030, "6")]);
        for samples in [&ahead, &behind] {
            assert_eq!(credits(samples), []);
        }
        assert_eq!(*in_order(&ahead), [&ahead[..2], &ahead[4..]].concat());
        assert_eq!(*in_order(&behind), [&behind[..3], &behind[5..]].concat());
    }

    #[test]
    fn of_samples_with_one_time_the_last_one_counts() {
        let samples = readings(&[(10, "9"), (20, "8"), (20, "7"), (20, "6"), (30, "5")]);
        assert_eq!(*in_order(&samples), readings(&[(10, "9"), (20, "6"), (30, "5")]));
        assert_eq!(*in_order(&samples[..4]), readings(&[(10, "9"), (20, "6")]));
    }

    #[test]
    fn a_time_that_cannot_be_written_is_left_out() {
        let samples = readings(&[(i64::MIN, "9"), (-1, "9"), (5, "8"), (i64::MAX, "7")]);
        assert_eq!(*in_order(&samples), readings(&[(5, "8")]));
    }

    #[test]
    fn an_interval_with_a_rise_tells_nothing_about_use() {
        let samples = readings(&[(0, "10"), (5, "8"), (9, "100"), (12, "100")]);
        let found: Vec<_> =
            intervals(&samples).map(|one| (one.from, one.to, one.spent.to_string())).collect();
        assert_eq!(found, [(0, 5, "2".to_owned()), (9, 12, "0".to_owned())]);
    }

    proptest! {
        #[test]
        fn no_more_samples_than_necessary_are_left_out(times in prop::collection::vec(0_i64..30, 0..12)) {
            let samples: Vec<_> = times.iter().map(|at| Sample { at: *at, amount: Amount::ZERO }).collect();
            let longest = (0_u32..1 << times.len()).filter_map(|choice| {
                let chosen: Vec<_> = (0..times.len()).filter(|n| choice >> n & 1 == 1).map(|n| times[n]).collect();
                chosen.is_sorted_by(|a, b| a < b).then_some(chosen.len())
            });
            let kept = in_order(&samples);
            prop_assert!(kept.is_sorted_by(|a, b| a.at < b.at));
            prop_assert_eq!(kept.len(), longest.max().unwrap_or(0));
        }
    }
}
