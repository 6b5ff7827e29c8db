use super::*;
use airalo_balance::model::Amount;
use airalo_balance::model::history::credits;
use proptest::prelude::*;
use std::collections::HashSet;

const NOW: i64 = 1_796_000_000;

fn sample(at: i64, cents: i64) -> Sample {
    Sample { at, amount: Amount::new(cents, 2).unwrap() }
}

/// What is left after the old ones are deleted.
fn left(samples: &[Sample], now: i64) -> Vec<Sample> {
    let too_old: HashSet<_> = too_old(samples, now).into_iter().collect();
    samples.iter().copied().filter(|sample| !too_old.contains(&sample.at)).collect()
}

fn total(amounts: impl Iterator<Item = Amount>) -> Amount {
    amounts.fold(Amount::ZERO, |sum, amount| sum.checked_add(amount).unwrap())
}

fn credited(samples: &[Sample]) -> Amount {
    total(credits(samples).into_iter().map(|credit| credit.amount))
}

#[test]
fn a_change_is_recorded_at_once_and_the_same_balance_at_least_every_quarter_of_an_hour() {
    let before = [sample(NOW, 100)];
    assert!(is_new(&[], sample(NOW, 100)));
    assert!(is_new(&before, sample(NOW + 1, 99)));
    assert!(!is_new(&before, sample(NOW + 60, 100)));
    for every in [60, 300, 449, 450, 600, 900] {
        let mut samples = vec![sample(NOW, 100)];
        for at in (NOW..NOW + DAY).step_by(every) {
            if is_new(&samples, sample(at, 100)) {
                samples.push(sample(at, 100));
            }
        }
        assert!(samples.windows(2).all(|pair| pair[1].at - pair[0].at <= 900), "every {every} s");
    }
}

#[test]
fn a_reading_with_a_time_long_before_others_is_compared_with_what_was_before_it() {
    let samples = [sample(NOW, 100), sample(NOW + DAY, 50)];
    assert!(!is_new(&samples, sample(NOW + 60, 100)));
    assert!(is_new(&samples, sample(NOW + 60, 50)));
    assert!(is_new(&samples, sample(NOW - DAY, 100)));
}

/// Otherwise the balance would seem to rise and fall again.
#[test]
fn a_reading_of_a_clock_that_is_a_little_behind_comes_after_the_latest_sample() {
    let samples = [sample(NOW, 100)];
    assert_eq!(time_of(&[], NOW), NOW);
    assert_eq!(time_of(&samples, NOW + 60), NOW + 60);
    assert_eq!(time_of(&samples, NOW), NOW + 1);
    assert_eq!(time_of(&samples, NOW - 200), NOW + 1);
    assert_eq!(time_of(&samples, NOW - DAY), NOW - DAY);
}

#[test]
fn samples_of_a_clock_that_was_ahead_are_deleted_if_they_are_fewer() {
    let good = (0..10).map(|n| sample(NOW + n * 600, 1_000 - n));
    let bad = (0..5).map(|n| sample(NOW + 365 * DAY + n * 600, 990 - n));
    let samples: Vec<_> = good.chain(bad).collect();
    assert_eq!(ahead(&samples, NOW + 6_000).len(), 5);
    // A clock that starts in 1970 proves nothing against them.
    assert!(ahead(&samples, 3_600).is_empty());
    // The clock of another replica is a little ahead.
    assert!(ahead(&samples[..10], NOW + 5_300).is_empty());
}

#[test]
fn nothing_is_deleted_for_its_age_until_the_clock_has_run_steadily_for_a_day_and_a_half() {
    let mut samples: Vec<_> = (0..100).map(|n| sample(NOW + n * 900, 100)).collect();
    let jump = NOW + 5_000 * DAY;
    assert!(!is_steady(&samples, jump));
    samples.extend((0..200).map(|n| sample(jump + n * 900, 100)));
    assert!(!is_steady(&samples, jump + DAY));
    assert!(is_steady(&samples, jump + 2 * DAY));
}

#[test]
fn of_an_old_day_its_lowest_its_last_and_the_ends_of_its_rises_stay() {
    let now = NOW.div_euclid(DAY) * DAY + 100 * DAY;
    let day = now - 50 * DAY;
    let first = sample(day - 30 * DAY, 90_000);
    let hours = [(1, 900), (2, 500), (3, 400), (4, 2_400), (5, 2_300), (6, 2_350), (7, 2_000), (8, 1_900)];
    let mut samples = vec![first];
    samples.extend(hours.map(|(hour, cents)| sample(day + hour * 3_600, cents)));
    samples.push(sample(now - 60, 100));
    let left = left(&samples, now);
    let hours: Vec<_> = left[1..left.len() - 1].iter().map(|sample| (sample.at - day) / 3_600).collect();
    assert_eq!(hours, [3, 4, 5, 6, 8]);
    assert_eq!(credited(&left), credited(&samples));
}

#[test]
fn after_400_days_nothing_is_kept() {
    let samples = [sample(NOW - 401 * DAY, 1), sample(NOW - 399 * DAY, 2), sample(NOW, 3)];
    assert_eq!(left(&samples, NOW), samples[1..]);
}

#[test]
fn a_year_of_a_busy_account_is_rolled_up_to_a_few_samples_a_day() {
    let samples: Vec<_> = (0..400 * 288).rev().map(|n| sample(NOW - n * 300, 10_000 + n % 7_000)).collect();
    let left = left(&samples, NOW);
    assert!(left.len() < 37 * 288 + 365 * 6, "{}", left.len());
}

proptest! {
    #[test]
    fn what_was_spent_and_what_was_added_is_the_same_after_the_old_is_deleted(
        steps in prop::collection::vec((60_i64..20_000, -5_000_i64..200), 1..400),
        rises in prop::collection::vec((0_usize..400, 1_i64..90_000), 0..30),
    ) {
        let (mut at, mut cents) = (NOW - 300 * DAY, 1_000_000);
        let mut samples = vec![sample(at, cents)];
        for (index, (wait, change)) in steps.iter().enumerate() {
            at += wait;
            // At most one rise in six hours, so that all of them are kept.
            let rise = rises.iter().find(|(place, _)| *place == index && index % 4 == 0 && *wait > 11_000);
            cents += rise.map_or((*change).min(0), |(_, rise)| *rise);
            samples.push(sample(at, cents));
        }
        let left = left(&samples, NOW);
        prop_assert_eq!(credited(&left), credited(&samples));
        // So is what was spent: the difference of the ends and the credits.
        prop_assert_eq!(left.first(), samples.first());
        prop_assert_eq!(left.last(), samples.last());
        // And there is nothing more to delete.
        prop_assert_eq!(too_old(&left, NOW), Vec::<i64>::new());
        for day in samples.chunk_by(|a, b| a.at.div_euclid(DAY) == b.at.div_euclid(DAY)) {
            let lowest = day.iter().map(|sample| sample.amount).min();
            let number = day[0].at.div_euclid(DAY);
            let left = left.iter().filter(|sample| sample.at.div_euclid(DAY) == number);
            prop_assert_eq!(left.map(|sample| sample.amount).min(), lowest);
        }
    }
}
