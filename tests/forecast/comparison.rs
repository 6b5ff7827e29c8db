//! By how much each method is wrong, over many runs.

use super::methods::{METHODS, MOST};
use super::simulation::Run;
use airalo_balance::model::history::{DaysLeft, forecast};

/// What was found in the runs with a forecast.
pub(crate) struct Comparison {
    pub(crate) runs: usize,
    /// The share of the ranges that hold the truth.
    pub(crate) covered: f64,
    /// The low end, the high end and the truth, each the median.
    pub(crate) range: (f64, f64, f64),
    /// The median error of each method in days, in the order of [`METHODS`].
    pub(crate) errors: Vec<f64>,
}

pub(crate) fn compare<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Comparison {
    let forecast = |run: &'a Run| forecast(&run.samples, run.now).map(|found| (run, found.days_left));
    let runs: Vec<(&Run, DaysLeft)> = runs.into_iter().filter_map(forecast).collect();
    let low = |left: &DaysLeft| f64::from(left.low);
    let high = |left: &DaysLeft| left.high.map_or(MOST, f64::from);
    let truth = |run: &Run| run.days_left.min(MOST);
    let is_covered = |(run, left): &&(&Run, DaysLeft)| low(left) <= truth(run) && truth(run) <= high(left);
    let errors = METHODS.iter().map(|(_, method)| {
        // As a card would show it: in whole days.
        let told = |run: &Run| method(&run.samples, run.now).unwrap_or(MOST).clamp(0.0, MOST).round();
        median(runs.iter().map(|(run, _)| (told(run) - truth(run)).abs()))
    });
    Comparison {
        runs: runs.len(),
        covered: runs.iter().filter(is_covered).count() as f64 / runs.len() as f64,
        range: (
            median(runs.iter().map(|(_, left)| low(left))),
            median(runs.iter().map(|(_, left)| high(left))),
            median(runs.iter().map(|(run, _)| truth(run))),
        ),
        errors: errors.collect(),
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
