//! The steps of a fetch: the lease, the token, the balances, and what the other replicas are told.

use super::{Acquisition, Action, Event, Update};
use super::{
    Backoff, BalancesError, Failure, REQUESTS_PER_MINUTE, Shared, SharedBalances, SharedFailure, backoff,
};
use super::{Core, Entry, Fetch, Now, Stage};
use airalo_balance::model::{Balance, Problem};
use std::sync::Arc;
use std::time::Duration;

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

/// Replicas that start without the shared store ask Airalo at different times within this one. A reader
/// waits 9 s for the first balance, and Airalo needs some of them.
const START_SPREAD: Duration = Duration::from_secs(5);

impl Core {
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

    /// Takes what the other replicas know. Its times may be anything, and are limited here. Returns whether
    /// no fetch is needed any more.
    fn adopt(&mut self, shared: &Shared, now: Now) -> bool {
        self.is_alone = false;
        if let Some((token, lifetime)) = &shared.token {
            self.tokens.store(token.clone(), *lifetime, now.instant);
        }
        let mut is_settled = false;
        if let Some(SharedBalances { balances, age }) = &shared.balances
            && *age <= self.policy.ttl.max(self.policy.max_stale)
            && self.entry.as_ref().is_none_or(|entry| *age + SAME_AGE < entry.age(now.instant))
        {
            let refusal = self.refusal_that_stays(shared);
            self.store(balances.clone(), *age, now);
            if let (Some(refusal), Some(entry)) = (refusal, &self.entry) {
                let retry_at = refusal.retry_at.max(entry.refresh_at);
                self.backoff = Some(Backoff { retry_at, ..refusal });
            }
            let is_noticed = self.notice_due(now.instant).is_some_and(|at| at <= now.instant);
            is_settled = self.entry.as_ref().is_some_and(|entry| entry.refresh_at > now.instant);
            is_settled &= !is_noticed;
        }
        if let Some(SharedFailure { problem, failures, retry_in }) = shared.failure {
            let retry_in = backoff::shared_delay(retry_in);
            self.backoff = Some(Backoff { problem, failures, retry_at: now.instant + retry_in });
            is_settled |= !retry_in.is_zero();
        }
        if is_settled {
            self.outcomes += 1;
        }
        is_settled
    }

    /// The refusal of this replica's secret, unless the others have the same one. If they do, this
    /// replica can read their token.
    fn refusal_that_stays(&self, shared: &Shared) -> Option<Backoff> {
        let is_refusal = |backoff: &&Backoff| backoff.problem == Problem::CredentialsRefused;
        self.backoff.as_ref().filter(is_refusal).filter(|_| shared.token.is_none()).cloned()
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
        let reason = self.tokens.reason();
        // Without the store each replica counts only its own requests, so it makes fewer.
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
        match update {
            update if !self.is_alone => Action::Share(update),
            Update::Token(..) | Update::Nothing => self.go_on(now),
            outcome => Action::Report(outcome),
        }
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
