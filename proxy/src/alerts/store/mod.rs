//! What outlives a restart, and what replicas share: who was told what, and the messages that wait.
//!
//! The state and the messages that follow from its change are written in one step. So a message is
//! neither lost nor doubled, whatever ends in between.

mod accounts;
mod redis;
mod sqlite;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use redis::RedisAlerts;
pub(crate) use sqlite::SqliteAlerts;

use super::alert::Alert;
use super::core::State;
use crate::database::DatabaseError;
use std::sync::Arc;
use std::time::Duration;

/// A message in the queue of one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// The same at each attempt, on every channel.
    pub(crate) id: String,
    pub(crate) alert: Alert,
}

/// What there is to do on a channel.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// This process alone may deliver the message, for as long as the lease.
    Message {
        message: Message,
        /// How many attempts in a row have failed on this channel.
        failures: u32,
    },
    /// Nothing, for this long at least or until there is a new message.
    Wait(Option<Duration>),
}

/// How an attempt has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The message is delivered, or given up.
    Done,
    /// The message stays the first one, and its channel waits.
    Later(Duration),
    /// As before, but the others of the channel come first: it may be this message that is refused.
    Behind(Duration),
}

/// Why a store cannot be used. The text holds nothing of its address.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("{0}")]
    Database(#[from] DatabaseError),
    #[error("REDIS_URL cannot be used")]
    Redis,
    #[error("other replicas keep changing the state")]
    Contended,
    #[error("a value cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// A change of the state, and the alerts that follow from it. It may be asked more than once.
pub(crate) type Change = Arc<dyn Fn(State) -> (State, Vec<Alert>) + Send + Sync>;

/// Where the alerts are kept.
#[derive(Clone, Debug)]
pub(crate) enum AlertStore {
    /// The file of the only replica.
    Sqlite(SqliteAlerts),
    /// The store of many replicas.
    Redis(RedisAlerts),
}

impl AlertStore {
    /// Changes the state of an account, and queues the alerts that follow on each channel.
    pub(crate) async fn change(
        &self,
        account: &str,
        channels: &[String],
        change: Change,
    ) -> Result<Vec<Alert>, StoreError> {
        match self {
            Self::Sqlite(store) => store.change(account, channels, change).await,
            Self::Redis(store) => store.change(account, channels, change).await,
        }
    }

    /// The account of the readings from now on.
    pub(crate) fn use_account(&self, account: &str) {
        match self {
            // There is one queue for all accounts.
            Self::Sqlite(_) => {}
            Self::Redis(store) => store.use_account(account),
        }
    }

    /// Takes the first message of a channel, if an attempt is due and no other process makes it.
    pub(crate) async fn claim(&self, channel: &str, lease: Duration) -> Result<Claim, StoreError> {
        match self {
            Self::Sqlite(store) => store.claim(channel, lease).await,
            Self::Redis(store) => store.claim(channel, lease).await,
        }
    }

    /// Records how the attempt for a claimed message has ended, and ends the lease. Nothing changes
    /// where another process has settled the message meanwhile: the lease is then its own.
    pub(crate) async fn settle(
        &self,
        channel: &str,
        message: &Message,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.settle(channel, message, outcome).await,
            Self::Redis(store) => store.settle(channel, message, outcome).await,
        }
    }

    /// Leaves a file that is whole without the one beside it.
    pub(crate) async fn close(&self) {
        if let Self::Sqlite(store) = self {
            store.close().await;
        }
    }

    /// Forgets the messages of channels that are no longer configured. Returns how many there were.
    pub(crate) async fn forget_other_channels(&self, channels: &[String]) -> Result<usize, StoreError> {
        match self {
            Self::Sqlite(store) => store.forget_other_channels(channels).await,
            // Replicas of another configuration may deliver them; the keys expire.
            Self::Redis(_) => Ok(0),
        }
    }
}

/// One for all channels.
pub(super) fn new_id() -> String {
    format!("msg_{:032x}", fastrand::u128(..))
}
