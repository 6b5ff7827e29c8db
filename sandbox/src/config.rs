//! What the stand-in is told at its start.

use crate::{Cents, Scenario};
use secrecy::SecretString;
use std::time::Duration;

/// How the stand-in starts. [`Config::default`] is what the documents describe.
#[derive(Clone, Debug)]
pub struct Config {
    /// The balance at the start, and after a reset.
    pub balance: Cents,
    /// How it behaves until it is told otherwise.
    pub scenario: Scenario,
    /// An order comes in this often; `None` leaves the balance alone.
    pub order_every: Option<Duration>,
    /// The only client that it knows.
    pub client_id: SecretString,
    /// The secret of that client.
    pub client_secret: SecretString,
    /// How many tokens may be asked for in a minute.
    pub tokens_per_minute: usize,
    /// What `expires_in` says: the documented example by default, and any nonsense on request.
    pub expires_in: serde_json::Value,
    /// How long the answer of [`Scenario::SlowHeaders`] takes to begin.
    pub slow: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            balance: Cents::new(22_535),
            scenario: Scenario::Normal,
            order_every: None,
            client_id: "sandbox".into(),
            client_secret: "sandbox-secret".into(),
            tokens_per_minute: 3,
            expires_in: 31_622_400.into(),
            slow: Duration::from_secs(30),
        }
    }
}
