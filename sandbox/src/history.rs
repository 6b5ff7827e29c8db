//! An invented past of the account, for a demo that shows how fast the credit is used.
//!
//! It is pure and has no state. What is ordered in an hour depends on the hour alone, so that a demo
//! that starts again a day later shows the same past, moved by a day.

use crate::cents::Cents;
use fastrand::Rng;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// The balance lasts for about so many days, whatever it is.
const DAYS_LEFT: i64 = 9;

/// The mean of what is spent in a day lies between these, in cents. Of a balance beyond all measure
/// only a little is used.
const MIN_DAILY: i64 = 2_000;
const MAX_DAILY: i64 = 200_000;

/// A top-up is worth about so many days, in round amounts, and there is none within so many days of
/// another.
const TOP_UP_DAYS: i64 = 21;
const TOP_UP_STEP: i64 = 10_000;
const TOP_UP_PAUSE: i64 = 15 * DAY;

/// The prices of packages in cents, with how often each is ordered. Their mean is [`MEAN_PRICE`].
const PRICES: [(i64, u32); 9] =
    [(450, 30), (600, 12), (800, 20), (1150, 14), (1300, 8), (1950, 8), (2600, 5), (4200, 2), (6000, 1)];
const MEAN_PRICE: f64 = 1062.0;

/// How busy each day of the week is, from Monday on. The mean is 1.
const WEEKDAYS: [f64; 7] = [1.15, 1.1, 1.1, 1.2, 1.45, 0.6, 0.4];

/// How busy each hour of a day is (UTC). The mean is 1.
const HOURS: [f64; 24] = [
    0.2, 0.1, 0.1, 0.1, 0.2, 0.4, 0.8, 1.2, 1.6, 1.8, 1.8, 1.7, 1.5, 1.6, 1.8, 1.8, 1.6, 1.4, 1.2, 1.0, 0.8,
    0.6, 0.4, 0.3,
];

/// The times (in seconds since 1970) and balances of the days before `now_unix`: one at the start, one
/// for each hour in which something has changed, and `balance` itself at the end.
///
/// It is worked out from the end, which is known: an hour earlier the balance was higher by what was
/// ordered meanwhile, or lower by a top-up.
#[must_use]
pub fn invented(now_unix: i64, balance: Cents, days: u32) -> Vec<(i64, Cents)> {
    let daily = (balance.get() / DAYS_LEFT).clamp(MIN_DAILY, MAX_DAILY);
    let top_up = round_to(daily * TOP_UP_DAYS, TOP_UP_STEP);
    let start = now_unix.saturating_sub(i64::from(days) * DAY);

    let mut points = vec![(now_unix, balance)];
    let (mut at, mut left, mut next_top_up) = (now_unix, balance.get(), now_unix);
    while at > start {
        let earlier = (at - HOUR).max(start);
        let is_top_up = earlier <= next_top_up && is_in_office_hours(at) && left - top_up >= daily;
        let change = if is_top_up {
            next_top_up = at - TOP_UP_PAUSE;
            top_up
        } else {
            // Without credit nothing can be ordered, so a negative balance has come at once.
            -ordered(at, daily).saturating_add(left.saturating_neg().max(0))
        };
        at = earlier;
        left = left.saturating_sub(change);
        match points.last_mut() {
            // Nothing was ordered: the later point says the same.
            Some(last) if change == 0 && last.0 != now_unix => last.0 = at,
            _ => points.push((at, Cents::new(left))),
        }
    }
    points.reverse();
    points
}

/// What is ordered in the hour that ends then.
fn ordered(at: i64, daily: i64) -> i64 {
    let hour = (at - 1).div_euclid(HOUR);
    let mut random = Rng::with_seed(hour as u64);
    let busy = WEEKDAYS[weekday(at)] * HOURS[hour.rem_euclid(24) as usize];
    let orders = poisson(&mut random, daily as f64 / MEAN_PRICE / 24.0 * busy);
    (0..orders).map(|_| price(&mut random)).sum()
}

/// The number of orders where so many are expected, by Knuth's method: the expected ones are few.
fn poisson(random: &mut Rng, expected: f64) -> u32 {
    let (limit, mut product, mut count) = ((-expected).exp(), random.f64(), 0);
    while product > limit {
        product *= random.f64();
        count += 1;
    }
    count
}

fn price(random: &mut Rng) -> i64 {
    let total: u32 = PRICES.iter().map(|(_, weight)| weight).sum();
    let mut place = random.u32(..total);
    for (price, weight) in PRICES {
        if place < weight {
            return price;
        }
        place -= weight;
    }
    PRICES[0].0
}

/// Monday is 0. The first day of 1970 was a Thursday.
fn weekday(at: i64) -> usize {
    ((at - 1).div_euclid(DAY) + 3).rem_euclid(7) as usize
}

/// Whether somebody is there who pays.
fn is_in_office_hours(at: i64) -> bool {
    weekday(at) < 5 && (9..16).contains(&(at - 1).div_euclid(HOUR).rem_euclid(24))
}

const fn round_to(amount: i64, step: i64) -> i64 {
    (amount + step / 2) / step * step
}

#[cfg(test)]
mod tests;
