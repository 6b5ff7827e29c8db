//! What the sandbox shows of its state.

use super::ledger::Order;
use crate::cents::Cents;
use serde::Serialize;

/// Counts since the start or the last reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Token requests, including refused ones.
    pub token_requests: u64,
    /// Tokens that were issued.
    pub tokens_issued: u64,
    /// Balance requests, including refused ones.
    pub balance_requests: u64,
    /// Orders that were paid.
    pub orders: u64,
    /// Orders that were refused because the credit was too low.
    pub orders_refused: u64,
    /// Top-ups.
    pub top_ups: u64,
    /// Webhooks that were taken, simulated ones too.
    pub webhooks_sent: u64,
    /// Attempts to send a webhook that failed.
    pub webhooks_failed: u64,
}

/// The state at one moment, as `/_sandbox/state` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Snapshot {
    /// The credit that is left.
    pub balance: Cents,
    /// Always `USD`.
    pub currency: &'static str,
    /// The name of the scenario.
    pub scenario: String,
    /// The counts so far.
    pub counts: Counts,
    /// The newest orders, newest first.
    pub newest_orders: Vec<Order>,
    /// Seconds between automatic orders, or zero if there are none.
    pub order_every: u64,
}
