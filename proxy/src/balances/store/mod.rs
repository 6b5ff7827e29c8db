//! What replicas share: the balances, the token, the latest failure, and whose turn it is to ask.

mod cipher;
mod redis;
mod secret_id;
mod values;

pub(crate) use redis::RedisStore;

use super::core::{Acquisition, Shared, Update};
use secrecy::SecretString;
use std::time::Duration;

/// Where it is kept.
#[derive(Debug)]
pub(crate) enum Store {
    /// Nowhere: this is the only replica.
    Local,
    /// In Redis.
    Redis(Box<RedisStore>),
}

/// Whether a token may be requested. The requests of all replicas count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenPermit {
    Granted,
    /// Not before this time has passed.
    Denied(Duration),
}

/// What has become of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    Shared,
    /// This replica was late and had the lease no more, so what it knows is old.
    LeaseLost,
    /// The store has not answered. It may have taken the update or not.
    Unknown,
}

impl Store {
    /// The same store for another account, or with another secret.
    pub(crate) fn with_account(self, account: &str, secret: &SecretString) -> Self {
        match self {
            Self::Local => Self::Local,
            Self::Redis(store) => Self::Redis(Box::new(store.with_account(account, secret))),
        }
    }

    /// Asks for the lease, and then for what the other replicas know.
    pub(crate) async fn acquire(&self) -> Acquisition {
        match self {
            Self::Local => Acquisition::Leased(Shared::default()),
            Self::Redis(store) => store.acquire().await,
        }
    }

    /// Counts a token request. The core counts those of this replica by itself.
    pub(crate) async fn acquire_token_request(&self) -> TokenPermit {
        match self {
            Self::Local => TokenPermit::Granted,
            Self::Redis(store) => store.acquire_token_request().await,
        }
    }

    /// Shares an update, and releases the lease after all but a token.
    pub(crate) async fn share(&self, update: &Update) -> Sharing {
        match self {
            Self::Local => Sharing::Shared,
            Self::Redis(store) => store.share(update).await,
        }
    }
}
