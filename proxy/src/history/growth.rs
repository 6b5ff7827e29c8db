//! By how much use and credit grow with the samples that are written.
//!
//! Several replicas that cannot reach the store record the same use. Each of them counts only what its
//! samples add to those that are in the store, so together they count it once.

use airalo_balance::model::Amount;
use airalo_balance::model::history::Sample;
use std::collections::BTreeSet;

/// What was spent and what was credited. `None` is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Growth {
    pub(super) spent: Option<Amount>,
    pub(super) credited: Option<Amount>,
}

/// The sums over samples, one after the other.
#[derive(Clone, Copy, Debug)]
struct Sums {
    latest: Option<Amount>,
    growth: Growth,
}

impl Sums {
    const fn after(latest: Option<Amount>) -> Self {
        Self { latest, growth: Growth { spent: None, credited: None } }
    }

    fn add(&mut self, amount: Amount) {
        let Some(before) = self.latest.replace(amount) else { return };
        let Growth { spent, credited } = &mut self.growth;
        let (sum, change) = if amount > before {
            (credited, amount.checked_sub(before))
        } else {
            (spent, before.checked_sub(amount))
        };
        let change = change.filter(|change| !change.is_zero());
        *sum = match (*sum, change) {
            (Some(sum), Some(change)) => sum.checked_add(change),
            (sum, change) => sum.or(change),
        };
    }
}

/// What the samples at the times `written` add to the others. Those at the times `waiting` are not in
/// the store yet and do not count.
pub(super) fn growth(samples: &[Sample], written: &BTreeSet<i64>, waiting: &BTreeSet<i64>) -> Growth {
    let (Some(first), Some(last)) = (written.first(), written.last()) else { return Growth::default() };
    let (earlier, later) = samples.split_at(samples.partition_point(|sample| sample.at < *first));
    let is_stored = |sample: &&Sample| !waiting.contains(&sample.at);
    let mut with = Sums::after(earlier.iter().rfind(is_stored).map(|sample| sample.amount));
    let mut without = with;
    for sample in later.iter().filter(is_stored) {
        with.add(sample.amount);
        if !written.contains(&sample.at) {
            without.add(sample.amount);
        }
        if sample.at > *last {
            break;
        }
    }
    let (with, without) = (with.growth, without.growth);
    Growth { spent: less(with.spent, without.spent), credited: less(with.credited, without.credited) }
}

fn less(sum: Option<Amount>, part: Option<Amount>) -> Option<Amount> {
    let rest = match (sum, part) {
        (Some(sum), Some(part)) => sum.checked_sub(part),
        (sum, _) => sum,
    };
    rest.filter(|rest| !rest.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(samples: &[(i64, &str)], written: &[i64], waiting: &[i64]) -> [Option<String>; 2] {
        let sample = |(at, amount): &(i64, &str)| Sample { at: *at, amount: amount.parse().unwrap() };
        let samples: Vec<_> = samples.iter().map(sample).collect();
        let set = |times: &[i64]| times.iter().copied().collect();
        let growth = growth(&samples, &set(written), &set(waiting));
        [growth.spent, growth.credited].map(|amount| amount.map(|amount| amount.to_string()))
    }

    fn strings(spent: Option<&str>, credited: Option<&str>) -> [Option<String>; 2] {
        [spent.map(str::to_owned), credited.map(str::to_owned)]
    }

    #[test]
    fn a_sample_after_all_others_counts_the_difference_to_the_one_before() {
        assert_eq!(of(&[(1, "100"), (2, "99.5")], &[2], &[]), strings(Some("0.5"), None));
        assert_eq!(of(&[(1, "100"), (2, "600")], &[2], &[]), strings(None, Some("500")));
        assert_eq!(of(&[(1, "100"), (2, "100")], &[2], &[]), strings(None, None));
        assert_eq!(of(&[(1, "100")], &[1], &[]), strings(None, None));
    }

    #[test]
    fn what_other_replicas_have_written_is_not_counted_again() {
        let samples = [(1, "100"), (2, "90"), (3, "90"), (5, "80"), (6, "85"), (7, "80")];
        assert_eq!(of(&samples, &[3], &[]), strings(None, None));
        assert_eq!(of(&samples, &[2, 5], &[]), strings(Some("5"), Some("5")));
        assert_eq!(of(&samples, &[6], &[]), strings(Some("5"), Some("5")));
    }

    #[test]
    fn each_part_of_what_is_written_counts_once() {
        let samples = [(1, "100"), (2, "90"), (3, "120"), (4, "70")];
        assert_eq!(of(&samples, &[2], &[3, 4]), strings(Some("10"), None));
        assert_eq!(of(&samples, &[3], &[4]), strings(None, Some("30")));
        assert_eq!(of(&samples, &[4], &[]), strings(Some("50"), None));
    }
}
