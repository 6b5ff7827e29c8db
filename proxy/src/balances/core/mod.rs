//! When to ask Airalo, and what readers get meanwhile. Nothing here waits, and time is an argument.
//!
//! [`Core::step`] takes what has happened and returns what to do next. The refresher does it and
//! reports the result, so there is one thing at a time: one fetch, however many readers wait.
//! [`Core::read`] is what a reader gets; it may ask for a fetch, but it never makes one.
//!
//! A fetch begins with the lease, which one replica has at a time. Without a shared store there is
//! one replica, which always gets it.

mod backoff;
mod events;
mod fetching;
mod notices;
mod reading;
mod tokens;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub(crate) use backoff::Backoff;
pub(crate) use events::{
    Acquisition, Action, Answer, BalanceResult, BalancesError, CachedBalances, Event, Failure, Now, Reading,
    Shared, SharedBalances, SharedFailure, StaleReason, TokenReason, Update,
};
pub(crate) use tokens::{AccessToken, REQUESTS_PER_MINUTE, usable_lifetime};

use airalo_balance::model::Balance;
use jiff::Timestamp;
use notices::Notices;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokens::Tokens;

/// How long after the latest read there are readers, for whom the balance is kept fresh. A card
/// asks every five minutes unless its page says otherwise.
const READERS_STAY: Duration = Duration::from_secs(15 * 60);

/// How long balances may be served, and how long a fetch may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// How long a balance is fresh.
    pub(crate) ttl: Duration,
    /// The maximum age of a stale balance that is served while Airalo fails.
    pub(crate) max_stale: Duration,
    /// The limit for all requests of a fetch.
    pub(crate) fetch_timeout: Duration,
    /// A history is kept, which has to be without gaps also while nobody reads.
    pub(crate) keeps_history: bool,
}

/// The newest balances, the token, and the running fetch.
#[derive(Debug)]
pub(crate) struct Core {
    policy: Policy,
    random: fastrand::Rng,
    entry: Option<Entry>,
    backoff: Option<Backoff>,
    tokens: Tokens,
    fetch: Option<Fetch>,
    /// A reader has found no fresh balance.
    is_wanted: bool,
    notices: Notices,
    latest_read: Option<Instant>,
    /// The shared store could not be reached when it was last used.
    is_alone: bool,
    /// How many times a fetch has ended with balances or with a failure.
    outcomes: u64,
}

#[derive(Debug)]
struct Entry {
    balances: Arc<[Balance]>,
    fetched_at: Timestamp,
    stored_at: Instant,
    refresh_at: Instant,
}

/// The state of a fetch, from the lease over the token to the balances.
#[derive(Debug)]
struct Fetch {
    stage: Stage,
    /// The token of the latest request, and whether it was renewed, which happens once at most.
    token: Option<AccessToken>,
    has_renewed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Without the lease. It is asked for at this time.
    Leasing { at: Instant, was_delayed: bool },
    /// With the lease, until this deadline.
    Requesting { deadline: Instant },
    /// The outcome is known, and is shared.
    Sharing,
}

impl Entry {
    fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.stored_at)
    }

    fn to_cached(&self, stale: Option<StaleReason>) -> CachedBalances {
        CachedBalances { balances: self.balances.clone(), fetched_at: self.fetched_at, stale }
    }
}

impl Core {
    /// A core that asks Airalo at once. `seed` is that of its random delays.
    pub(crate) fn new(policy: Policy, seed: u64) -> Self {
        Self {
            policy,
            random: fastrand::Rng::with_seed(seed),
            entry: None,
            backoff: None,
            tokens: Tokens::default(),
            fetch: None,
            is_wanted: true,
            notices: Notices::default(),
            latest_read: None,
            is_alone: false,
            outcomes: 0,
        }
    }

    /// Airalo says that the balance is another one. That is a reason to ask, and no more: the rules of
    /// asking stay, and of several notices within a pause there is one fetch. Returns whether this is the
    /// first of them.
    pub(crate) const fn notice(&mut self) -> bool {
        self.notices.receive()
    }

    /// The latest failures, unless Airalo has answered since.
    pub(crate) const fn backoff(&self) -> Option<&Backoff> {
        self.backoff.as_ref()
    }

    /// When a fetch is to begin. `None` if nobody needs one.
    pub(crate) fn due(&self, now: Now) -> Option<Instant> {
        if let Some(backoff) = &self.backoff {
            // Also without readers: readiness, and with it the way to new readers, depends on it.
            return Some(backoff.retry_at);
        }
        let has_readers = self.latest_read.is_some_and(|at| now.instant.duration_since(at) < READERS_STAY);
        let refresh_at = match &self.entry {
            _ if self.is_wanted => Some(now.instant),
            Some(entry) if has_readers || self.policy.keeps_history => Some(entry.refresh_at),
            _ => None,
        };
        [refresh_at, self.notice_due(now.instant)].into_iter().flatten().min()
    }

    /// When a fetch is to begin that a notice asks for.
    fn notice_due(&self, now: Instant) -> Option<Instant> {
        self.notices.due(self.entry.as_ref().map(|entry| entry.stored_at), now)
    }

    /// When Airalo is asked for the first time, where that is put off because the store cannot be reached.
    pub(crate) const fn put_off_until(&self) -> Option<Instant> {
        match &self.fetch {
            Some(Fetch { stage: Stage::Leasing { at, was_delayed: true }, .. }) => Some(*at),
            _ => None,
        }
    }

    /// How many times a fetch has ended. A reader that waits for one waits for a change of this.
    pub(crate) const fn outcomes(&self) -> u64 {
        self.outcomes
    }

    /// Forgets what belongs to the old credentials, and asks Airalo with the new ones.
    pub(crate) fn replace_credentials(&mut self, is_same_account: bool) {
        self.tokens.forget();
        self.backoff = None;
        self.is_wanted = true;
        if !is_same_account {
            self.entry = None;
        }
    }
}
