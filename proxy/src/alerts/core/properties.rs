//! What holds for any readings, whenever the process restarts.

use super::tests::{HOUR, amount, reading, rules};
use super::*;
use jiff::SignedDuration;
use proptest::prelude::*;

/// A reading, and whether the process restarts before it.
#[derive(Clone, Debug)]
struct Step {
    minutes: i64,
    /// In cents. `None` is a failure.
    cents: Option<i64>,
    restarts: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Many readings close to the thresholds of 50 and 200, and many long runs of failures.
    let cents = prop_oneof![4_800..5_700_i64, 19_500..22_500_i64, -100..100_i64, 0..50_000_i64];
    let result = prop_oneof![3 => cents.prop_map(Some), 2 => Just(None)];
    let step = (1..20_i64, result, any::<bool>(), 1..12_usize);
    let steps = proptest::collection::vec(step, 0..60);
    steps.prop_map(|steps| {
        let repeated = steps.into_iter().flat_map(|(minutes, cents, restarts, count)| {
            std::iter::repeat_n(Step { minutes, cents, restarts }, count)
        });
        repeated.collect()
    })
}

/// What is told after each step.
fn run(steps: &[Step], with_restarts: bool) -> Vec<Vec<&'static str>> {
    let (mut state, mut at) = (State::default(), Timestamp::UNIX_EPOCH);
    let step = |step: &Step| {
        if step.restarts && with_restarts {
            state = serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
        }
        at += SignedDuration::from_mins(step.minutes);
        let text = step.cents.map(|cents| Amount::new(cents, 2).unwrap().to_string());
        let texts = text.iter().map(String::as_str).collect::<Vec<_>>();
        let result = if texts.is_empty() { Err(Problem::Upstream) } else { Ok(&*texts) };
        let (next, alerts) = std::mem::take(&mut state).evaluate(&reading(at, result), None, &rules());
        state = next;
        alerts.iter().map(|alert| alert.kind.as_str()).collect()
    };
    steps.iter().map(step).collect()
}

fn is_level(kind: &str) -> bool {
    ["balance.low", "balance.critical", "balance.ok"].contains(&kind)
}

proptest! {
    #[test]
    fn a_restart_neither_loses_an_alert_nor_repeats_one(steps in steps()) {
        prop_assert_eq!(run(&steps, true), run(&steps, false));
    }

    #[test]
    fn who_reads_twice_that_the_credit_is_critical_has_been_told_so(steps in steps()) {
        let mut told = "";
        let mut readings = Vec::new();
        for (step, alerts) in steps.iter().zip(run(&steps, true)) {
            told = alerts.into_iter().rfind(|kind| is_level(kind)).unwrap_or(told);
            readings.extend(step.cents);
            if let [.., first, second] = *readings && first <= 5_000 && second <= 5_000 {
                prop_assert_eq!(told, "balance.critical");
            }
            if let [.., first, second] = *readings && first <= 20_000 && second <= 20_000 {
                prop_assert!(["balance.low", "balance.critical"].contains(&told), "{}", told);
            }
            if let [.., first, second] = *readings && first >= 22_000 && second >= 22_000 {
                prop_assert!(["balance.ok", ""].contains(&told), "{}", told);
            }
        }
    }

    #[test]
    fn an_alert_comes_again_only_after_two_readings_a_tenth_above_its_threshold(steps in steps()) {
        let ends = [("balance.low", amount("220")), ("balance.critical", amount("55"))];
        for (kind, end) in ends {
            let mut over = 2;
            for (step, alerts) in steps.iter().zip(run(&steps, true)) {
                if let Some(cents) = step.cents && over < 2 {
                    over = if Amount::new(cents, 2).unwrap() >= end { over + 1 } else { 0 };
                }
                if alerts.contains(&kind) {
                    prop_assert!(over >= 2, "{} came twice", kind);
                    over = 0;
                }
            }
        }
    }

    #[test]
    fn a_run_of_failures_is_told_once_if_it_lasts_an_hour_and_its_end_once(steps in steps()) {
        let hour = i64::try_from(HOUR.as_secs()).unwrap() / 60;
        // Minutes since the first failure of the run, and what was told of it.
        let (mut failing, mut told) = (None::<i64>, 0);
        for (step, alerts) in steps.iter().zip(run(&steps, true)) {
            let count = |kind| alerts.iter().filter(|alert| **alert == kind).count();
            if step.cents.is_some() {
                prop_assert_eq!(count("balance.readable"), told);
                prop_assert_eq!(count("balance.unreadable"), 0);
                (failing, told) = (None, 0);
            } else {
                failing = Some(failing.map_or(0, |minutes| minutes + step.minutes));
                told += count("balance.unreadable");
                prop_assert_eq!(told, usize::from(failing >= Some(hour)));
            }
        }
    }
}
