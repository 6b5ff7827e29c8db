//! A comparison as rows of the tables in `bench/forecast.md`.

use super::comparison::Comparison;

pub(crate) fn of_ranges(partners: &str, found: &Comparison) -> String {
    let ((low, high, truth), covered) = (found.range, found.covered * 100.0);
    format!("| {partners} | {} | {covered:.0} % | {low:.0}–{high:.0} | {truth:.1} |", found.runs)
}

/// The error of each method, and how many of it the first one makes.
pub(crate) fn of_errors(partners: &str, found: &Comparison) -> String {
    let own = found.errors[0];
    let others = found.errors[1..].iter().map(|error| format!(" {error:.1} ({:.2}) |", own / error));
    format!("| {partners} | {own:.1} |{}", others.collect::<String>())
}
