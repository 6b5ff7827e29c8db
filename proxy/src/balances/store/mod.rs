//! What replicas share: the balances, the token, the latest failure, and whose turn it is to ask.

use super::core::{Acquisition, Shared, Update};
use std::time::Duration;

/// Where it is kept.
#[derive(Debug)]
pub(crate) enum Store {
    /// Nowhere: this is the only replica.
    Local,
}

/// Whether a token may be requested. The requests of all replicas count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenPermit {
    Granted,
    /// Not before this time has passed.
    Denied(Duration),
}

impl Store {
    /// Asks for the lease, and then for what the other replicas know.
    pub(crate) async fn acquire(&self) -> Acquisition {
        match self {
            Self::Local => Acquisition::Leased(Shared::default()),
        }
    }

    /// Counts a token request. The core counts those of this replica by itself.
    pub(crate) async fn acquire_token_request(&self) -> TokenPermit {
        match self {
            Self::Local => TokenPermit::Granted,
        }
    }

    /// Shares an update, and releases the lease after all but a token.
    pub(crate) async fn share(&self, _update: &Update) {
        match self {
            Self::Local => {}
        }
    }
}
