//! The simulated account, behind one lock that is never held across an await.

mod ledger;
mod notices;
mod rate_limit;
mod snapshot;
mod tokens;

#[cfg(test)]
mod tests;

pub use ledger::{InsufficientCredit, Order};
pub use snapshot::{Counts, Snapshot};

pub(crate) use notices::{LEVELS, OptIn};

use crate::cents::Cents;
use crate::config::Config;
use crate::scenario::Scenario;
use crate::webhook::Webhook;
use ledger::Ledger;
use notices::Notices;
use rate_limit::RateLimit;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokens::TokenIssuer;
use tokio::sync::mpsc;

/// The documented limit of the webhook simulator.
const SIMULATIONS_PER_MINUTE: usize = 5;

/// How many webhooks may wait to be sent. Nobody passes so many levels at once.
const WAITING_WEBHOOKS: usize = 64;

/// The state of a sandbox: its account, its tokens and its scenario.
#[derive(Debug)]
pub struct SandboxState {
    config: Config,
    inner: Mutex<Inner>,
    webhooks: mpsc::Sender<Webhook>,
}

#[derive(Debug)]
struct Inner {
    ledger: Ledger,
    notices: Notices,
    tokens: TokenIssuer,
    simulations: RateLimit,
    scenario: Scenario,
    counts: Counts,
    balance_headers: Vec<String>,
}

impl Inner {
    fn new(config: &Config) -> Self {
        Self {
            ledger: Ledger::new(config.balance),
            notices: Notices::new(config.balance),
            tokens: TokenIssuer::new(config.tokens_per_minute),
            simulations: RateLimit::per_minute(SIMULATIONS_PER_MINUTE),
            scenario: config.scenario,
            counts: Counts::default(),
            balance_headers: Vec::new(),
        }
    }
}

impl SandboxState {
    /// A state that sends no webhooks.
    #[cfg(test)]
    pub(crate) fn new(config: Config) -> Self {
        Self::with_webhooks(config).0
    }

    /// The state, and the webhooks that are to be sent.
    pub(crate) fn with_webhooks(config: Config) -> (Self, mpsc::Receiver<Webhook>) {
        let inner = Mutex::new(Inner::new(&config));
        let (webhooks, waiting) = mpsc::channel(WAITING_WEBHOOKS);
        (Self { config, inner, webhooks }, waiting)
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
        self.notice(&mut inner);
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
            self.notice(&mut inner);
        }
    }

    /// Adds credit. Returns `false` if the sum would overflow.
    #[must_use]
    pub fn top_up(&self, amount: Cents) -> bool {
        let mut inner = self.lock();
        let added = inner.ledger.top_up(amount);
        inner.counts.top_ups += u64::from(added);
        self.notice(&mut inner);
        added
    }

    /// Sets the balance. A lower one counts as used credit, and a higher one as a top-up.
    pub fn set_balance(&self, balance: Cents) {
        let mut inner = self.lock();
        inner.ledger.set_balance(balance);
        self.notice(&mut inner);
    }

    /// Has a webhook sent if the balance has passed a level.
    fn notice(&self, inner: &mut Inner) {
        let balance = inner.ledger.balance();
        if let Some(webhook) = inner.notices.balance_changed(balance) {
            // It fails if nothing sends any more, or if too many wait.
            let is_waiting = self.webhooks.try_send(webhook).is_ok();
            inner.counts.webhooks_failed += u64::from(!is_waiting);
        }
    }

    pub(crate) fn opt_in(&self) -> Option<OptIn> {
        self.lock().notices.opt_in().cloned()
    }

    pub(crate) fn set_opt_in(&self, opt_in: Option<OptIn>) {
        self.lock().notices.set_opt_in(opt_in);
    }

    /// Returns to the state of the start. Tokens issued before are no longer accepted, and nobody is
    /// opted in.
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

    pub(crate) fn count_webhook(&self, is_taken: bool) {
        let mut inner = self.lock();
        let counts = &mut inner.counts;
        *(if is_taken { &mut counts.webhooks_sent } else { &mut counts.webhooks_failed }) += 1;
    }

    pub(crate) fn acquire_simulation(&self, now: Instant) -> Result<(), Duration> {
        self.lock().simulations.acquire(now)
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
