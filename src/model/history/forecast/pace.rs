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
