//! Ways to tell how many days are left: the project's own, and others to compare it with.

use airalo_balance::model::history::{Sample, credits, forecast};

/// From the samples and the time: none that tells nothing, or never.
type Method = fn(&[Sample], i64) -> Option<f64>;

/// None counts as so many days, and nobody is asked for more.
pub(crate) const MOST: f64 = 90.0;

/// By name.
pub(crate) const METHODS: [(&str, Method); 7] = [
    ("this forecast", |samples, now| forecast(samples, now)?.days_left.middle.map(f64::from)),
    ("linear regression, all samples", regression),
    ("`predict_linear(balance[7d])`", |samples, now| regression(last_days(samples, now, 7.0), now)),
    ("linear regression since the last rise", |samples, now| regression(since_rise(samples), now)),
    ("Theil–Sen since the last rise", |samples, _| theil_sen(since_rise(samples))),
    ("mean use of 7 days", |samples, now| mean_use(last_days(samples, now, 7.0))),
    ("mean use of 28 days", |samples, now| mean_use(last_days(samples, now, 28.0))),
];

fn days(seconds: i64) -> f64 {
    seconds as f64 / 86_400.0
}

fn amount(sample: &Sample) -> f64 {
    sample.amount.to_string().parse().expect("an amount is a number")
}

fn last_days(samples: &[Sample], now: i64, count: f64) -> &[Sample] {
    let from = samples.partition_point(|sample| days(now - sample.at) > count);
    &samples[from..]
}

fn since_rise(samples: &[Sample]) -> &[Sample] {
    let start = credits(samples).last().map_or(0, |credit| credit.at);
    &samples[samples.partition_point(|sample| sample.at < start)..]
}

/// When the line of least squares is at zero.
fn regression(samples: &[Sample], now: i64) -> Option<f64> {
    let points: Vec<_> = samples.iter().map(|sample| (days(sample.at - now), amount(sample))).collect();
    let mean =
        |values: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(values).sum::<f64>() / points.len() as f64;
    let (mean_x, mean_y) = (mean(&|(x, _)| *x), mean(&|(_, y)| *y));
    let covariance = mean(&|(x, y)| (x - mean_x) * (y - mean_y));
    let slope = covariance / mean(&|(x, _)| (x - mean_x).powi(2));
    (slope < 0.0).then(|| mean_x - mean_y / slope)
}

/// The last balance divided by the median slope between any two of the hourly samples.
fn theil_sen(samples: &[Sample]) -> Option<f64> {
    let hourly: Vec<_> = samples.iter().step_by(4).map(|one| (days(one.at), amount(one))).collect();
    let slopes_from = |(index, (x, y)): (usize, &(f64, f64))| {
        hourly[index + 1..].iter().map(move |(later, lower)| (y - lower) / (later - x)).collect::<Vec<_>>()
    };
    let mut slopes: Vec<f64> = hourly.iter().enumerate().flat_map(slopes_from).collect();
    slopes.sort_unstable_by(f64::total_cmp);
    let median = slopes.get(slopes.len() / 2).filter(|slope| **slope > 0.0)?;
    Some(amount(samples.last()?) / median)
}

/// The last balance divided by the mean of all falls.
fn mean_use(samples: &[Sample]) -> Option<f64> {
    let (first, last) = (samples.first()?, samples.last()?);
    let falls = samples.windows(2).map(|pair| (amount(&pair[0]) - amount(&pair[1])).max(0.0));
    let per_day = falls.sum::<f64>() / days(last.at - first.at);
    (per_day > 0.0).then(|| amount(last) / per_day)
}
