//! What the routes ask for a balance.

use super::core::{Action, Answer, BalanceResult, CachedBalances, Core, Event, Now, Policy};
use super::refresher::Refresher;
use super::store::Store;
use crate::config::Credentials;
use crate::metrics::Metrics;
use crate::upstream::PartnerClient;
use airalo_balance::model::Problem;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

/// How long a reader waits for a newer balance when there is an older one.
const PATIENCE: Duration = Duration::from_millis(300);

/// How a reader was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheResult {
    /// By a fresh balance.
    Hit,
    /// By a balance that is not fresh, without waiting or after waiting in vain.
    Stale,
    /// By the problem of the latest fetch.
    Error,
    /// By a fetch, because there was no balance.
    Miss,
    /// By a fetch, because the balance was too old.
    Expired,
}

impl CacheResult {
    /// The value of a label.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Stale => "stale",
            Self::Error => "error",
            Self::Miss => "miss",
            Self::Expired => "expired",
        }
    }

    /// That of a result for which nobody has waited.
    fn without_fetch(result: &BalanceResult) -> Self {
        match result {
            Ok(cached) if cached.stale.is_some() => Self::Stale,
            Ok(_) => Self::Hit,
            Err(_) => Self::Error,
        }
    }
}

/// Serves the balances of one account. Clones share their state.
#[derive(Clone, Debug)]
pub(crate) struct BalanceService {
    state: Arc<State>,
    /// How long a reader waits when there is nothing else to serve.
    fetch_timeout: Duration,
}

/// What the service and its refresher share.
#[derive(Debug)]
pub(super) struct State {
    core: Mutex<Core>,
    /// Interrupts a wait of the refresher.
    wake: Notify,
    outcomes: watch::Sender<u64>,
    new_credentials: Mutex<Option<Credentials>>,
    metrics: Metrics,
}

impl BalanceService {
    /// The service, and its refresher, without which no balance ever arrives.
    pub(crate) fn new(
        client: PartnerClient,
        store: Store,
        policy: Policy,
        metrics: Metrics,
    ) -> (Self, Refresher) {
        let state = Arc::new(State {
            core: Mutex::new(Core::new(policy, fastrand::u64(..))),
            wake: Notify::new(),
            outcomes: watch::Sender::new(0),
            new_credentials: Mutex::new(None),
            metrics,
        });
        let refresher = Refresher::new(state.clone(), client, store);
        (Self { state, fetch_timeout: policy.fetch_timeout }, refresher)
    }

    /// The balances for a reader, who waits briefly for newer ones if they are not fresh.
    pub(crate) async fn get(&self) -> (BalanceResult, CacheResult) {
        let (answer, seen) = self.state.update(|core, now| (core.read(now), core.outcomes()));
        let otherwise = match answer {
            Answer::Ready(result) => {
                let how = CacheResult::without_fetch(&result);
                return (result, how);
            }
            Answer::Wait { otherwise } => otherwise,
        };
        let patience = if otherwise.is_some() { PATIENCE } else { self.fetch_timeout };
        let mut outcomes = self.state.outcomes.subscribe();
        // It fails when the time is over; the sender lives as long as this service.
        let outcome = match timeout(patience, outcomes.wait_for(|outcomes| *outcomes > seen)).await {
            Ok(_) => self.state.lock().outcome(now()),
            Err(_) => None,
        };
        let was_empty = otherwise.as_ref().is_none_or(Result::is_err);
        match (outcome, otherwise) {
            (Some(outcome), _) => (outcome, if was_empty { CacheResult::Miss } else { CacheResult::Expired }),
            (None, Some(otherwise)) => {
                let how = CacheResult::without_fetch(&otherwise);
                (otherwise, how)
            }
            (None, None) => (Err(Problem::UpstreamTimeout.into()), CacheResult::Miss),
        }
    }

    /// The balances that can be served without waiting. Reading a page counts as a reader.
    pub(crate) fn cached(&self) -> Option<CachedBalances> {
        self.state.update(|core, now| {
            let _ = core.read(now);
            core.cached(now)
        })
    }

    /// Has Airalo asked soon, because it says that the balance is another one. A flood of notices is one
    /// line of the log for each request that is made for them.
    pub(crate) fn notice(&self) {
        if self.state.update(|core, _| core.notice()) {
            tracing::info!("Airalo says that credit was used, and is asked for the balance");
        }
    }

    /// Whether Airalo has refused the credentials, which only the operator can mend.
    pub(crate) fn credentials_are_refused(&self) -> bool {
        let core = self.state.lock();
        core.backoff().is_some_and(|backoff| backoff.problem == Problem::CredentialsRefused)
    }

    /// Asks Airalo with other credentials from now on.
    pub(crate) fn replace_credentials(&self, credentials: Credentials) {
        *self.state.new_credentials.lock().unwrap_or_else(PoisonError::into_inner) = Some(credentials);
        self.state.wake.notify_one();
    }
}

impl State {
    /// Tells the core something. Wakes the refresher if that changes when it is to ask Airalo.
    fn update<T>(&self, tell: impl FnOnce(&mut Core, Now) -> T) -> T {
        let now = now();
        let mut core = self.lock();
        let due = core.due(now);
        let result = tell(&mut core, now);
        let is_due_earlier = core.due(now) != due;
        drop(core);
        if is_due_earlier {
            self.wake.notify_one();
        }
        result
    }

    /// Takes a step of the core, and tells the readers that wait if it has an outcome.
    pub(super) fn step(&self, event: Event) -> Action {
        let (action, outcomes, cached) = {
            let mut core = self.lock();
            let failures = core.backoff().map_or(0, |backoff| backoff.failures);
            let was_put_off = core.put_off_until().is_some();
            let now = now();
            let action = core.step(event, now);
            log_change(failures, &core, now);
            if let Some(at) = core.put_off_until().filter(|_| !was_put_off) {
                let first_try_in_seconds = at.saturating_duration_since(now.instant).as_secs_f64().ceil();
                tracing::info!(
                    first_try_in_seconds,
                    "without REDIS_URL Airalo is asked a little later, apart from other replicas that start"
                );
            }
            (action, core.outcomes(), core.cached(now))
        };
        let has_outcome =
            self.outcomes.send_if_modified(|known| std::mem::replace(known, outcomes) != outcomes);
        if let Some(cached) = cached.filter(|_| has_outcome) {
            self.metrics.balances(&cached.balances, cached.fetched_at);
        }
        action
    }

    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    pub(super) fn take_credentials(&self) -> Option<Credentials> {
        self.new_credentials.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn replace_credentials(&self, is_same_account: bool) {
        tracing::info!("the new credentials are tried");
        self.lock().replace_credentials(is_same_account);
    }

    /// The lock is never held across an await. No panic can leave the state half changed, so a
    /// poisoned lock is used all the same.
    fn lock(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The core reads no clock.
fn now() -> Now {
    Now { instant: Instant::now(), time: Timestamp::now() }
}

/// Says in the log when Airalo is asked again, and when it answers again.
fn log_change(failures_before: u32, core: &Core, now: Now) {
    match core.backoff() {
        Some(backoff) if backoff.failures != failures_before => tracing::warn!(
            problem = backoff.problem.as_str(),
            failures = backoff.failures,
            next_try_in_seconds = backoff.retry_at.saturating_duration_since(now.instant).as_secs(),
            "no balance from Airalo"
        ),
        None if failures_before > 0 => {
            tracing::info!(failures = failures_before, "the balance is available again");
        }
        _ => {}
    }
}
