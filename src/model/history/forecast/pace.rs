//! How much is used on an average day, and how sure that is.

use super::season::Season;
use crate::model::history::DAY;
use crate::model::history::day::pieces;
use crate::model::history::samples::Interval;

/// What was used so many days ago counts a third (1/e) of what is used now.
const TAU: f64 = 7.0;

/// The use of an average day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pace {
    /// Its mean.
    pub(super) per_day: f64,
    /// Its variance from day to day.
    pub(super) variance: f64,
    /// The number of days that would tell the mean as well if each counted the same.
    pub(super) days_of_data: f64,
}

impl Pace {
    /// The exponentially weighted mean over irregular intervals, until `end`.
    ///
    /// Time counts with the weight of its weekday, so a quiet Sunday does not look like a decline.
    pub(super) fn of(uses: &[Interval], season: &Season, end: i64) -> Option<Self> {
        let days_ago = |time: i64| (end - time) as f64 / DAY as f64;
        let (mut spent, mut weight, mut weight_of_squares) = (0.0, 0.0, 0.0);
        let (mut squares, mut length) = (0.0, 0.0);
        for one in uses {
            let amount = one.spent.approximate();
            let days = days_ago(one.from) - days_ago(one.to);
            spent += amount / days * discounted(days_ago(one.from), days_ago(one.to), TAU);
            for (from, to) in pieces(one.from, one.to) {
                let of_day = season.weight(from.div_euclid(DAY));
                weight += of_day * discounted(days_ago(from), days_ago(to), TAU);
                weight_of_squares += of_day * discounted(days_ago(from), days_ago(to), TAU / 2.0);
            }
            squares += amount * amount;
            length += days;
        }
        (weight > 0.0).then(|| Self {
            per_day: spent / weight,
            // With too few days to compare them, the steps themselves tell: for orders that come
            // independently of each other, the sum of their squares has the same mean.
            variance: season.variance.unwrap_or(squares / length),
            days_of_data: weight * weight / weight_of_squares,
        })
    }
}

/// The days from one time ago to another, the older ones counted less.
fn discounted(from: f64, to: f64, tau: f64) -> f64 {
    tau * ((-to / tau).exp() - (-from / tau).exp())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::Amount;

    /// Intervals of this length in hours, one after the other.
    fn uses(spent: &[(i64, i64)]) -> (Vec<Interval>, i64) {
        let mut from = 0;
        let mut found = Vec::new();
        for (hours, spent) in spent {
            let to = from + hours * 3_600;
            let spent = Amount::new(*spent, 0).unwrap();
            found.push(Interval { from, to, balance: Amount::ZERO, spent });
            from = to;
        }
        (found, from)
    }

    fn pace(spent: &[(i64, i64)]) -> Pace {
        let (uses, end) = uses(spent);
        Pace::of(&uses, &Season::of(&[]), end).unwrap()
    }

    #[test]
    fn the_pace_is_that_of_a_running_mean_without_its_bias_towards_the_first_value() {
        let steps: Vec<_> = (0..4_000).map(|n| (1 + n * 7 % 23, n * n % 31)).collect();
        let mut running = 0.0;
        for (hours, spent) in &steps {
            let days = *hours as f64 / 24.0;
            running += (1.0 - (-days / TAU).exp()) * (*spent as f64 / days - running);
        }
        let found = pace(&steps).per_day;
        assert!((found - running).abs() < 1e-9, "{found} instead of {running}");
        assert!((pace(&[(24, 30), (12, 15)]).per_day - 30.0).abs() < 1e-9);
    }

    #[test]
    fn how_often_the_balance_is_read_does_not_change_the_pace_of_a_steady_use() {
        let rare = pace(&[(72, 720); 8]);
        let often = pace(&[(1, 10); 576]);
        assert!((rare.per_day - often.per_day).abs() < 1e-9);
        assert!((rare.days_of_data - often.days_of_data).abs() < 1e-9);
    }

    #[test]
    fn many_weeks_of_data_tell_no_more_than_two() {
        assert!((pace(&[(24, 1)]).days_of_data - 1.0).abs() < 0.01);
        assert!((pace(&[(24, 1); 7]).days_of_data - 6.47).abs() < 0.01);
        assert!((pace(&[(24, 1); 300]).days_of_data - 2.0 * TAU).abs() < 0.01);
    }

    #[test]
    fn a_week_later_a_change_has_come_through_by_two_thirds() {
        let steps: Vec<_> = (0..100).map(|day| (24, if day < 93 { 10 } else { 20 })).collect();
        assert!((pace(&steps).per_day - 16.32).abs() < 0.01);
    }
}
