use super::*;
use airalo_balance::model::Currency;
use airalo_balance::model::history::DaysLeft;
use jiff::ToSpan;

pub(super) const HOUR: Duration = Duration::from_secs(3600);

pub(super) fn rules() -> Rules {
    Rules {
        amounts: Thresholds { low: Some(amount("200")), critical: Some(amount("50")) },
        days: Thresholds { low: Some(7), critical: Some(2) },
        unreadable_after: HOUR,
    }
}

pub(super) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub(super) fn reading(at: Timestamp, result: Result<&[&str], Problem>) -> Reading {
    let balances = |amounts: &[&str]| {
        let balance = |(index, text): (usize, &&str)| Balance {
            name: format!("b{index}"),
            amount: amount(text),
            currency: Currency::new("USD").unwrap(),
        };
        amounts.iter().enumerate().map(balance).collect()
    };
    Reading { account: "account".into(), at, result: result.map(balances) }
}

fn forecast(days: u32) -> Forecast {
    let days_left = DaysLeft { low: days / 2, middle: Some(days), high: Some(days * 2) };
    Forecast { spent_per_day: amount("10"), days_left, runs_out: None, since: 0 }
}

/// A proxy that reads once a minute.
struct Walk {
    state: State,
    rules: Rules,
    now: Timestamp,
}

impl Walk {
    fn new() -> Self {
        Self { state: State::default(), rules: rules(), now: "2026-11-29T12:00:00Z".parse().unwrap() }
    }

    fn step(&mut self, result: Result<&[&str], Problem>, days: Option<u32>) -> Vec<&'static str> {
        self.now += 1.minute();
        let forecast = days.map(forecast);
        let (state, alerts) =
            self.state.clone().evaluate(&reading(self.now, result), forecast.as_ref(), &self.rules);
        self.state = state;
        alerts.iter().map(|alert| alert.kind.as_str()).collect()
    }

    /// What is told while the only balance takes these values.
    fn amounts(&mut self, amounts: &[&str]) -> Vec<&'static str> {
        amounts.iter().flat_map(|amount| self.step(Ok(&[amount]), None)).collect()
    }

    fn days(&mut self, days: &[u32]) -> Vec<&'static str> {
        days.iter().flat_map(|days| self.step(Ok(&["5000"]), Some(*days))).collect()
    }

    fn fail_for(&mut self, minutes: u32) -> Vec<&'static str> {
        (0..minutes).flat_map(|_| self.step(Err(Problem::Upstream), None)).collect()
    }
}

#[test]
fn a_level_is_told_once_when_two_readings_in_a_row_agree() {
    let mut walk = Walk::new();
    assert_eq!(walk.amounts(&["201", "200"]), [""; 0], "once may be a mistake");
    assert_eq!(walk.amounts(&["199"]), ["balance.low"]);
    assert_eq!(walk.amounts(&["150", "51", "219", "150", "50"]), [""; 0]);
    assert_eq!(walk.amounts(&["50", "49", "49"]), ["balance.critical"]);
    assert_eq!(walk.amounts(&["54", "54", "60", "60", "60"]), [""; 0], "low is better and not yet good");
    assert_eq!(walk.amounts(&["230", "230", "230"]), ["balance.ok"]);
}

#[test]
fn one_reading_that_stands_out_changes_nothing() {
    let mut walk = Walk::new();
    assert_eq!(walk.amounts(&["500", "10", "500", "10", "500"]), [""; 0]);
    assert_eq!(walk.amounts(&["190", "190"]), ["balance.low"]);
    assert_eq!(walk.amounts(&["900", "190", "900", "190"]), [""; 0]);
}

#[test]
fn zero_or_below_is_told_at_once() {
    for text in ["0", "-0.01"] {
        assert_eq!(Walk::new().amounts(&["500", text, text]), ["balance.critical"], "{text}");
    }
}

#[test]
fn after_zero_it_is_enough_again_with_as_much_as_the_fall_has_cost() {
    let mut walk = Walk::new();
    for low in [None, Some(amount("200"))] {
        walk.rules.amounts = Thresholds { low, critical: None };
        walk.amounts(&["900", "900", "900"]);
        // A refund of a cent, an order, and so on.
        let told = walk.amounts(&["900", "5", "0", "0.01", "0.01", "0", "4.5", "4.5", "-0.5", "-0.5"]);
        assert_eq!(told, ["balance.critical"], "{low:?}");
        // The fall from 5 and that from 4.50 have cost as much.
        assert_eq!(walk.amounts(&["4.99", "4.99", "4.99"]), [""; 0], "{low:?}");
        let told = walk.amounts(&["900", "900", "0"]);
        assert_eq!(told, ["balance.ok", "balance.critical"], "{low:?}");
        walk = Walk::new();
    }
}

#[test]
fn after_zero_what_is_there_for_half_an_hour_is_enough_again_however_much_the_fall_has_cost() {
    let mut walk = Walk::new();
    walk.rules.amounts = Thresholds::default();
    assert_eq!(walk.amounts(&["500", "0"]), ["balance.critical"]);
    assert_eq!(walk.amounts(&["200"; 30]), [""; 0]);
    assert_eq!(walk.amounts(&["200"; 2]), ["balance.ok"]);
    assert_eq!(walk.amounts(&["0"]), ["balance.critical"], "and is told anew");
}

#[test]
fn a_fall_while_nobody_read_has_no_cost() {
    let mut walk = Walk::new();
    walk.rules.amounts = Thresholds::default();
    walk.amounts(&["500"]);
    walk.now += 1.hour();
    assert_eq!(walk.amounts(&["0", "5", "5"]), ["balance.critical", "balance.ok"]);
}

#[test]
fn with_a_critical_threshold_that_alone_says_what_is_enough() {
    let mut walk = Walk::new();
    walk.rules.amounts.low = None;
    assert_eq!(walk.amounts(&["500", "0", "55", "55"]), ["balance.critical", "balance.ok"]);
}

#[test]
fn a_fall_through_both_thresholds_is_told_as_far_as_it_is_certain() {
    assert_eq!(Walk::new().amounts(&["500", "199", "40", "40"]), ["balance.low", "balance.critical"]);
    assert_eq!(Walk::new().amounts(&["500", "40", "40"]), ["balance.critical"]);
}

#[test]
fn days_left_count_when_three_readings_in_a_row_agree() {
    let mut walk = Walk::new();
    assert_eq!(walk.days(&[8, 7, 7, 8, 7, 7]), [""; 0]);
    assert_eq!(walk.days(&[7, 6, 5]), ["balance.low"]);
    assert_eq!(walk.days(&[2, 2, 2, 1]), ["balance.critical"]);
    assert_eq!(walk.days(&[20, 20]), [""; 0]);
    assert_eq!(walk.days(&[20, 20]), ["balance.ok"]);
}

#[test]
fn amount_and_days_are_one_level_the_worse_one() {
    let mut walk = Walk::new();
    assert_eq!(walk.days(&[5, 5, 5]), ["balance.low"]);
    // Low by amount too, and that is no news.
    for _ in 0..3 {
        assert_eq!(walk.step(Ok(&["190"]), Some(5)), [""; 0]);
    }
    for _ in 0..4 {
        assert_eq!(walk.step(Ok(&["190"]), Some(50)), [""; 0], "low by amount still");
    }
    assert_eq!(walk.step(Ok(&["900"]), Some(50)), [""; 0]);
    assert_eq!(walk.step(Ok(&["900"]), Some(50)), ["balance.ok"]);
}

#[test]
fn without_a_forecast_the_level_by_days_stays_and_without_thresholds_it_is_gone() {
    let mut walk = Walk::new();
    assert_eq!(walk.days(&[5, 5, 5]), ["balance.low"]);
    assert_eq!(walk.amounts(&["5000", "5000", "5000", "5000"]), [""; 0]);
    walk.rules.days = Thresholds::default();
    assert_eq!(walk.amounts(&["5000"]), ["balance.ok"]);
}

#[test]
fn the_worst_of_several_balances_decides_and_is_named() {
    let mut walk = Walk::new();
    assert_eq!(walk.step(Ok(&["500", "150"]), None), [""; 0]);
    walk.now += 1.minute();
    let (_, alerts) = walk.state.clone().evaluate(&reading(walk.now, Ok(&["500", "150"])), None, &walk.rules);
    assert_eq!(alerts[0].title(), "Airalo credit is low: USD 150.00 (b1)");
}

#[test]
fn without_an_account_the_level_stays() {
    let mut walk = Walk::new();
    assert_eq!(walk.amounts(&["100", "100"]), ["balance.low"]);
    for _ in 0..5 {
        assert_eq!(walk.step(Ok(&[]), None), [""; 0]);
    }
}

#[test]
fn a_balance_that_cannot_be_read_for_an_hour_is_told_once_and_so_is_its_return() {
    let mut walk = Walk::new();
    walk.amounts(&["500"]);
    assert_eq!(walk.fail_for(60), [""; 0]);
    assert_eq!(walk.fail_for(500), ["balance.unreadable"]);
    assert_eq!(walk.amounts(&["500", "500"]), ["balance.readable"]);
    assert_eq!(walk.fail_for(60), [""; 0]);
    assert_eq!(walk.amounts(&["500"]), [""; 0], "nobody was told that it could not be read");
}

#[test]
fn a_level_is_neither_entered_nor_left_by_readings_that_fail() {
    let mut walk = Walk::new();
    assert_eq!(walk.amounts(&["190"]), [""; 0]);
    assert_eq!(walk.fail_for(30), [""; 0]);
    assert_eq!(walk.amounts(&["190"]), ["balance.low"], "two readings in a row");
}

#[test]
fn hours_in_which_nobody_read_are_not_hours_in_which_it_failed() {
    let mut walk = Walk::new();
    assert_eq!(walk.fail_for(1), [""; 0]);
    walk.now += 10.hours();
    assert_eq!(walk.fail_for(60), [""; 0]);
    assert_eq!(walk.fail_for(1), ["balance.unreadable"]);
}

#[test]
fn a_reading_that_was_overtaken_changes_nothing() {
    let mut walk = Walk::new();
    walk.amounts(&["500"]);
    let late = reading(walk.now - 30.seconds(), Ok(&["0"]));
    let (state, alerts) = walk.state.clone().evaluate(&late, None, &walk.rules);
    assert_eq!((state, alerts), (walk.state, Vec::new()));
}

#[test]
fn a_clock_that_was_wrong_silences_nobody() {
    let mut walk = Walk::new();
    walk.now += 1_000.hours();
    assert_eq!(walk.amounts(&["500"]), [""; 0]);
    walk.now -= 1_000.hours();
    assert_eq!(walk.amounts(&["190", "190"]), ["balance.low"]);
    walk.now += 1_000.hours();
    assert_eq!(walk.fail_for(1), [""; 0]);
    walk.now -= 1_000.hours();
    assert_eq!(walk.fail_for(60), [""; 0]);
    assert_eq!(walk.fail_for(1), ["balance.unreadable"]);
}
