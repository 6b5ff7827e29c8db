//! The simulated account, behind one lock that is never held across an await.

mod ledger;
mod snapshot;
mod tokens;

#[cfg(test)]
mod tests;

pub use ledger::{InsufficientCredit, Order};
pub use snapshot::{Counts, Snapshot};

use crate::cents::Cents;
use crate::config::Config;
use crate::scenario::Scenario;
use ledger::Ledger;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokens::TokenIssuer;

/// The state of a sandbox: its account, its tokens and its scenario.
#[derive(Debug)]
pub struct SandboxState {
    config: Config,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    ledger: Ledger,
    tokens: TokenIssuer,
    scenario: Scenario,
    counts: Counts,
    balance_headers: Vec<String>,
}

impl Inner {
    fn new(config: &Config) -> Self {
        Self {
            ledger: Ledger::new(config.balance),
            tokens: TokenIssuer::new(config.tokens_per_minute),
            scenario: config.scenario,
            counts: Counts::default(),
            balance_headers: Vec::new(),
        }
    }
}

impl SandboxState {
    pub(crate) fn new(config: Config) -> Self {
        let inner = Mutex::new(Inner::new(&config));
        Self { config, inner }
    }

    /// No panic can leave the state half changed, so a poisoned lock is used all the same.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) const fn config(&self) -> &Config {
        &self.config
    }

    /// The credit that is left.
    #[must_use]
    pub fn balance(&self) -> Cents {
        self.lock().ledger.balance()
    }

    /// The counts so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.lock().counts
    }

    /// The current scenario.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        self.lock().scenario
    }

    /// The sorted names of the headers of the latest balance request.
    #[must_use]
    pub fn balance_headers(&self) -> Vec<String> {
        self.lock().balance_headers.clone()
    }

    /// All tokens ever issued, so that tests can search logs for them.
    #[must_use]
    pub fn issued_tokens(&self) -> Vec<String> {
        self.lock().tokens.all_issued().to_vec()
    }

    /// The state at this moment.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let inner = self.lock();
        Snapshot {
            balance: inner.ledger.balance(),
            currency: "USD",
            scenario: inner.scenario.name(),
            counts: inner.counts,
            newest_orders: inner.ledger.newest_orders(),
            order_every: self.config.order_every.map_or(0, |interval| interval.as_secs()),
        }
    }

    /// Changes the scenario from now on.
    pub fn set_scenario(&self, scenario: Scenario) {
        let mut inner = self.lock();
        inner.scenario = scenario;
        if scenario == Scenario::ExpiredTokens {
            inner.tokens.expire_all();
        }
    }

    /// Places an order.
    ///
    /// # Errors
    ///
    /// When the credit is too low. Then nothing is charged.
    pub fn place_order(&self, price: Cents) -> Result<Order, InsufficientCredit> {
        let mut inner = self.lock();
        let result = inner.ledger.place_order(price);
        inner.counts.orders = inner.ledger.order_count();
        inner.counts.orders_refused += u64::from(result.is_err());
        result
    }

    /// Places the next automatic order, unless the credit is too low.
    ///
    /// Such an order is not counted as refused: otherwise the count would grow for ever.
    pub(crate) fn place_automatic_order(&self) {
        let mut inner = self.lock();
        let price = inner.ledger.next_price();
        if inner.ledger.place_order(price).is_ok() {
            inner.counts.orders = inner.ledger.order_count();
        }
    }

    /// Adds credit. Returns `false` if the sum would overflow.
    #[must_use]
    pub fn top_up(&self, amount: Cents) -> bool {
        let mut inner = self.lock();
        let added = inner.ledger.top_up(amount);
        inner.counts.top_ups += u64::from(added);
        added
    }

    /// Sets the balance.
    pub fn set_balance(&self, balance: Cents) {
        self.lock().ledger.set_balance(balance);
    }

    /// Returns to the state of the start. Tokens issued before are no longer accepted.
    pub fn reset(&self) {
        *self.lock() = Inner::new(&self.config);
    }

    pub(crate) fn count_token_request(&self) {
        self.lock().counts.token_requests += 1;
    }

    pub(crate) fn count_balance_request(&self, mut headers: Vec<String>) {
        headers.sort_unstable();
        let mut inner = self.lock();
        inner.counts.balance_requests += 1;
        inner.balance_headers = headers;
    }

    pub(crate) fn acquire_token_request(&self, now: Instant) -> Result<(), Duration> {
        self.lock().tokens.acquire_request(now)
    }

    pub(crate) fn issue_token(&self, now: Instant) -> String {
        let mut inner = self.lock();
        inner.counts.tokens_issued += 1;
        inner.tokens.issue(now)
    }

    pub(crate) fn accepts_token(&self, token: &str, now: Instant) -> bool {
        let inner = self.lock();
        inner.scenario != Scenario::TokenRefused && inner.tokens.is_valid(token, now)
    }
}
