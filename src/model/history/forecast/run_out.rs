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
