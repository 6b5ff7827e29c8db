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
mod notices;
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

use crate::problem::ProblemDetails;
use airalo_balance::model::{Balance, Problem};
use jiff::Timestamp;
use notices::Notices;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokens::Tokens;

/// How long after the latest read there are readers, for whom the balance is kept fresh. A card
/// asks every five minutes unless its page says otherwise.
const READERS_STAY: Duration = Duration::from_secs(15 * 60);

/// A balance is refreshed when up to a tenth of its TTL is left, so that readers need not wait.
const REFRESH_AHEAD: f64 = 0.1;

/// The shortest time between two fetches that no reader asked for.
const MIN_REFRESH: Duration = Duration::from_secs(5);

/// With a history Airalo is asked at least this often.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// How often to look whether the replica that has the lease is done.
const POLL: Duration = Duration::from_millis(50);

/// Two balances whose ages differ by less are the same one, read at different moments.
const SAME_AGE: Duration = Duration::from_millis(250);

/// Replicas that start without the shared store ask Airalo at different times within this one.
const START_SPREAD: Duration = Duration::from_secs(20);

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

    /// What a reader gets.
    pub(crate) fn read(&mut self, now: Now) -> Answer {
        self.latest_read = Some(now.instant);
        if let Some(fresh) = self.fresh(now.instant) {
            return Answer::Ready(Ok(fresh));
        }
        let Some(backoff) = &self.backoff else {
            self.is_wanted = true;
            let stale = self.stale(StaleReason::Refreshing, now.instant);
            return Answer::Wait { otherwise: stale.map(Ok) };
        };
        match self.while_failing(backoff, now.instant) {
            Err(details) if self.fetch.is_some() => Answer::Wait { otherwise: Some(Err(details)) },
            result => Answer::Ready(result),
        }
    }

    /// Airalo says that the balance is another one. That is a reason to ask, and no more: the rules of
    /// asking stay, and of several notices within a pause there is one fetch. Returns whether this is the
    /// first of them.
    pub(crate) const fn notice(&mut self) -> bool {
        self.notices.receive()
    }

    /// What a reader gets that has waited for a fetch. `None` if another one has begun.
    ///
    /// The balances of the fetch are not stale for this reader, even with a TTL of zero.
    pub(crate) fn outcome(&self, now: Now) -> Option<BalanceResult> {
        match (&self.backoff, &self.entry) {
            (Some(backoff), _) => Some(self.while_failing(backoff, now.instant)),
            (None, Some(entry)) => Some(Ok(entry.to_cached(None))),
            (None, None) => None,
        }
    }

    /// The balances that can be served without waiting.
    pub(crate) fn cached(&self, now: Now) -> Option<CachedBalances> {
        self.fresh(now.instant).or_else(|| {
            let reason = self.backoff.as_ref().map(|backoff| StaleReason::Problem(backoff.problem));
            self.stale(reason.unwrap_or(StaleReason::Refreshing), now.instant)
        })
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

    /// How many times a fetch has ended. A reader that waits for one waits for a change of this.
    pub(crate) const fn outcomes(&self) -> u64 {
        self.outcomes
    }

    /// Takes what has happened, and returns what to do next.
    pub(crate) fn step(&mut self, event: Event, now: Now) -> Action {
        match event {
            Event::Woken => self.wake(now),
            Event::Acquired(Acquisition::Leased(shared)) => self.with_lease(&shared, now),
            Event::Acquired(Acquisition::Busy(shared)) => self.without_lease(&shared, now),
            Event::Acquired(Acquisition::Unavailable) => self.without_store(now),
            Event::Token(Ok((token, lifetime))) => {
                self.tokens.issue(token.clone(), lifetime, now.instant);
                self.share(Update::Token(token, lifetime), now)
            }
            Event::Token(Err(failure)) | Event::Balances(Err(BalancesError::Other(failure))) => {
                self.fail(failure, now)
            }
            Event::Balances(Err(BalancesError::TokenRefused)) => self.renew_token(now),
            Event::Balances(Ok(balances)) => {
                self.store(balances.clone(), Duration::ZERO, now);
                self.end(Update::Balances(balances), now)
            }
            Event::Shared => self.go_on(now),
        }
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

    /// The balances, if they are fresh.
    fn fresh(&self, now: Instant) -> Option<CachedBalances> {
        let entry = self.entry.as_ref().filter(|entry| entry.age(now) < self.policy.ttl)?;
        Some(entry.to_cached(None))
    }

    /// The balances, unless they are too old to be served at all.
    fn stale(&self, reason: StaleReason, now: Instant) -> Option<CachedBalances> {
        let entry = self.entry.as_ref().filter(|entry| entry.age(now) < self.policy.max_stale)?;
        Some(entry.to_cached(Some(reason)))
    }

    /// The balances with the problem of the failed fetch, or that problem alone.
    fn while_failing(&self, backoff: &Backoff, now: Instant) -> BalanceResult {
        let fresh = self.fresh(now);
        fresh.or_else(|| self.stale(StaleReason::Problem(backoff.problem), now)).ok_or_else(|| {
            let retry_after = backoff.retry_at.saturating_duration_since(now);
            ProblemDetails { problem: backoff.problem, retry_after: Some(retry_after) }
        })
    }

    fn wake(&mut self, now: Now) -> Action {
        let due = match &self.fetch {
            Some(Fetch { stage: Stage::Leasing { at, .. }, .. }) => Some(*at),
            _ => self.due(now),
        };
        if due.is_none_or(|at| at > now.instant) {
            return Action::Wait(due);
        }
        self.fetch.get_or_insert(Fetch {
            stage: Stage::Leasing { at: now.instant, was_delayed: false },
            token: None,
            has_renewed: false,
        });
        Action::Acquire
    }

    /// Another replica may have fetched the balances a moment ago, so what it knows comes first.
    fn with_lease(&mut self, shared: &Shared, now: Now) -> Action {
        if self.adopt(shared, now) { self.end(Update::Nothing, now) } else { self.begin(now) }
    }

    fn without_lease(&mut self, shared: &Shared, now: Now) -> Action {
        if self.adopt(shared, now) {
            return self.finish(now);
        }
        let delay = POLL + POLL.mul_f64(self.random.f64());
        self.lease_later(delay, false, now)
    }

    /// Goes on with what this replica knows itself.
    fn without_store(&mut self, now: Now) -> Action {
        self.is_alone = true;
        let was_delayed =
            matches!(self.fetch, Some(Fetch { stage: Stage::Leasing { was_delayed: true, .. }, .. }));
        let knows_nothing = self.entry.is_none() && self.backoff.is_none();
        if knows_nothing && !was_delayed {
            let delay = START_SPREAD.mul_f64(self.random.f64());
            return self.lease_later(delay, true, now);
        }
        self.begin(now)
    }

    fn lease_later(&mut self, delay: Duration, was_delayed: bool, now: Now) -> Action {
        let at = now.instant + delay;
        if let Some(fetch) = &mut self.fetch {
            fetch.stage = Stage::Leasing { at, was_delayed };
        }
        Action::Wait(Some(at))
    }

    /// Takes what the other replicas know. Returns whether no fetch is needed any more.
    fn adopt(&mut self, shared: &Shared, now: Now) -> bool {
        self.is_alone = false;
        if let Some((token, lifetime)) = &shared.token {
            self.tokens.store(token.clone(), *lifetime, now.instant);
        }
        let mut is_settled = false;
        if let Some(SharedBalances { balances, age }) = &shared.balances
            && self.entry.as_ref().is_none_or(|entry| *age + SAME_AGE < entry.age(now.instant))
        {
            self.store(balances.clone(), *age, now);
            let is_noticed = self.notice_due(now.instant).is_some_and(|at| at <= now.instant);
            is_settled = self.entry.as_ref().is_some_and(|entry| entry.refresh_at > now.instant);
            is_settled &= !is_noticed;
        }
        if let Some(SharedFailure { problem, failures, retry_in }) = shared.failure {
            self.backoff = Some(Backoff { problem, failures, retry_at: now.instant + retry_in });
            is_settled |= !retry_in.is_zero();
        }
        if is_settled {
            self.outcomes += 1;
        }
        is_settled
    }

    fn begin(&mut self, now: Now) -> Action {
        if let Some(fetch) = &mut self.fetch {
            fetch.stage = Stage::Requesting { deadline: now.instant + self.policy.fetch_timeout };
        }
        self.request(now)
    }

    /// Requests the balances, or first a token for them.
    fn request(&mut self, now: Now) -> Action {
        let Some(fetch) = &mut self.fetch else { return self.finish(now) };
        let Stage::Requesting { deadline } = fetch.stage else { return self.finish(now) };
        if let Some(token) = self.tokens.get(now.instant) {
            fetch.token = Some(token.clone());
            self.notices.request_begins(now.instant);
            return Action::RequestBalances { token, deadline };
        }
        let reason = match () {
            () if fetch.has_renewed => TokenReason::Refused,
            () if self.tokens.is_empty() => TokenReason::First,
            () => TokenReason::Expired,
        };
        // Nobody counts for all replicas then, so each of them takes less.
        let limit = if self.is_alone { 1 } else { REQUESTS_PER_MINUTE };
        match self.tokens.acquire_request(limit, now.instant) {
            Ok(()) => Action::RequestToken { reason, deadline },
            Err(wait) => self.fail(Failure::rate_limited(wait), now),
        }
    }

    /// When the token is refused, renews it and repeats the request once.
    fn renew_token(&mut self, now: Now) -> Action {
        let Some(fetch) = &mut self.fetch else { return self.finish(now) };
        if let Some(token) = fetch.token.take() {
            self.tokens.refuse(&token);
        }
        if std::mem::replace(&mut fetch.has_renewed, true) {
            // A new token that is refused has the remedy of a refused secret: only somebody at
            // Airalo or at the server can fix it.
            return self.fail(Failure::of(Problem::CredentialsRefused), now);
        }
        self.request(now)
    }

    /// Stores balances of this age. Their time is that of this machine's clock.
    fn store(&mut self, balances: Arc<[Balance]>, age: Duration, now: Now) {
        self.backoff = None;
        let stored_at = now.instant.checked_sub(age).unwrap_or(now.instant);
        let fetched_at = now.time.checked_sub(age).unwrap_or(now.time);
        let ahead = REFRESH_AHEAD * self.random.f64();
        let pause = if self.policy.keeps_history { LONGEST_PAUSE } else { Duration::MAX };
        let refresh_at = stored_at + self.policy.ttl.min(pause).mul_f64(1.0 - ahead).max(MIN_REFRESH);
        self.entry = Some(Entry { balances, fetched_at, stored_at, refresh_at });
    }

    /// Starts the backoff after a failed fetch.
    fn fail(&mut self, failure: Failure, now: Now) -> Action {
        let failures = self.backoff.as_ref().map_or(0, |backoff| backoff.failures).saturating_add(1);
        let retry_in = backoff::delay(&failure, failures, self.random.f64());
        let problem = failure.problem;
        self.backoff = Some(Backoff { problem, failures, retry_at: now.instant + retry_in });
        self.end(Update::Failure(SharedFailure { problem, failures, retry_in }), now)
    }

    /// The fetch has an outcome, which is shared.
    fn end(&mut self, update: Update, now: Now) -> Action {
        if let Some(fetch) = &mut self.fetch {
            fetch.stage = Stage::Sharing;
        }
        if !matches!(update, Update::Nothing) {
            self.outcomes += 1;
        }
        self.share(update, now)
    }

    fn share(&mut self, update: Update, now: Now) -> Action {
        if self.is_alone { self.go_on(now) } else { Action::Share(update) }
    }

    /// After a token the balances are next, and after the outcome nothing is.
    fn go_on(&mut self, now: Now) -> Action {
        match &self.fetch {
            Some(Fetch { stage: Stage::Requesting { .. }, .. }) => self.request(now),
            _ => self.finish(now),
        }
    }

    fn finish(&mut self, now: Now) -> Action {
        self.fetch = None;
        self.is_wanted = false;
        Action::Wait(self.due(now))
    }
}
