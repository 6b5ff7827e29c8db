//! When to warn: before the credit runs out, and not again for every cent around a threshold.

use super::amount::Amount;
use super::config::Config;
use super::history::DaysLeft;
use super::response::Balance;
use serde::{Deserialize, Serialize};

/// How much cause for concern a balance is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No concern.
    #[default]
    Ok,
    /// Low, by the amount or by the days that are left.
    Low,
    /// Critical, by the amount or by the days that are left; zero always is.
    Critical,
}

/// Where the levels begin, in money or in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds<T> {
    /// At or below it the level is low.
    pub low: Option<T>,
    /// At or below it the level is critical.
    pub critical: Option<T>,
}

impl<T> Default for Thresholds<T> {
    fn default() -> Self {
        Self { low: None, critical: None }
    }
}

/// The levels of a card. Each has its own alarm: what ends one of them does not depend on the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    by_amount: Level,
    by_days: Level,
    /// Those that they were reached with.
    thresholds: (Thresholds<Amount>, Thresholds<u32>),
}

impl Levels {
    /// The levels after fresh balances. Days that nobody knows are no cause for concern.
    #[must_use]
    pub fn after(self, balances: &[Balance], days_left: Option<DaysLeft>, config: &Config) -> Self {
        let thresholds = thresholds(config);
        // A level that other thresholds have reached says nothing about these.
        let before = if self.thresholds == thresholds { self } else { Self::default() };
        Self {
            by_amount: before.by_amount.by_amount(balances, &thresholds.0),
            by_days: before.by_days.by_days(days_left.and_then(|left| left.middle), &thresholds.1),
            thresholds,
        }
    }

    /// The one that the card shows.
    #[must_use]
    pub fn worst(self) -> Level {
        self.by_amount.max(self.by_days)
    }
}

/// Those of a card, in money and in days.
const fn thresholds(config: &Config) -> (Thresholds<Amount>, Thresholds<u32>) {
    let amounts = Thresholds { low: config.low_threshold, critical: config.critical_threshold };
    let days = Thresholds { low: config.low_days, critical: config.critical_days };
    (amounts, days)
}

impl Level {
    /// The name in events and in `:state(…)`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Low => "low",
            Self::Critical => "critical",
        }
    }

    /// The level after fresh balances. The worst balance decides.
    ///
    /// A balance on a threshold is in alarm. To leave the alarm it has to rise a tenth above the
    /// threshold, so that orders and refunds around it do not alarm every time (hysteresis).
    /// At zero or below every order fails, so that is critical even without thresholds.
    #[must_use]
    pub fn by_amount(self, balances: &[Balance], thresholds: &Thresholds<Amount>) -> Self {
        let of = |amount: Amount| {
            if amount <= Amount::ZERO {
                return Self::Critical;
            }
            self.reached(thresholds, |threshold, is_in_alarm| {
                amount <= threshold || (is_in_alarm && amount < threshold.plus_a_tenth())
            })
        };
        // Without any account nothing is known, so the level stays.
        balances.iter().map(|balance| of(balance.amount)).max().unwrap_or(self)
    }

    /// The level of one balance of several, on a card of this level.
    #[must_use]
    pub fn of_balance(self, balance: &Balance, config: &Config) -> Self {
        self.by_amount(std::slice::from_ref(balance), &thresholds(config).0)
    }

    /// The level with this many days of credit left. `None` is more than any threshold.
    ///
    /// The alarm ends a tenth above its threshold, and a whole day above it at least.
    #[must_use]
    pub fn by_days(self, days: Option<u32>, thresholds: &Thresholds<u32>) -> Self {
        let Some(days) = days else { return Self::Ok };
        self.reached(thresholds, |threshold, is_in_alarm| {
            let end = threshold.saturating_add(threshold.div_ceil(10).max(1));
            days <= threshold || (is_in_alarm && days < end)
        })
    }

    /// `is_within` says whether a threshold is reached, for a level that is in its alarm already or
    /// for one that is not.
    fn reached<T: Copy>(self, thresholds: &Thresholds<T>, is_within: impl Fn(T, bool) -> bool) -> Self {
        let reached = |threshold: Option<T>, level| threshold.is_some_and(|at| is_within(at, self >= level));
        if reached(thresholds.critical, Self::Critical) {
            Self::Critical
        } else if reached(thresholds.low, Self::Low) {
            Self::Low
        } else {
            Self::Ok
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::Currency;
    use proptest::prelude::*;

    fn config(low: &str, critical: &str) -> Config {
        let attribute = |name: &str| match name {
            "low-threshold" => Some(low.to_owned()),
            "critical-threshold" => Some(critical.to_owned()),
            _ => None,
        };
        Config::read(attribute).0
    }

    fn config_of_days(low: &str, critical: &str) -> Config {
        let attribute = |name: &str| match name {
            "low-days" => Some(low.to_owned()),
            "critical-days" => Some(critical.to_owned()),
            _ => None,
        };
        Config::read(attribute).0
    }

    /// The levels that a card with plenty of credit goes through while this many days are left.
    fn walk_days(config: &Config, days: &[Option<u32>]) -> Vec<&'static str> {
        let mut levels = Levels::default();
        let step = |days: &Option<u32>| {
            let left = days.map(|days| DaysLeft { low: 0, middle: Some(days), high: None });
            levels = levels.after(&[balance("5000".parse().unwrap())], left, config);
            levels.worst().as_str()
        };
        days.iter().map(step).collect()
    }

    fn balance(amount: Amount) -> Balance {
        Balance { name: String::new(), amount, currency: Currency::new("USD").unwrap() }
    }

    /// The level of a card that has just come.
    fn first(balances: &[Balance], days_left: Option<DaysLeft>, config: &Config) -> Level {
        Levels::default().after(balances, days_left, config).worst()
    }

    /// The levels that a card goes through while its balance takes these values.
    fn walk(config: &Config, amounts: &[&str]) -> Vec<&'static str> {
        let mut levels = Levels::default();
        let step = |amount: &&str| {
            levels = levels.after(&[balance(amount.parse().unwrap())], None, config);
            levels.worst().as_str()
        };
        amounts.iter().map(step).collect()
    }

    #[test]
    fn a_balance_on_a_threshold_is_in_alarm() {
        let levels = walk(&config("200", "50"), &["200.01", "200", "50.01", "50"]);
        assert_eq!(levels, ["ok", "low", "low", "critical"]);
    }

    #[test]
    fn an_alarm_ends_a_tenth_above_its_threshold_and_not_before() {
        let config = config("200", "50");
        assert_eq!(walk(&config, &["199", "219.99", "220"]), ["low", "low", "ok"]);
        assert_eq!(
            walk(&config, &["49", "54.99", "55", "219", "220"]),
            ["critical", "critical", "low", "low", "ok"]
        );
        assert_eq!(walk(&config, &["210"]), ["ok"], "it was never in alarm");
    }

    #[test]
    fn other_thresholds_start_anew() {
        let amount = [balance("210".parse().unwrap())];
        let low = Levels::default().after(&amount, None, &config("300", "50"));
        assert_eq!(low.worst(), Level::Low);
        // It was never at 200, so it need not rise to 220.
        assert_eq!(low.after(&amount, None, &config("200", "50")).worst(), Level::Ok);
    }

    #[test]
    fn zero_is_critical_whatever_the_thresholds() {
        let nothing = Config::read(|_| None).0;
        assert_eq!(walk(&nothing, &["0.01", "0", "-5", "0.01"]), ["ok", "critical", "critical", "ok"]);
        assert_eq!(walk(&config("-100", "-200"), &["0"]), ["critical"]);
    }

    #[test]
    fn the_worst_of_several_balances_decides() {
        let two = ["500", "40"].map(|amount| balance(amount.parse().unwrap()));
        assert_eq!(first(&two, None, &config("200", "50")), Level::Critical);
    }

    #[test]
    fn without_any_account_the_level_stays() {
        let critical = Levels::default().after(&[balance(Amount::ZERO)], None, &config("200", "50"));
        assert_eq!(critical.after(&[], None, &config("200", "50")), critical);
    }

    #[test]
    fn few_days_left_are_an_alarm_however_much_credit_there_is() {
        let config = config_of_days("14", "5");
        assert_eq!(
            walk_days(
                &config,
                &[Some(15), Some(14), Some(15), Some(16), Some(5), Some(6), Some(15), Some(40)]
            ),
            ["ok", "low", "low", "ok", "critical", "low", "low", "ok"]
        );
        assert_eq!(
            walk_days(&config, &[Some(3), None]),
            ["critical", "ok"],
            "without a forecast the amount decides"
        );
        let more_than_ninety = DaysLeft { low: 90, middle: None, high: None };
        let plenty = [balance("5000".parse().unwrap())];
        assert_eq!(first(&plenty, Some(more_than_ninety), &config), Level::Ok);
    }

    #[test]
    fn of_amount_and_days_the_worse_one_decides() {
        let (low, many) = (
            DaysLeft { low: 1, middle: Some(9), high: None },
            DaysLeft { low: 90, middle: None, high: None },
        );
        let config = Config { critical_threshold: "50".parse().ok(), ..config_of_days("14", "") };
        let amount = |amount: &str| [balance(amount.parse().unwrap())];
        assert_eq!(first(&amount("40"), Some(low), &config), Level::Critical);
        assert_eq!(first(&amount("900"), Some(low), &config), Level::Low);
        assert_eq!(first(&amount("40"), Some(many), &config), Level::Critical);
    }

    #[test]
    fn a_warning_by_days_does_not_hold_one_by_amount() {
        let config = Config { low_threshold: "200".parse().ok(), ..config_of_days("14", "") };
        let days = |days| Some(DaysLeft { low: 0, middle: Some(days), high: None });
        let amount = [balance("210".parse().unwrap())];
        let warned = Levels::default().after(&amount, days(9), &config);
        assert_eq!(warned.worst(), Level::Low);
        // It was never at 200, so it need not rise to 220.
        assert_eq!(warned.after(&amount, days(40), &config).worst(), Level::Ok);
    }

    #[test]
    fn days_alarm_as_amounts_do_and_end_a_day_above_the_threshold_at_least() {
        let walk = |thresholds: Thresholds<u32>, days: &[Option<u32>]| {
            let mut level = Level::Ok;
            let step = |days: &Option<u32>| {
                level = level.by_days(*days, &thresholds);
                level.as_str()
            };
            days.iter().map(step).collect::<Vec<_>>()
        };
        let week = Thresholds { low: Some(7), critical: Some(2) };
        let days = [Some(8), Some(7), Some(2), Some(3), Some(7), Some(8), None].as_slice();
        assert_eq!(walk(week, days), ["ok", "low", "critical", "low", "low", "ok", "ok"]);
        let month = Thresholds { low: Some(30), critical: None };
        assert_eq!(walk(month, &[Some(0), Some(32), Some(33)]), ["low", "low", "ok"]);
        let none = Thresholds::default();
        assert_eq!(walk(none, &[Some(0)]), ["ok"]);
    }

    proptest! {
        #[test]
        fn zero_or_below_is_never_missed(digits in i64::MIN..=0, decimals in 0_u32..=4, low: i64, critical: i64) {
            let amount = Amount::new(digits, decimals).unwrap();
            let config = config(&low.to_string(), &critical.to_string());
            for by_amount in [Level::Ok, Level::Low, Level::Critical] {
                let before = Levels { by_amount, thresholds: thresholds(&config), ..Levels::default() };
                prop_assert_eq!(before.after(&[balance(amount)], None, &config).worst(), Level::Critical);
            }
        }
    }
}
