//! Partners that are made up: their orders, their top-ups, and when their credit really runs out.

use airalo_balance::model::Amount;
use airalo_balance::model::history::Sample;
use rand::{RngExt as _, SeedableRng as _};
use rand_distr::{Distribution as _, LogNormal, Poisson};
use rand_xorshift::XorShiftRng;
use std::ops::Range;

const DAY: i64 = 86_400;

/// There is a sample every 15 minutes, and orders come in between.
const STEP: i64 = 900;

/// A Monday.
const START: i64 = 1_772_409_600;

/// What a group of partners has in common.
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    /// For how many days there are samples.
    pub(crate) days: Range<i64>,
    /// Orders of an average day.
    pub(crate) orders: Range<f64>,
    /// By how much the orders grow each day.
    pub(crate) growth: f64,
}

/// The first one is that of the promises.
pub(crate) const SETTINGS: [Setting; 5] = [
    Setting { name: "14 to 60 days of samples", days: 14..60, orders: 2.0..60.0, growth: 0.0 },
    Setting { name: "2 to 14 days of samples", days: 2..14, orders: 2.0..60.0, growth: 0.0 },
    Setting { name: "2 to 4 orders a day", days: 14..60, orders: 2.0..4.0, growth: 0.0 },
    Setting { name: "use grows by 1 % a day", days: 14..60, orders: 2.0..60.0, growth: 0.01 },
    Setting { name: "use shrinks by 1 % a day", days: 14..60, orders: 2.0..60.0, growth: -0.01 },
];

/// What the proxy has seen of a partner until now, and what comes after.
pub(crate) struct Run {
    pub(crate) samples: Vec<Sample>,
    pub(crate) now: i64,
    /// The days from now until the first order that cannot be paid.
    pub(crate) days_left: f64,
}

/// 200 partners, the same ones each time.
pub(crate) fn runs(setting: &Setting) -> Vec<Run> {
    (1..=200).map(|seed| run(setting, &mut XorShiftRng::seed_from_u64(seed))).collect()
}

fn run(setting: &Setting, random: &mut XorShiftRng) -> Run {
    let partner = Partner::new(setting, random);
    let use_per_day = partner.use_per_day();
    let reorder_at = (use_per_day * random.random_range(1.0..4.0)) as i64;
    let top_up = (use_per_day * random.random_range(7.0..30.0)) as i64;
    let days = setting.days.start * DAY / STEP..setting.days.end * DAY / STEP;
    let now = START + random.random_range(days) * STEP;
    // Every third proxy was off for some time.
    let hours_off = if random.random_bool(1.0 / 3.0) { random.random_range(6..72) } else { 0 };
    let off_from = random.random_range(START..now);
    let off = off_from..off_from + hours_off * 3_600;

    let mut balance = reorder_at + random.random_range(0..top_up);
    let mut samples = Vec::new();
    let mut time = START;
    loop {
        if time == now || (time < now && !off.contains(&time)) {
            samples.push(Sample { at: time, amount: Amount::new(balance, 2).expect("it has two decimals") });
        }
        for _ in 0..partner.orders(time, random) {
            let price = partner.price.sample(random).round() as i64;
            if price <= balance {
                balance -= price;
            } else if time >= now {
                return Run { samples, now, days_left: (time - now) as f64 / DAY as f64 };
            }
        }
        time += STEP;
        if time <= now && balance < reorder_at {
            balance += top_up;
        }
    }
}

/// How a partner sells. Prices are in cents.
struct Partner {
    orders_per_day: f64,
    mean_price: f64,
    price: LogNormal<f64>,
    /// What a day of the weekend sells compared with another day.
    weekend: f64,
    growth: f64,
}

impl Partner {
    fn new(setting: &Setting, random: &mut XorShiftRng) -> Self {
        let Range { start, end } = setting.orders;
        let orders_per_day = start * (end / start).powf(random.random_range(0.0..1.0));
        // Mostly single packages of some 5 to 40 dollars, and now and then many at once.
        let mean_price = 500.0 * 8_f64.powf(random.random_range(0.0..1.0));
        let spread: f64 = 0.8;
        let price = LogNormal::new(mean_price.ln() - spread * spread / 2.0, spread).expect("it is finite");
        let weekend = random.random_range(0.3..1.7);
        Self { orders_per_day, mean_price, price, weekend, growth: setting.growth }
    }

    /// Of an average day, in cents.
    fn use_per_day(&self) -> f64 {
        self.orders_per_day * self.mean_price * (5.0 + 2.0 * self.weekend) / 7.0
    }

    /// How many orders come in a step: few at night, more or fewer at the weekend.
    fn orders(&self, time: i64, random: &mut XorShiftRng) -> u32 {
        let days = (time - START) as f64 / DAY as f64;
        let by_hour = 1.0 - 0.8 * (days * std::f64::consts::TAU).cos();
        let by_weekday = if days.rem_euclid(7.0) >= 5.0 { self.weekend } else { 1.0 };
        let per_day = self.orders_per_day * by_hour * by_weekday * (1.0 + self.growth).powf(days);
        let count = Poisson::new(per_day * STEP as f64 / DAY as f64).expect("there is some use");
        count.sample(random) as u32
    }
}
