//! The accounts whose messages a replica delivers: the present one, and those before a reload.
//!
//! What an old account has left in the queue is delivered all the same, also after a restart, when
//! nothing but the store remembers that account.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Clones share the accounts.
#[derive(Clone, Debug)]
pub(super) struct Accounts(Arc<Mutex<Known>>);

#[derive(Debug)]
struct Known {
    current: String,
    old: Vec<Old>,
    /// The old ones are in the store, and those of the store are here.
    is_synced: bool,
}

#[derive(Debug)]
struct Old {
    account: String,
    /// The channels for which nothing is left in its queue.
    empty: Vec<String>,
}

impl Accounts {
    pub(super) fn new(current: &str) -> Self {
        let known = Known { current: current.to_owned(), old: Vec::new(), is_synced: false };
        Self(Arc::new(Mutex::new(known)))
    }

    /// Another account from now on.
    pub(super) fn use_account(&self, account: &str) {
        let mut known = self.lock();
        if known.current != account {
            let old = std::mem::replace(&mut known.current, account.to_owned());
            known.add_old(&old);
            known.old.retain(|old| old.account != account);
            known.is_synced = false;
        }
    }

    /// The present account and the old ones, if the store is to be asked and told.
    pub(super) fn to_sync(&self) -> Option<(String, Vec<String>)> {
        let known = self.lock();
        let old = || known.old.iter().map(|old| old.account.clone()).collect();
        (!known.is_synced).then(|| (known.current.clone(), old()))
    }

    /// The store knows these for the account that was the present one.
    pub(super) fn synced(&self, current: &str, old: &[String]) {
        let mut known = self.lock();
        old.iter().for_each(|account| known.add_old(account));
        known.is_synced |= known.current == current;
    }

    /// Messages were queued for this account.
    pub(super) fn queued(&self, account: &str) {
        let mut known = self.lock();
        // A reading of an old account was on its way.
        known.old.retain(|old| old.account != account);
        known.add_old(account);
    }

    /// Whose messages are delivered on a channel, the oldest ones first.
    pub(super) fn of_channel(&self, channel: &str) -> Vec<String> {
        let known = self.lock();
        let old = known.old.iter().filter(|old| !old.empty.iter().any(|name| name == channel));
        old.map(|old| &old.account).chain([&known.current]).cloned().collect()
    }

    /// Nothing is left for this channel. The present account gets more.
    pub(super) fn set_empty(&self, account: &str, channel: &str) {
        if let Some(old) = self.lock().old.iter_mut().find(|old| old.account == account) {
            old.empty.push(channel.to_owned());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn add_old(&mut self, account: &str) {
        if self.current != account && self.old.iter().all(|old| old.account != account) {
            self.old.push(Old { account: account.to_owned(), empty: Vec::new() });
        }
    }
}
