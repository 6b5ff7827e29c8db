use super::*;
use crate::model::history::readings;
use proptest::prelude::*;

const HOUR: i64 = 3_600;

/// Every hour the balance falls by this much, until it is what is left.
fn steady(hours: i64, fall: i64, left: i64) -> Vec<Sample> {
    let amount = |hour| Amount::new(left + fall * (hours - hour), 0).unwrap();
    (0..=hours).map(|hour| Sample { at: hour * HOUR, amount: amount(hour) }).collect()
}

#[test]
fn a_steady_use_lasts_as_long_as_the_balance_divided_by_it() {
    let found = forecast(&steady(30 * 24, 1, 264), 30 * DAY).unwrap();
    assert_eq!(found.spent_per_day.to_string(), "24");
    assert_eq!(found.days_left, DaysLeft { low: 11, middle: Some(11), high: Some(11) });
    assert_eq!(found.runs_out, Some(41));
    assert_eq!(found.since, 2 * DAY, "28 days before today");
}

#[test]
fn with_less_than_a_day_of_data_nothing_is_said() {
    assert_eq!(forecast(&steady(23, 1, 100), 23 * HOUR), None);
    assert!(forecast(&steady(24, 1, 100), 24 * HOUR).is_some());
    assert_eq!(forecast(&[], 0), None);
}

#[test]
fn the_time_around_a_top_up_does_not_make_a_day() {
    let mut samples = steady(20, 1, 100);
    samples.extend(readings(&[(40 * HOUR, "500"), (43 * HOUR, "497")]));
    assert_eq!(forecast(&samples, 43 * HOUR), None, "23 hours are known");
    samples.extend(readings(&[(44 * HOUR, "496")]));
    assert!(forecast(&samples, 44 * HOUR).is_some());
}

#[test]
fn without_use_nothing_is_said() {
    assert_eq!(forecast(&steady(100, 0, 100), 100 * HOUR), None);
}

#[test]
fn a_reading_that_is_more_than_a_day_old_tells_nothing() {
    let samples = steady(100, 1, 240);
    assert_eq!(forecast(&samples, 124 * HOUR).unwrap().days_left.middle, Some(9), "one of ten has passed");
    assert_eq!(forecast(&samples, 124 * HOUR + 1), None);
}

#[test]
fn at_zero_or_below_no_days_are_left() {
    for left in [0, -5] {
        let found = forecast(&steady(100, 1, left), 100 * HOUR).unwrap();
        assert_eq!(found.days_left, DaysLeft { low: 0, middle: Some(0), high: Some(0) });
        assert_eq!(found.runs_out, Some(4), "today");
    }
}

#[test]
fn more_than_ninety_days_is_said_as_such() {
    let found = forecast(&steady(20 * 24, 1, 24 * 91), 20 * DAY).unwrap();
    assert_eq!(found.days_left, DaysLeft { low: 90, middle: None, high: None });
    assert_eq!(found.runs_out, None);
    let found = forecast(&steady(20 * 24, 1, 24 * 90), 20 * DAY).unwrap();
    assert_eq!(found.days_left, DaysLeft { low: 90, middle: Some(90), high: Some(90) });
}

#[test]
fn a_pace_that_cannot_be_kept_with_two_decimals_is_no_forecast() {
    assert_eq!(rounded(0.125).unwrap().to_string(), "0.13");
    assert_eq!(rounded(1e300), None);
    assert_eq!(rounded(f64::NAN), None);
}

proptest! {
    #[test]
    fn whatever_the_samples_the_range_is_in_order_and_within_ninety_days(
        steps in prop::collection::vec((-DAY..9 * DAY, any::<i64>(), 0_u32..=18, any::<bool>()), 0..50),
        wait in -DAY..2 * DAY,
    ) {
        let (mut at, mut small) = (0, 0);
        let mut samples = Vec::new();
        for (step, digits, decimals, is_wild) in steps {
            at += step;
            small = (small - digits % 100).max(0);
            let digits = if is_wild { digits } else { small };
            samples.push(Sample { at, amount: Amount::new(digits, decimals).unwrap() });
        }
        if let Some(found) = forecast(&samples, at + wait) {
            let DaysLeft { low, middle, high } = found.days_left;
            let at_most = |days: Option<u32>| days.unwrap_or(MOST_DAYS_LEFT);
            prop_assert!(low <= at_most(middle) && at_most(middle) <= at_most(high), "{:?}", found);
            prop_assert!(at_most(high) <= MOST_DAYS_LEFT);
            prop_assert_eq!(found.runs_out.is_some(), middle.is_some());
            prop_assert!(!found.spent_per_day.is_negative());
        }
    }

    #[test]
    fn no_time_makes_it_panic(times in prop::collection::vec(any::<i64>(), 0..9), now: i64) {
        let sample = |at: &i64| Sample { at: *at, amount: Amount::new(*at, 2).unwrap() };
        let samples: Vec<Sample> = times.iter().map(sample).collect();
        let _ = forecast(&samples, now);
        let _ = forecast(&samples, i64::MIN);
        let _ = crate::model::history::days(&samples);
    }
}
