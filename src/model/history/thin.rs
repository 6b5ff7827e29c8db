//! Fewer samples that still show what matters.

use super::samples::in_order;
use super::{DAY, Sample};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// At most `most` of the samples: the first and the last, those around each rise, and the lowest of
/// each day.
///
/// Where there is room, it is the lowest of each part of a day; where there is not, the lowest of
/// several days. Where even the rises do not fit, the highest ones stay.
#[must_use]
pub fn thin(samples: &[Sample], most: usize) -> Vec<Sample> {
    let samples = in_order(samples);
    if samples.len() <= most {
        return samples.into_owned();
    }
    let mut kept: BTreeSet<usize> = [samples.len() - 1, 0].into_iter().take(most).collect();
    for after in rises(&samples) {
        let with_rise: BTreeSet<_> = kept.iter().copied().chain([after - 1, after]).collect();
        if with_rise.len() > most {
            break;
        }
        kept = with_rise;
    }
    let span = samples[samples.len() - 1].at - samples[0].at;
    for width in widths().take_while(|width| *width <= span.max(DAY)) {
        let with_lowest: BTreeSet<_> = kept.iter().copied().chain(lowest(&samples, width)).collect();
        if with_lowest.len() <= most {
            kept = with_lowest;
            break;
        }
    }
    kept.into_iter().map(|index| samples[index]).collect()
}

/// Parts of a day that divide it, then whole days. So the lowest of a day is kept with its part.
fn widths() -> impl Iterator<Item = i64> {
    (0..7).rev().map(|halvings| DAY >> halvings).chain((2..).map(|days| days * DAY))
}

/// The index after each rise, the highest rise first.
fn rises(samples: &[Sample]) -> Vec<usize> {
    let rise = |after: usize| samples[after].amount.checked_sub(samples[after - 1].amount);
    let mut rises: Vec<usize> =
        (1..samples.len()).filter(|&after| samples[after].amount > samples[after - 1].amount).collect();
    rises.sort_by_key(|&after| Reverse(rise(after)));
    rises
}

/// The index of the lowest sample of each span of this width.
fn lowest(samples: &[Sample], width: i64) -> impl Iterator<Item = usize> {
    let mut lowest: BTreeMap<i64, usize> = BTreeMap::new();
    for (index, sample) in samples.iter().enumerate() {
        let best = lowest.entry(sample.at.div_euclid(width)).or_insert(index);
        if sample.amount < samples[*best].amount {
            *best = index;
        }
    }
    lowest.into_values()
}
