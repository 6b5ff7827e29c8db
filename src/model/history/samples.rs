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
