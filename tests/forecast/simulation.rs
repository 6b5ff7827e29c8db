//! Partners that are made up: their orders, their top-ups, and when their credit really runs out.

use airalo_balance::model::Amount;
use airalo_balance::model::history::Sample;
use rand::{RngExt as _, SeedableRng as _};
use rand_distr::{Distribution as _, LogNormal, Poisson};
use rand_xorshift::XorShiftRng;

/// A reading every 15 minutes, and orders in between.
const STEP: i64 = 900;
const DAY: i64 = 86_400;
/// A Monday.
const START: i64 = 1_772_409_600;

/// What the proxy has seen of a partner, and what comes after.
pub struct Run {
    pub samples: Vec<Sample>,
    pub now: i64,
    /// The days from now until the first order that cannot be paid.
    pub days_left: f64,
}

/// How a partner sells.
struct Partner {
    orders_per_day: f64,
    /// The logarithm of a price in cents, and its spread.
    price: LogNormal<f64>,
    mean_price: f64,
    /// The share of a Saturday's or Sunday's orders in those of another day.
    weekend: f64,
    /// By how much the orders grow in a day.
    growth: f64,
}

impl Partner {
    /// Orders in a step: fewer at night, and other ones at weekends.
    fn orders(&self, time: i64, random: &mut XorShiftRng) -> u32 {
        let day = (time - START).div_euclid(DAY);
        let hour = time.rem_euclid(DAY) as f64 / 3600.0;
        let by_hour = 1.0 - 0.8 * (hour / 24.0 * std::f64::consts::TAU).cos();
        let by_day = if day.rem_euclid(7) >= 5 { self.weekend } else { 1.0 };
        let by_growth = (1.0 + self.growth).powf((time - START) as f64 / DAY as f64);
        let mean = self.orders_per_day * by_hour * by_day * by_growth * STEP as f64 / DAY as f64;
        Poisson::new(mean).map_or(0, |count| count.sample(random) as u32)
    }

    fn use_per_day(&self) -> f64 {
        self.orders_per_day * self.mean_price * (5.0 + 2.0 * self.weekend) / 7.0
    }
}

/// One partner, another one for each seed. The use grows by `growth` a day.
pub fn run(seed: u64, growth: f64) -> Run {
    let random = &mut XorShiftRng::seed_from_u64(seed);
    // From a small shop to a large one: 2 to 60 orders a day, of 5 to 40 units on average.
    let orders_per_day = 2.0 * 30_f64.powf(random.random_range(0.0..1.0));
    let (mean_price, spread) = (500.0 * 8_f64.powf(random.random_range(0.0..1.0)), 0.8_f64);
    let price = LogNormal::new(mean_price.ln() - spread * spread / 2.0, spread).expect("a finite spread");
    let weekend = random.random_range(0.3..1.7);
    let partner = Partner { orders_per_day, price, mean_price, weekend, growth };
    let use_per_day = partner.use_per_day();
    let reorder_at = (use_per_day * random.random_range(1.0..4.0)) as i64;
    let top_up = (use_per_day * random.random_range(7.0..30.0)) as i64;

    let steps = random.random_range(14 * DAY / STEP..60 * DAY / STEP);
    let now = START + steps * STEP;
    // Every third proxy was off for up to three days.
    let off = if random.random_range(0.0..3.0) < 1.0 { random.random_range(0.25..3.0) } else { 0.0 };
    let off_from = START + (random.random_range(0.0..1.0) * (steps * STEP) as f64) as i64;
    let is_off = |time: i64| time < now && (off_from..off_from + (off * DAY as f64) as i64).contains(&time);

    let mut balance = reorder_at + (top_up as f64 * random.random_range(0.0..1.0)) as i64;
    let mut samples = Vec::new();
    let mut time = START;
    loop {
        if time <= now && !is_off(time) {
            let amount = Amount::new(balance, 2).expect("two decimals");
            samples.push(Sample { at: time, amount });
        }
        for _ in 0..partner.orders(time, random) {
            let cost = partner.price.sample(random).round() as i64;
            if cost > balance && time >= now {
                return Run { samples, now, days_left: (time - now) as f64 / DAY as f64 };
            }
            balance -= cost.min(balance);
        }
        time += STEP;
        if time <= now && balance < reorder_at {
            balance += top_up;
        }
    }
}
