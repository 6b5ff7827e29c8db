//! Everything that the stand-in pretends, behind one lock that is never held while waiting.

use crate::ledger::Ledger;
use crate::tokens::Tokens;
use crate::{Cents, Config, CreditShort, Order, Scenario};
use serde::Serialize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The pretended partner: its account, its tokens and its mood.
#[derive(Debug)]
pub struct World {
    config: Config,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    ledger: Ledger,
    tokens: Tokens,
    scenario: Scenario,
    counts: Counts,
    balance_headers: Vec<String>,
}

impl State {
    fn new(config: &Config) -> Self {
        Self {
            ledger: Ledger::new(config.balance),
            tokens: Tokens::new(config.tokens_per_minute),
            scenario: config.scenario,
            counts: Counts::default(),
            balance_headers: Vec::new(),
        }
    }
}

/// What was asked of the stand-in since its start or its last reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Requests for a token, refused ones too.
    pub token_requests: u64,
    /// Tokens that were given out.
    pub tokens_issued: u64,
    /// Requests for the balance, refused ones too.
    pub balance_requests: u64,
    /// Orders that were paid.
    pub orders: u64,
    /// Orders that were refused for want of credit.
    pub orders_refused: u64,
    /// Top-ups.
    pub top_ups: u64,
}

/// The world at one moment, as `/_sandbox/state` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Snapshot {
    /// What is left.
    pub balance: Cents,
    /// Always dollars.
    pub currency: &'static str,
    /// The name of the scenario.
    pub scenario: String,
    /// What was asked so far.
    pub counts: Counts,
    /// The newest orders, newest first.
    pub newest_orders: Vec<Order>,
    /// Seconds between two orders that come in by themselves; zero where none do.
    pub order_every: u64,
}

impl World {
    pub(crate) fn new(config: Config) -> Self {
        let state = Mutex::new(State::new(&config));
        Self { config, state }
    }

    /// A panic elsewhere does not make the numbers wrong: each change is made in one step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) const fn config(&self) -> &Config {
        &self.config
    }

    /// What is left.
    #[must_use]
    pub fn balance(&self) -> Cents {
        self.state().ledger.balance()
    }

    /// What was asked so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    /// The current scenario.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        self.state().scenario
    }

    /// The names of the headers that came with the newest request for the balance, sorted.
    #[must_use]
    pub fn balance_headers(&self) -> Vec<String> {
        self.state().balance_headers.clone()
    }

    /// Every token ever given out, so that a test can look for them where they must not be.
    #[must_use]
    pub fn ever_issued(&self) -> Vec<String> {
        self.state().tokens.ever_issued().to_vec()
    }

    /// The world at this moment.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let state = self.state();
        Snapshot {
            balance: state.ledger.balance(),
            currency: "USD",
            scenario: state.scenario.name(),
            counts: state.counts,
            newest_orders: state.ledger.newest(),
            order_every: self.config.order_every.map_or(0, |every| every.as_secs()),
        }
    }

    /// Behaves differently from now on.
    pub fn play(&self, scenario: Scenario) {
        let mut state = self.state();
        state.scenario = scenario;
        if scenario == Scenario::ExpiredTokens {
            state.tokens.expire_all();
        }
    }

    /// Places an order.
    ///
    /// # Errors
    ///
    /// When the credit is short; nothing is taken then.
    pub fn order(&self, price: Cents) -> Result<Order, CreditShort> {
        let mut state = self.state();
        let result = state.ledger.order(price);
        state.counts.orders = state.ledger.placed();
        state.counts.orders_refused += u64::from(result.is_err());
        result
    }

    /// Places the next order of the fixed row, or none where the credit is short: customers who
    /// cannot buy are not counted as refused again and again.
    pub(crate) fn order_by_itself(&self) {
        let mut state = self.state();
        let price = state.ledger.next_price();
        if state.ledger.order(price).is_ok() {
            state.counts.orders = state.ledger.placed();
        }
    }

    /// Adds credit; `false` where the sum could not be kept.
    #[must_use]
    pub fn top_up(&self, amount: Cents) -> bool {
        let mut state = self.state();
        let done = state.ledger.top_up(amount);
        state.counts.top_ups += u64::from(done);
        done
    }

    /// Sets the balance exactly.
    pub fn set_balance(&self, balance: Cents) {
        self.state().ledger.set_balance(balance);
    }

    /// Goes back to the start. Tokens of before are unknown afterwards.
    pub fn reset(&self) {
        *self.state() = State::new(&self.config);
    }

    pub(crate) fn count_token_request(&self) {
        self.state().counts.token_requests += 1;
    }

    pub(crate) fn count_balance_request(&self, mut headers: Vec<String>) {
        headers.sort_unstable();
        let mut state = self.state();
        state.counts.balance_requests += 1;
        state.balance_headers = headers;
    }

    pub(crate) fn admit_token_request(&self, now: Instant) -> Result<(), Duration> {
        self.state().tokens.admit(now)
    }

    pub(crate) fn issue_token(&self, now: Instant) -> String {
        let mut state = self.state();
        state.counts.tokens_issued += 1;
        state.tokens.issue(now)
    }

    pub(crate) fn accepts(&self, token: &str, now: Instant) -> bool {
        let state = self.state();
        state.scenario != Scenario::TokenRefused && state.tokens.accepts(token, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_that_come_in_by_themselves_stop_when_credit_is_short_and_go_on_after_a_top_up() {
        let world = World::new(Config { balance: Cents::new(500), ..Config::default() });
        (0..5).for_each(|_| world.order_by_itself());
        assert_eq!((world.balance(), world.counts().orders), (Cents::new(50), 1));

        assert!(world.top_up(Cents::new(1000)));
        world.order_by_itself();
        assert_eq!((world.balance(), world.counts().orders), (Cents::new(250), 2));
    }

    #[test]
    fn a_reset_brings_back_the_start() {
        let world = World::new(Config::default());
        world.play(Scenario::Zero);
        world.order(Cents::new(450)).unwrap();
        world.reset();
        assert_eq!(world.balance(), Config::default().balance);
        assert_eq!((world.scenario(), world.counts()), (Scenario::Normal, Counts::default()));
    }
}
