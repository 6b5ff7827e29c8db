//! What a method gets wrong, over many runs.

use super::methods::{METHODS, MOST};
use super::simulation::Run;
use airalo_balance::model::history::forecast;

/// The errors of each method in days, in the order of [`METHODS`].
pub struct Comparison {
    pub runs: usize,
    /// The share of the runs whose true end was in the range of the forecast.
    pub covered: f64,
    /// The median width of the ranges, in days.
    pub width: f64,
    pub errors: Vec<Quartiles>,
}

/// The lower quartile, the median, and the upper quartile.
#[derive(Clone, Copy)]
pub struct Quartiles(pub f64, pub f64, pub f64);

pub fn compare(runs: &[Run]) -> Comparison {
    let ranges: Vec<(f64, f64, f64)> = runs
        .iter()
        .map(|run| {
            let days_left = forecast(&run.samples, run.now).expect("there is use").days_left;
            (f64::from(days_left.low), days_left.high.map_or(MOST, f64::from), run.days_left.min(MOST))
        })
        .collect();
    let covered = ranges.iter().filter(|(low, high, truth)| low <= truth && truth <= high).count();
    let errors = METHODS.iter().map(|(_, method)| {
        let error = |run: &Run| {
            let told = method(&run.samples, run.now).unwrap_or(MOST).clamp(0.0, MOST);
            (told - run.days_left.min(MOST)).abs()
        };
        quartiles(runs.iter().map(error).collect())
    });
    Comparison {
        runs: runs.len(),
        covered: covered as f64 / runs.len() as f64,
        width: quartiles(ranges.iter().map(|(low, high, _)| high - low).collect()).1,
        errors: errors.collect(),
    }
}

fn quartiles(mut values: Vec<f64>) -> Quartiles {
    values.sort_by(f64::total_cmp);
    let at = |part: f64| values[((values.len() - 1) as f64 * part).round() as usize];
    Quartiles(at(0.25), at(0.5), at(0.75))
}
