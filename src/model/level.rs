//! When to warn: before it is too late, once, and not again for every cent around the line.

use super::amount::Amount;
use super::config::Config;
use super::response::Balance;

/// How much cause for concern a balance is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// None.
    #[default]
    Ok,
    /// At or below the low threshold.
    Low,
    /// At or below the critical threshold, or nothing left.
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

    /// The level of fresh balances, the worst of them deciding.
    ///
    /// A balance on the line is in alarm. To leave an alarm it has to rise a tenth above the
    /// line, so that orders and refunds around it do not ring every time.
    /// With nothing left every order fails, thresholds or not.
    #[must_use]
    pub fn after(self, balances: &[Balance], config: &Config) -> Self {
        let levels = balances.iter().map(|balance| self.of(balance.amount, config));
        // No account is no all-clear.
        levels.max().unwrap_or(self)
    }

    fn of(self, amount: Amount, config: &Config) -> Self {
        let within = |line: Option<Amount>, level: Self| {
            line.is_some_and(|line| amount <= line || (self >= level && amount < line.and_a_tenth()))
        };
        if amount <= Amount::ZERO || within(config.critical_threshold, Self::Critical) {
            Self::Critical
        } else if within(config.low_threshold, Self::Low) {
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

    fn balance(amount: Amount) -> Balance {
        Balance { name: String::new(), amount, currency: Currency::new("USD").unwrap() }
    }

    /// The levels that a card goes through while its balance takes these values.
    fn walk(config: &Config, amounts: &[&str]) -> Vec<&'static str> {
        let mut level = Level::Ok;
        let step = |amount: &&str| {
            level = level.after(&[balance(amount.parse().unwrap())], config);
            level.as_str()
        };
        amounts.iter().map(step).collect()
    }

    #[test]
    fn a_balance_on_the_line_is_in_alarm() {
        let levels = walk(&config("200", "50"), &["200.01", "200", "50.01", "50"]);
        assert_eq!(levels, ["ok", "low", "low", "critical"]);
    }

    #[test]
    fn an_alarm_is_left_a_tenth_above_its_line_and_not_before() {
        let config = config("200", "50");
        assert_eq!(walk(&config, &["199", "219.99", "220"]), ["low", "low", "ok"]);
        assert_eq!(
            walk(&config, &["49", "54.99", "55", "219", "220"]),
            ["critical", "critical", "low", "low", "ok"]
        );
        assert_eq!(walk(&config, &["210"]), ["ok"], "what was never in alarm has nothing to leave");
    }

    #[test]
    fn nothing_left_is_critical_whatever_the_thresholds() {
        let nothing = Config::read(|_| None).0;
        assert_eq!(walk(&nothing, &["0.01", "0", "-5", "0.01"]), ["ok", "critical", "critical", "ok"]);
        assert_eq!(walk(&config("-100", "-200"), &["0"]), ["critical"]);
    }

    #[test]
    fn the_worst_of_several_balances_decides() {
        let two = ["500", "40"].map(|amount| balance(amount.parse().unwrap()));
        assert_eq!(Level::Ok.after(&two, &config("200", "50")), Level::Critical);
        assert_eq!(Level::Critical.after(&[], &config("200", "50")), Level::Critical);
    }

    proptest! {
        #[test]
        fn zero_or_below_is_never_missed(digits in i64::MIN..=0, decimals in 0_u32..=4, low: i64, critical: i64) {
            let amount = Amount::new(digits, decimals).unwrap();
            let config = config(&low.to_string(), &critical.to_string());
            for before in [Level::Ok, Level::Low, Level::Critical] {
                prop_assert_eq!(before.after(&[balance(amount)], &config), Level::Critical);
            }
        }
    }
}
