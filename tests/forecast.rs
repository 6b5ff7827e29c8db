//! The forecast against a second computation of it, and against what happens to simulated partners.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails, which is what it is for")]

#[path = "forecast/comparison.rs"]
mod comparison;
#[path = "forecast/methods.rs"]
mod methods;
#[path = "forecast/rows.rs"]
mod rows;
#[path = "forecast/simulation.rs"]
mod simulation;

use airalo_balance::model::Amount;
use airalo_balance::model::history::{Credit, Day, DaysLeft, Sample, credits, days, forecast};
use serde::Deserialize;

/// A series of `golden.json`. `golden.py` writes it.
#[derive(Deserialize)]
struct Case {
    name: String,
    now: i64,
    samples: Vec<(i64, String)>,
    credits: Vec<(i64, String)>,
    days: Vec<(i64, String)>,
    forecast: Option<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    spent_per_day: f64,
    days_left: (u32, Option<u32>, Option<u32>),
    runs_out: Option<i64>,
    since: i64,
}

impl Case {
    fn samples(&self) -> Vec<Sample> {
        self.samples.iter().map(|(at, amount)| Sample { at: *at, amount: amount.parse().unwrap() }).collect()
    }
}

fn golden() -> Vec<Case> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("forecast/golden.json")).unwrap();
    assert!(cases.len() > 20);
    cases
}

#[test]
fn every_golden_series_has_the_forecast_that_python_computes_for_it() {
    for case in golden() {
        let (found, name) = (forecast(&case.samples(), case.now), &case.name);
        assert_eq!(found.is_some(), case.forecast.is_some(), "{name}: {found:?}");
        let (Some(found), Some(expected)) = (found, case.forecast) else { continue };
        let spent_per_day: f64 = found.spent_per_day.to_string().parse().unwrap();
        let difference = (spent_per_day - expected.spent_per_day).abs();
        assert!(
            difference < 0.005_001,
            "{name}: {spent_per_day} a day instead of {}",
            expected.spent_per_day
        );
        let (low, middle, high) = expected.days_left;
        assert_eq!(found.days_left, DaysLeft { low, middle, high }, "{name}");
        assert_eq!(found.runs_out, expected.runs_out, "{name}");
        assert_eq!(found.since, expected.since, "{name}");
    }
}

#[test]
fn every_golden_series_has_exactly_the_credits_and_days_that_python_computes_for_it() {
    for case in golden() {
        let samples = case.samples();
        let amount = |text: &String| text.parse::<Amount>().unwrap();
        let expected: Vec<_> =
            case.credits.iter().map(|(at, text)| Credit { at: *at, amount: amount(text) }).collect();
        assert_eq!(credits(&samples), expected, "{}", case.name);
        let expected: Vec<_> =
            case.days.iter().map(|(number, text)| Day { number: *number, spent: amount(text) }).collect();
        assert_eq!(days(&samples), expected, "{}", case.name);
    }
}

/// What is promised of the forecast, on 200 simulated partners.
#[test]
fn the_range_holds_the_true_day_and_the_middle_is_better_than_a_regression() {
    let setting = &simulation::SETTINGS[0];
    let found = comparison::compare(&simulation::runs(setting));
    assert_eq!(found.runs, 200);
    assert!(found.covered >= 0.8, "only {} of the ranges hold the truth", found.covered);
    let error = |name: &str| {
        let method = methods::METHODS.iter().position(|(method, _)| *method == name).unwrap();
        found.errors[method]
    };
    let own = error("this forecast");
    for (name, most) in [
        ("linear regression, all samples", 0.8),
        ("linear regression since the last rise", 0.8),
        ("`predict_linear(balance[7d])`", 0.9),
    ] {
        assert!(own <= most * error(name), "{own} days beside {} with {name}", error(name));
    }
    for page in [include_str!("../bench/forecast.md"), include_str!("../docs/forecast.md")] {
        for row in [rows::of_ranges(setting.name, &found), rows::of_errors(setting.name, &found)] {
            assert!(page.contains(&row), "`cargo xtask bench forecast` finds:\n{row}");
        }
    }
}
