//! What is worth recording, and how long it is kept. Time is an argument.
//!
//! Clocks may be wrong. No sample is changed by that, and none is deleted on the word of a clock that
//! the samples contradict: the larger part of them is right.

use airalo_balance::model::date::DAY;
use airalo_balance::model::history::Sample;
use std::cmp::Reverse;

/// A balance that stays the same is recorded after this time, in seconds. It is half of 15 minutes:
/// where readings are no further apart than this, each quarter of an hour has a sample.
pub(super) const UNCHANGED: i64 = 450;

/// How long every sample is kept. The forecast looks at the last 28 days.
const DAYS_IN_FULL: i64 = 35;

/// How long anything is kept.
pub(super) const DAYS_KEPT: i64 = 400;

/// Of how many top-ups and refunds of an old day both samples are kept. Beyond that the smallest
/// ones are lost, and no account has so many.
const RISES_KEPT_PER_DAY: usize = 8;

/// Clocks of replicas may differ by this much.
pub(super) const CLOCK_TOLERANCE: i64 = 300;

/// Samples of a clock that runs steadily: one was taken a day and a half to three days ago.
const STEADY: [i64; 2] = [3 * DAY, 3 * DAY / 2];

/// The time of a new sample: that of its reading, or the second after the latest sample, whose clock
/// may have been a little ahead.
pub(super) fn time_of(samples: &[Sample], reading: i64) -> i64 {
    let latest = until(samples, reading).0.last();
    latest.map_or(reading, |latest| reading.max(latest.at + 1))
}

/// Whether an amount at a time tells something that is not known from the samples before.
pub(super) fn is_new(samples: &[Sample], sample: Sample) -> bool {
    let latest = until(samples, sample.at).0.last();
    latest.is_none_or(|latest| latest.amount != sample.amount || sample.at - latest.at >= UNCHANGED)
}

/// The samples that were taken until now, and those of a clock that was ahead.
pub(super) fn until(samples: &[Sample], now: i64) -> (&[Sample], &[Sample]) {
    samples.split_at(samples.partition_point(|sample| sample.at <= now + CLOCK_TOLERANCE))
}

/// The times of samples from a clock that was ahead. If they are the larger part, this clock is
/// behind, and they stay.
fn ahead(samples: &[Sample], now: i64) -> Vec<i64> {
    let (past, ahead) = until(samples, now);
    if ahead.len() < past.len() { ahead.iter().map(|sample| sample.at).collect() } else { Vec::new() }
}

/// Whether samples may be deleted because they are old. After a pause, or a jump of the clock, that
/// waits for a day and a half.
fn is_steady(samples: &[Sample], now: i64) -> bool {
    let [first, last] = STEADY.map(|age| samples.partition_point(|sample| sample.at < now - age));
    first < last
}

/// The times of the samples that have to be deleted; the old ones among them, if they are to be looked
/// for.
pub(super) fn to_delete(samples: &[Sample], now: i64, with_old: bool) -> Vec<i64> {
    let mut times = ahead(samples, now);
    if with_old && is_steady(samples, now) {
        times.extend(too_old(samples, now));
    }
    times
}

/// The times of the samples that are too old to be kept.
///
/// Everything stays for 35 days. Of an older day these stay: its lowest, its last, and both ends of
/// its rises. Between two rises a balance only falls, so what was spent and what was added is the
/// same before and after.
fn too_old(samples: &[Sample], now: i64) -> Vec<i64> {
    let today = now.div_euclid(DAY);
    let start_of = |days_ago: i64| samples.partition_point(|sample| sample.at < (today - days_ago) * DAY);
    let (kept_from, full_from) = (start_of(DAYS_KEPT), start_of(DAYS_IN_FULL));
    let mut too_old: Vec<i64> = samples[..kept_from].iter().map(|sample| sample.at).collect();
    let mut from = kept_from;
    while from < full_from {
        let day = samples[from].at.div_euclid(DAY);
        let to = samples.partition_point(|sample| sample.at.div_euclid(DAY) <= day);
        let kept = kept_of_day(samples, from, to);
        too_old.extend((from..to).filter(|index| !kept.contains(index)).map(|index| samples[index].at));
        from = to;
    }
    too_old
}

/// The indices that stay of the samples of one day.
fn kept_of_day(samples: &[Sample], from: usize, to: usize) -> Vec<usize> {
    let lowest = (from..to).min_by_key(|&index| samples[index].amount);
    let rise = |index: usize| samples[index].amount.checked_sub(samples[index - 1].amount);
    let mut rises: Vec<usize> =
        (from.max(1)..to).filter(|&index| samples[index].amount > samples[index - 1].amount).collect();
    rises.sort_by_key(|&index| Reverse(rise(index)));
    rises.truncate(RISES_KEPT_PER_DAY);
    // What was spent since the very first sample is known only as long as that one is there.
    let first = (from == 0).then_some(0);
    let ends = rises.into_iter().flat_map(|index| [index - 1, index]);
    ends.chain(lowest).chain(first).chain([to - 1]).collect()
}

#[cfg(test)]
mod tests;
