//! When to warn: before the credit runs out, and not again for every cent around a threshold.

use super::amount::Amount;
use super::config::Config;
use super::history::DaysLeft;
use super::response::Balance;
use serde::Serialize;

/// How much cause for concern a balance is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No concern.
    #[default]
    Ok,
    /// At or below the low threshold.
    Low,
    /// At or below the critical threshold, or at zero or below.
    Critical,
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
    /// The days that are left count in the same way, where they are known.
    #[must_use]
    pub fn after(self, balances: &[Balance], days_left: Option<DaysLeft>, config: &Config) -> Self {
        let by_days = days_left.map(|left| self.of_days(left.middle.unwrap_or(left.low), config));
        let levels = balances.iter().map(|balance| self.of(balance.amount, config));
        // Without any account nothing is known, so the level stays.
        levels.max().map_or(self, |by_amount| by_amount.max(by_days.unwrap_or_default()))
    }

    fn of_days(self, days: u32, config: &Config) -> Self {
        let reached = |threshold: Option<u32>, level: Self| {
            threshold
                .is_some_and(|threshold| days <= threshold || (self >= level && days * 10 < threshold * 11))
        };
        if reached(config.critical_days, Self::Critical) {
            Self::Critical
        } else if reached(config.low_days, Self::Low) {
            Self::Low
        } else {
            Self::Ok
        }
    }

    fn of(self, amount: Amount, config: &Config) -> Self {
        let reached = |threshold: Option<Amount>, level: Self| {
            threshold.is_some_and(|threshold| {
                amount <= threshold || (self >= level && amount < threshold.plus_a_tenth())
            })
        };
        if amount <= Amount::ZERO || reached(config.critical_threshold, Self::Critical) {
            Self::Critical
        } else if reached(config.low_threshold, Self::Low) {
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
        let mut level = Level::Ok;
        let step = |days: &Option<u32>| {
            let left = days.map(|days| DaysLeft { low: 0, middle: Some(days), high: None });
            level = level.after(&[balance("5000".parse().unwrap())], left, config);
            level.as_str()
        };
        days.iter().map(step).collect()
    }

    fn balance(amount: Amount) -> Balance {
        Balance { name: String::new(), amount, currency: Currency::new("USD").unwrap() }
    }

    /// The levels that a card goes through while its balance takes these values.
    fn walk(config: &Config, amounts: &[&str]) -> Vec<&'static str> {
        let mut level = Level::Ok;
        let step = |amount: &&str| {
            level = level.after(&[balance(amount.parse().unwrap())], None, config);
            level.as_str()
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
    fn zero_is_critical_whatever_the_thresholds() {
        let nothing = Config::read(|_| None).0;
        assert_eq!(walk(&nothing, &["0.01", "0", "-5", "0.01"]), ["ok", "critical", "critical", "ok"]);
        assert_eq!(walk(&config("-100", "-200"), &["0"]), ["critical"]);
    }

    #[test]
    fn the_worst_of_several_balances_decides() {
        let two = ["500", "40"].map(|amount| balance(amount.parse().unwrap()));
        assert_eq!(Level::Ok.after(&two, None, &config("200", "50")), Level::Critical);
        assert_eq!(Level::Critical.after(&[], None, &config("200", "50")), Level::Critical);
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
        assert_eq!(Level::Ok.after(&plenty, Some(more_than_ninety), &config), Level::Ok);
    }

    #[test]
    fn of_amount_and_days_the_worse_one_decides() {
        let (low, many) = (
            DaysLeft { low: 1, middle: Some(9), high: None },
            DaysLeft { low: 90, middle: None, high: None },
        );
        let config = Config { critical_threshold: "50".parse().ok(), ..config_of_days("14", "") };
        let amount = |amount: &str| [balance(amount.parse().unwrap())];
        assert_eq!(Level::Ok.after(&amount("40"), Some(low), &config), Level::Critical);
        assert_eq!(Level::Ok.after(&amount("900"), Some(low), &config), Level::Low);
        assert_eq!(Level::Ok.after(&amount("40"), Some(many), &config), Level::Critical);
    }

    proptest! {
        #[test]
        fn zero_or_below_is_never_missed(digits in i64::MIN..=0, decimals in 0_u32..=4, low: i64, critical: i64) {
            let amount = Amount::new(digits, decimals).unwrap();
            let config = config(&low.to_string(), &critical.to_string());
            for before in [Level::Ok, Level::Low, Level::Critical] {
                prop_assert_eq!(before.after(&[balance(amount)], None, &config), Level::Critical);
            }
        }
    }
}
