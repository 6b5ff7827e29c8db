//! When a balance is used up.

use super::MOST_DAYS_LEFT;
use super::pace::Pace;
use super::season::Season;
use crate::model::history::DAY;

/// Nine of ten values of a normal distribution are within so many standard deviations.
const WIDTH: f64 = 1.645;

/// In how many average days a balance is used up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) middle: f64,
    /// None where the use is so uncertain that there is no upper limit.
    pub(super) high: Option<f64>,
}

impl Range {
    /// In `h` average days `m·h` is used, with a variance of `v·h` for what these days bring and of
    /// `v·h²/n` because the mean `m` is known from `n` days. The limits are the two `h` for which the
    /// balance `b` is so many standard deviations away:
    /// `(m·h − b)² = w²·v·(h + h²/n)`.
    pub(super) fn of(balance: f64, pace: &Pace) -> Self {
        if balance <= 0.0 {
            return Self { low: 0.0, middle: 0.0, high: Some(0.0) };
        }
        let (mean, spread) = (pace.per_day, WIDTH * WIDTH * pace.variance);
        // As `a·h² − 2·c·h + b² = 0`.
        let a = mean * mean - spread / pace.days_of_data;
        let c = mean * balance + spread / 2.0;
        let root = (c * c - a * balance * balance).max(0.0).sqrt();
        Self {
            low: balance * balance / (c + root),
            middle: balance / mean,
            high: (a > 0.0).then(|| (c + root) / a),
        }
    }
}

/// In how many days so many average days are over, from this time on. More than 91 are not told
/// apart.
pub(super) fn days_until(average_days: f64, from: i64, season: &Season) -> f64 {
    let mut left = average_days;
    let mut time = from;
    let end = from + i64::from(MOST_DAYS_LEFT + 2) * DAY;
    while time < end {
        let day = time.div_euclid(DAY);
        let next = (day + 1) * DAY;
        let length = (next - time) as f64 / DAY as f64;
        let weight = season.weight(day);
        if left <= weight * length {
            let part = if weight > 0.0 { left / weight } else { 0.0 };
            return (time - from) as f64 / DAY as f64 + part;
        }
        left -= weight * length;
        time = next;
    }
    f64::INFINITY
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::history::day::DayUse;

    fn pace(per_day: f64, variance: f64, days_of_data: f64) -> Pace {
        Pace { per_day, variance, days_of_data }
    }

    #[test]
    fn both_limits_are_as_many_deviations_away_from_the_balance() {
        let (balance, pace) = (300.0, pace(25.0, 400.0, 14.0));
        let range = Range::of(balance, &pace);
        let high = range.high.unwrap();
        assert!(range.low < range.middle && range.middle < high);
        for days in [range.low, high] {
            let variance = pace.variance * (days + days * days / pace.days_of_data);
            let deviations = (pace.per_day * days - balance).abs() / variance.sqrt();
            assert!((deviations - WIDTH).abs() < 1e-9, "{deviations} at {days}");
        }
    }

    #[test]
    fn without_spread_the_range_is_one_day() {
        let range = Range::of(300.0, &pace(25.0, 0.0, 14.0));
        assert_eq!(range, Range { low: 12.0, middle: 12.0, high: Some(12.0) });
    }

    #[test]
    fn a_use_that_may_as_well_be_none_has_no_upper_limit() {
        assert_eq!(Range::of(300.0, &pace(1.0, 400.0, 14.0)).high, None);
    }

    #[test]
    fn a_weekday_without_use_uses_nothing_up() {
        let of_day = |number: i64| {
            let digits = if number % 7 == 2 { 0 } else { 7 };
            DayUse { number, spent: crate::model::Amount::new(digits, 0).unwrap(), covered: DAY }
        };
        let season = Season::of(&(0..28).map(of_day).collect::<Vec<_>>());
        let weight = season.weight(0);
        assert!((weight - 7.0 / 6.0).abs() < 1e-12);
        let near = |days: f64, expected: f64| assert!((days - expected).abs() < 1e-9, "{days}");
        near(days_until(weight, 0, &season), 1.0);
        near(days_until(2.0 * weight + 1e-12, 0, &season), 3.0);
        near(days_until(2.5 * weight, 0, &season), 3.5);
        near(days_until(0.5 * weight, 2 * DAY, &season), 1.5);
        assert_eq!(days_until(1e9, 0, &season), f64::INFINITY);
    }
}
