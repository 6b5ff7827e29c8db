//! How the weekdays differ.

use crate::model::history::DAY;
use crate::model::history::day::DayUse;

/// With fewer days a weekday would be known from one or two days alone.
const DAYS_FOR_WEEKDAYS: usize = 21;

/// With fewer days their spread says little.
const DAYS_FOR_SPREAD: usize = 14;

/// What a day of each weekday uses compared with an average day, and how much days vary besides.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Season {
    /// Their mean is 1.
    weights: [f64; 7],
    /// The variance of a day's use, where there are enough days to tell.
    pub(super) variance: Option<f64>,
}

impl Season {
    /// From whole days that are past.
    pub(super) fn of(days: &[DayUse]) -> Self {
        // A day that is half known counts with what it would have been as a whole.
        let known = days.iter().filter(|day| day.covered >= DAY / 2);
        let days: Vec<(usize, f64)> = known
            .map(|day| (weekday(day.number), day.spent.approximate() * DAY as f64 / day.covered as f64))
            .collect();
        if days.len() < DAYS_FOR_SPREAD {
            return Self { weights: [1.0; 7], variance: None };
        }
        let count = days.len() as f64;
        Self::by_weekday(&days).unwrap_or_else(|| {
            let mean = days.iter().map(|(_, spent)| spent).sum::<f64>() / count;
            let squares: f64 = days.iter().map(|(_, spent)| (spent - mean).powi(2)).sum();
            Self { weights: [1.0; 7], variance: Some(squares / (count - 1.0)) }
        })
    }

    /// Each weekday's mean, pulled towards the mean of all as far as the differences may be chance:
    /// an analysis of variance with the weight `1 - 1/F`.
    fn by_weekday(days: &[(usize, f64)]) -> Option<Self> {
        let (mut counts, mut means) = ([0.0; 7], [0.0; 7]);
        for (weekday, spent) in days {
            counts[*weekday] += 1.0;
            means[*weekday] += spent;
        }
        if days.len() < DAYS_FOR_WEEKDAYS || counts.iter().any(|count| *count < 2.0) {
            return None;
        }
        for (mean, count) in means.iter_mut().zip(counts) {
            *mean /= count;
        }
        let mean = means.iter().sum::<f64>() / 7.0;
        if mean <= 0.0 {
            return None;
        }
        let count = days.len() as f64;
        let between: f64 =
            counts.iter().zip(means).map(|(count, of_day)| count * (of_day - mean).powi(2)).sum();
        let within: f64 = days.iter().map(|(weekday, spent)| (spent - means[*weekday]).powi(2)).sum();
        let (between, within) = (between / 6.0, within / (count - 7.0));
        let trust = if between > within { 1.0 - within / between } else { 0.0 };
        let weights = means.map(|of_day| 1.0 + trust * (of_day / mean - 1.0));
        let squares: f64 =
            days.iter().map(|(weekday, spent)| (spent - mean * weights[*weekday]).powi(2)).sum();
        Some(Self { weights, variance: Some(squares / (count - 1.0 - 6.0 * trust)) })
    }

    /// The weight of a day.
    pub(super) fn weight(&self, day_number: i64) -> f64 {
        self.weights[weekday(day_number)]
    }
}

/// From 0 to 6; which of them is Monday does not matter.
fn weekday(day_number: i64) -> usize {
    day_number.rem_euclid(7) as usize
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::Amount;

    fn days(spent: impl IntoIterator<Item = i64>) -> Vec<DayUse> {
        let day = |(number, spent)| DayUse { number, spent: Amount::new(spent, 0).unwrap(), covered: DAY };
        (0..).zip(spent).map(day).collect()
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    #[test]
    fn weekdays_that_always_differ_have_their_weights_and_leave_no_spread() {
        let week = [10, 10, 10, 10, 20, 5, 5];
        let season = Season::of(&days(week.into_iter().cycle().take(21)));
        for (number, spent) in (0..7).zip(week) {
            near(season.weight(number), spent as f64 / 10.0);
            near(season.weight(number + 700), season.weight(number));
        }
        near(season.variance.unwrap(), 0.0);
    }

    #[test]
    fn differences_that_may_be_chance_are_none() {
        let scattered = [9, 14, 3, 8, 11, 2, 13, 12, 4, 10, 15, 3, 9, 6, 5, 9, 12, 2, 8, 14, 7];
        let season = Season::of(&days(scattered));
        assert_eq!(season.weights, [1.0; 7]);
        let mean = 176.0 / 21.0;
        let squares: f64 = scattered.iter().map(|spent| (f64::from(*spent as i32) - mean).powi(2)).sum();
        near(season.variance.unwrap(), squares / 20.0);
    }

    #[test]
    fn weekdays_need_three_weeks_and_a_spread_needs_two() {
        let week = [10, 10, 10, 10, 20, 5, 5];
        let of = |count| Season::of(&days(week.into_iter().cycle().take(count)));
        assert_eq!(of(20).weights, [1.0; 7]);
        assert!(of(20).variance.unwrap() > 20.0);
        assert!(of(14).variance.is_some());
        assert_eq!(of(13), Season { weights: [1.0; 7], variance: None });
    }

    #[test]
    fn a_day_counts_as_a_whole_where_half_of_it_is_known() {
        let mut known = days([8; 14]);
        known[3] = DayUse { covered: DAY / 2, spent: Amount::new(4, 0).unwrap(), ..known[3] };
        near(Season::of(&known).variance.unwrap(), 0.0);
        known[3].covered -= 1;
        assert_eq!(Season::of(&known).variance, None, "13 days are left");
    }
}
