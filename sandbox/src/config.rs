//! The configuration of the sandbox.

use crate::cents::Cents;
use crate::scenario::Scenario;
use secrecy::SecretString;
use std::time::Duration;

/// How the sandbox starts. [`Config::default`] behaves as Airalo's documentation says.
#[derive(Clone, Debug)]
pub struct Config {
    /// The balance at the start, and after a reset.
    pub balance: Cents,
    /// The scenario at the start, and after a reset.
    pub scenario: Scenario,
    /// The interval of automatic orders. With `None` there are none.
    pub order_every: Option<Duration>,
    /// The only client id that is accepted.
    pub client_id: SecretString,
    /// The secret of that client.
    pub client_secret: SecretString,
    /// How many token requests are allowed within a minute.
    pub tokens_per_minute: usize,
    /// The `expires_in` of each token. Tests set it to values that make no sense.
    pub expires_in: serde_json::Value,
    /// How long [`Scenario::SlowHeaders`] waits before its response.
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
