//! When somebody is told. Nothing here waits, and time is an argument.
//!
//! [`State::evaluate`] takes a reading and returns the next state with the alerts that follow. Its
//! caller stores both in one step, so that an alert belongs to exactly one change of the state,
//! whatever restarts in between.

mod level;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use super::alert::{Alert, Kind, LastKnown};
use crate::balances::Reading;
use airalo_balance::model::history::Forecast;
use airalo_balance::model::{Amount, Balance, Level, Problem, Thresholds};
use jiff::Timestamp;
use level::SteadyLevel;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A balance may be misread once, so two readings in a row have to agree.
const READINGS: usize = 2;

/// A forecast moves more than a balance.
const FORECASTS: usize = 3;

/// A reading that is older than the latest one by up to this was overtaken by it. One that is older
/// still comes from a clock that was set back.
const OVERTAKEN: Duration = Duration::from_secs(60);

/// Between two readings that fail there is less. A longer time is one in which nobody read.
const LONGEST_PAUSE: Duration = Duration::from_secs(30 * 60);

/// After this time above zero, any amount is enough again.
const LONGEST_USED_UP: Duration = Duration::from_secs(30 * 60);

/// When an alert is raised.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) amounts: Thresholds<Amount>,
    pub(crate) days: Thresholds<u32>,
    /// How long the balance cannot be read before somebody is told.
    pub(crate) unreadable_after: Duration,
}

/// What has to outlive a restart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct State {
    amounts: SteadyLevel,
    days: SteadyLevel,
    used_up: Vec<UsedUp>,
    failure: Option<FailureState>,
    known: Option<LastKnown>,
    latest: Option<Timestamp>,
}

/// A balance that fell to zero or below, until there is as much again as that fall has cost. Otherwise a
/// refund of a cent would be told as enough credit, and the next order as none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
struct UsedUp {
    /// Its amount is the cost of the dearest fall so far.
    cost: Balance,
    /// The latest reading at zero or below.
    at: Timestamp,
}

/// A run of readings that have failed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
struct FailureState {
    since: Timestamp,
    was_told: bool,
}

impl State {
    /// The worse one of the levels by amount and by days left.
    pub(crate) fn level(&self) -> Level {
        self.amounts.level.max(self.days.level)
    }

    /// The state after a reading, and the alerts that follow.
    pub(crate) fn evaluate(
        mut self,
        reading: &Reading,
        forecast: Option<&Forecast>,
        rules: &Rules,
    ) -> (Self, Vec<Alert>) {
        if self.latest.is_some_and(|latest| is_overtaken(reading.at, latest)) {
            return (self, Vec::new());
        }
        let alerts = match &reading.result {
            Ok(balances) => self.succeed(reading.at, balances, forecast, rules),
            Err(problem) => self.fail(reading.at, *problem, rules),
        };
        self.latest = Some(reading.at);
        (self, alerts)
    }

    fn succeed(
        &mut self,
        at: Timestamp,
        balances: &[Balance],
        forecast: Option<&Forecast>,
        rules: &Rules,
    ) -> Vec<Alert> {
        let previous = self.level();
        let mut by_amount = self.amounts.level.by_amount(balances, &rules.amounts);
        self.notice_used_up(at, balances);
        // A threshold says what is enough.
        if rules.amounts.critical.is_none() && !self.used_up.is_empty() {
            by_amount = Level::Critical;
        }
        if balances.iter().any(|balance| balance.amount <= Amount::ZERO) {
            // Orders fail from now on.
            self.amounts.set(Level::Critical);
        } else {
            self.amounts.observe(by_amount, READINGS);
        }
        match forecast {
            _ if rules.days == Thresholds::default() => self.days = SteadyLevel::default(),
            Some(forecast) => {
                let by_days = self.days.level.by_days(forecast.days_left.middle, &rules.days);
                self.days.observe(by_days, FORECASTS);
            }
            // Where nothing can be told, the level stays.
            None => {}
        }
        if !balances.is_empty() {
            self.known = Some(LastKnown {
                at,
                balances: balances.to_vec(),
                worst: worst(balances, previous, rules),
                forecast: forecast.map(Into::into),
            });
        }
        let mut alerts = Vec::new();
        if let Some(failure) = self.failure.take().filter(|failure| failure.was_told) {
            let kind = Kind::Readable { since: failure.since };
            alerts.push(self.alert(kind, previous, at));
        }
        let level = self.level();
        if let Some(kind) = Kind::of_change(previous, level) {
            alerts.push(self.alert(kind, previous, at));
        }
        alerts
    }

    fn notice_used_up(&mut self, at: Timestamp, balances: &[Balance]) {
        let is_used_up = |known: &UsedUp| {
            let amount = balances.iter().find(|balance| is_same(balance, &known.cost)).map(|one| one.amount);
            amount.is_some_and(|amount| amount < known.cost.amount)
                && !is_after(at, known.at, LONGEST_USED_UP)
        };
        self.used_up.retain(is_used_up);
        // A fall during a longer time is not that of a few orders.
        let known = self.known.iter().filter(|known| !is_after(at, known.at, LONGEST_PAUSE));
        let known: Vec<_> = known.flat_map(|known| &known.balances).collect();
        for balance in balances.iter().filter(|balance| balance.amount <= Amount::ZERO) {
            let before = known.iter().find(|known| is_same(known, balance));
            let cost = before.and_then(|before| before.amount.checked_sub(balance.amount));
            let latest = self.used_up.iter_mut().find(|known| is_same(&known.cost, balance));
            match (latest, cost.filter(|cost| *cost > Amount::ZERO)) {
                (Some(latest), cost) => {
                    latest.cost.amount = latest.cost.amount.max(cost.unwrap_or(Amount::ZERO));
                    latest.at = at;
                }
                (None, Some(amount)) => {
                    self.used_up.push(UsedUp { cost: Balance { amount, ..balance.clone() }, at });
                }
                (None, None) => {}
            }
        }
    }

    fn fail(&mut self, at: Timestamp, problem: Problem, rules: &Rules) -> Vec<Alert> {
        let has_paused = self.latest.is_none_or(|latest| is_after(at, latest, LONGEST_PAUSE));
        let known = self.failure.take().filter(|failure| {
            // A clock that was set back would make the time as long as one likes.
            failure.was_told || (!has_paused && failure.since <= at)
        });
        let mut failure = known.unwrap_or(FailureState { since: at, was_told: false });
        let since = failure.since;
        let is_due = !failure.was_told && at.duration_since(since).unsigned_abs() >= rules.unreadable_after;
        failure.was_told |= is_due;
        self.failure = Some(failure);
        if !is_due {
            return Vec::new();
        }
        let kind = Kind::Unreadable { since, problem: problem.as_str().to_owned() };
        vec![self.alert(kind, self.level(), at)]
    }

    fn alert(&self, kind: Kind, previous: Level, at: Timestamp) -> Alert {
        Alert { kind, at, level: self.level(), previous, known: self.known.clone() }
    }
}

/// Whether both are the same balance, perhaps at different times.
fn is_same(one: &Balance, other: &Balance) -> bool {
    one.name == other.name && one.currency == other.currency
}

/// The balance that decides the level.
fn worst(balances: &[Balance], level: Level, rules: &Rules) -> usize {
    let level_of = |balance: &Balance| level.by_amount(std::slice::from_ref(balance), &rules.amounts);
    let levels = balances.iter().map(level_of).enumerate();
    // The first one of several.
    levels.rev().max_by_key(|(_, level)| *level).map_or(0, |(index, _)| index)
}

fn is_overtaken(at: Timestamp, latest: Timestamp) -> bool {
    at <= latest && !is_after(latest, at, OVERTAKEN)
}

/// Whether one time is later than another by more than this.
fn is_after(later: Timestamp, earlier: Timestamp, duration: Duration) -> bool {
    let passed = later.duration_since(earlier);
    passed.is_positive() && passed.unsigned_abs() > duration
}
