//! Fewer samples that still show what matters.

use super::samples::in_order;
use super::{DAY, MOST_DAYS, Sample};
use std::cmp::Reverse;
use std::collections::BTreeSet;

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
    let with_lowest = |width| kept.iter().copied().chain(lowest(&samples, width)).collect::<BTreeSet<_>>();
    let kept = widths().map(with_lowest).find(|choice| choice.len() <= most).unwrap_or(kept);
    kept.into_iter().map(|index| samples[index]).collect()
}

/// Parts of a day that divide it, then whole days. So the lowest of a day is kept with its part.
fn widths() -> impl Iterator<Item = i64> {
    (0..7).rev().map(|halvings| DAY >> halvings).chain((2..=MOST_DAYS).map(|days| days * DAY))
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
    let span = move |sample: &Sample| sample.at.div_euclid(width);
    let mut start = 0;
    samples.chunk_by(move |a, b| span(a) == span(b)).filter_map(move |samples| {
        let first = start;
        start += samples.len();
        (0..samples.len()).min_by_key(|index| samples[*index].amount).map(|index| first + index)
    })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::Amount;
    use crate::model::history::{credits, readings};
    use proptest::prelude::*;

    const QUARTER: i64 = 900;

    /// Falls by one every quarter of an hour, and is topped up by 900 every nine days.
    fn saw_tooth(days: i64) -> Vec<Sample> {
        let balance = |quarter: i64| 1000 - quarter % (9 * 96);
        let amount = |quarter| Amount::new(balance(quarter), 0).unwrap();
        (0..days * 96).map(|quarter| Sample { at: quarter * QUARTER, amount: amount(quarter) }).collect()
    }

    #[test]
    fn what_fits_is_left_as_it_is() {
        let samples = saw_tooth(2);
        assert_eq!(thin(&samples, samples.len()), samples);
        assert_eq!(thin(&[], 200), []);
    }

    #[test]
    fn every_top_up_and_the_lowest_of_every_day_stay() {
        let samples = saw_tooth(30);
        let thinned = thin(&samples, 200);
        assert!((100..=200).contains(&thinned.len()), "{} points", thinned.len());
        assert_eq!(credits(&thinned), credits(&samples));
        for day in samples.chunk_by(|a, b| a.at / DAY == b.at / DAY) {
            let lowest = day.iter().min_by_key(|sample| sample.amount).unwrap();
            assert!(thinned.contains(lowest), "{lowest:?}");
        }
        assert_eq!((thinned.first(), thinned.last()), (samples.first(), samples.last()));
    }

    #[test]
    fn of_400_days_the_top_ups_stay_and_the_lowest_of_every_few_days() {
        let samples = saw_tooth(400);
        let thinned = thin(&samples, 200);
        assert!((150..=200).contains(&thinned.len()), "{} points", thinned.len());
        assert_eq!(credits(&thinned), credits(&samples));
        assert!(thinned.windows(2).all(|pair| pair[1].at - pair[0].at < 8 * DAY));
    }

    #[test]
    fn where_the_top_ups_do_not_fit_the_highest_ones_stay() {
        let samples =
            readings(&[(0, "9"), (1, "1"), (2, "2"), (3, "0"), (4, "500"), (5, "1"), (6, "3"), (7, "0")]);
        assert_eq!(thin(&samples, 4), readings(&[(0, "9"), (3, "0"), (4, "500"), (7, "0")]));
        assert_eq!(thin(&samples, 2), readings(&[(0, "9"), (7, "0")]));
        assert_eq!(thin(&samples, 1), readings(&[(7, "0")]));
        assert_eq!(thin(&samples, 0), []);
    }

    proptest! {
        #[test]
        fn whatever_the_samples_they_are_in_order_and_no_more_than_allowed(
            samples in prop::collection::vec((-9_i64..9_000_000, -500_i64..500), 0..300),
            most in 0_usize..40,
        ) {
            let read = |(at, amount)| Sample { at, amount: Amount::new(amount, 0).unwrap() };
            let thinned = thin(&samples.into_iter().map(read).collect::<Vec<_>>(), most);
            prop_assert!(thinned.len() <= most);
            prop_assert!(thinned.is_sorted_by(|a, b| a.at < b.at));
        }
    }
}
