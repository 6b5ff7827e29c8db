//! Ways to tell how many days are left: the project's own, and others to compare it with.

use airalo_balance::model::history::{Sample, credits, forecast};

const DAY: f64 = 86_400.0;

/// Nothing is told of a longer time.
pub const MOST: f64 = 90.0;

/// A way to tell, by name. None that tells nothing, or never, counts as 90 days.
pub const METHODS: [(&str, fn(&[Sample], i64) -> Option<f64>); 7] = [
    ("this forecast, as it is shown", own),
    ("linear regression over all samples", |samples, now| regression(samples, now)),
    ("`predict_linear(balance[7d])`", |samples, now| regression(last_days(samples, now, 7.0), now)),
    ("linear regression since the last rise", |samples, now| regression(since_rise(samples), now)),
    ("Theil–Sen since the last rise", |samples, _| theil_sen(since_rise(samples))),
    ("balance / mean use of 7 days", |samples, now| mean_use(samples, now, 7.0)),
    ("balance / mean use of 28 days", |samples, now| mean_use(samples, now, 28.0)),
];

fn own(samples: &[Sample], now: i64) -> Option<f64> {
    forecast(samples, now)?.days_left.middle.map(f64::from)
}

fn amount(sample: &Sample) -> f64 {
    sample.amount.to_string().parse().expect("an amount is a number")
}

fn last_days(samples: &[Sample], now: i64, days: f64) -> &[Sample] {
    let from = samples.partition_point(|sample| ((now - sample.at) as f64) > days * DAY);
    &samples[from..]
}

fn since_rise(samples: &[Sample]) -> &[Sample] {
    let from = credits(samples).last().map_or(0, |credit| samples.partition_point(|one| one.at < credit.at));
    &samples[from..]
}

/// When the line of least squares is at zero.
fn regression(samples: &[Sample], now: i64) -> Option<f64> {
    let points: Vec<_> = samples.iter().map(|one| ((one.at - now) as f64 / DAY, amount(one))).collect();
    let count = points.len() as f64;
    let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = points.iter().map(|(_, y)| y).sum::<f64>() / count;
    let covariance: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let slope = covariance / points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum::<f64>();
    (slope < 0.0).then(|| mean_x - mean_y / slope)
}

/// The balance divided by the median slope of all pairs of hourly samples.
fn theil_sen(samples: &[Sample]) -> Option<f64> {
    let hourly: Vec<_> = samples.iter().step_by(4).map(|one| (one.at as f64 / DAY, amount(one))).collect();
    let pairs =
        hourly.iter().enumerate().flat_map(|(index, a)| hourly[index + 1..].iter().map(move |b| (a, b)));
    let mut slopes: Vec<f64> = pairs.map(|(a, b)| (a.1 - b.1) / (b.0 - a.0)).collect();
    let middle = slopes.len() / 2;
    let slope = (!slopes.is_empty()).then(|| *slopes.select_nth_unstable_by(middle, f64::total_cmp).1)?;
    (slope > 0.0).then(|| amount(&samples[samples.len() - 1]) / slope)
}

fn mean_use(samples: &[Sample], now: i64, days: f64) -> Option<f64> {
    let recent = last_days(samples, now, days);
    let falls = recent.windows(2).map(|pair| (amount(&pair[0]) - amount(&pair[1])).max(0.0));
    let per_day = falls.sum::<f64>() / (now - recent.first()?.at) as f64 * DAY;
    (per_day > 0.0).then(|| amount(&recent[recent.len() - 1]) / per_day)
}
