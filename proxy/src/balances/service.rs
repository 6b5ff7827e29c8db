//! A single flight: one fetch from Airalo, however many callers wait for it.

use super::cache::{BalanceResult, Cache, CacheDecision, CachePolicy, CachedBalances};
use crate::upstream::{Account, FetchError};
use airalo_balance::model::{Balance, Problem};
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::watch;

/// `None` until the fetch has finished.
type InFlight = watch::Receiver<Option<BalanceResult>>;

/// Serves the balances of one account. Clones share their state.
#[derive(Clone, Debug)]
pub(crate) struct BalanceService {
    account: Arc<Account>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    cache: Cache,
    /// The result of the running fetch, if there is one. All callers wait for the same one.
    in_flight: Option<InFlight>,
}

impl BalanceService {
    pub(crate) fn new(account: Account, policy: CachePolicy) -> Self {
        let state = State { cache: Cache::new(policy), in_flight: None };
        Self { account: Arc::new(account), state: Arc::new(Mutex::new(state)) }
    }

    /// The balances for a caller. Fetches them from Airalo if the cache says so.
    pub(crate) async fn get(&self) -> BalanceResult {
        let mut in_flight = {
            let mut state = self.lock();
            match state.cache.lookup(Instant::now()) {
                CacheDecision::Respond(result) => return result,
                CacheDecision::Fetch => {
                    state.in_flight.get_or_insert_with(|| self.start_fetch(self.fetch())).clone()
                }
            }
        };
        match in_flight.wait_for(Option::is_some).await {
            Ok(result) => result.clone().unwrap_or(Err(Problem::Internal.into())),
            Err(_) => Err(Problem::Internal.into()),
        }
    }

    /// The balances that can be served without asking Airalo.
    pub(crate) fn cached(&self) -> Option<CachedBalances> {
        match self.lock().cache.lookup(Instant::now()) {
            CacheDecision::Respond(result) => result.ok(),
            CacheDecision::Fetch => None,
        }
    }

    fn fetch(&self) -> impl Future<Output = Result<Vec<Balance>, FetchError>> + Send + use<> {
        let account = self.account.clone();
        async move { account.fetch_balances().await }
    }

    /// Runs a fetch in a task of its own, so that it continues when the first caller disconnects.
    fn start_fetch(
        &self,
        fetch: impl Future<Output = Result<Vec<Balance>, FetchError>> + Send + 'static,
    ) -> InFlight {
        let (sender, in_flight) = watch::channel(None);
        let service = self.clone();
        tokio::spawn(async move {
            // The inner task turns a panic into an error, so that the callers always get a result.
            let result = tokio::spawn(fetch).await.unwrap_or_else(|error| Err(error.into()));
            sender.send_replace(Some(service.finish_fetch(result)));
        });
        in_flight
    }

    /// Stores the result of a fetch. This is the only place that logs its errors.
    fn finish_fetch(&self, result: Result<Vec<Balance>, FetchError>) -> BalanceResult {
        let mut state = self.lock();
        state.in_flight = None;
        let now = Instant::now();
        match result {
            Ok(balances) => {
                let failures = state.cache.failures();
                if failures > 0 {
                    tracing::info!(failures, "the balance is available again");
                }
                Ok(state.cache.store(balances, now, Timestamp::now()))
            }
            Err(fetch_error) => {
                let problem = fetch_error.error.problem();
                let retry_after = fetch_error.error.retry_after();
                let (result, delay) =
                    state.cache.back_off(problem, retry_after, fetch_error.min_backoff(), now);
                tracing::warn!(
                    problem = problem.as_str(),
                    next_try_in_seconds = delay.as_secs(),
                    "{fetch_error}"
                );
                result
            }
        }
    }

    /// The lock is never held across an await. No panic can leave the state half changed, so a
    /// poisoned lock is used all the same.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Credentials, Timeouts};
    use crate::upstream::PartnerClient;
    use std::time::Duration;

    fn service() -> BalanceService {
        let credentials = Credentials { client_id: "id".into(), client_secret: "secret".into() };
        let unused_url = "http://127.0.0.1:1/".parse().unwrap();
        let client = PartnerClient::new(&unused_url, credentials, None, Timeouts::default()).unwrap();
        let policy = CachePolicy { ttl: Duration::from_secs(60), max_stale: Duration::from_secs(60) };
        BalanceService::new(Account::new(client, Duration::from_secs(5)), policy)
    }

    #[tokio::test]
    async fn a_panic_becomes_an_error_and_leaves_no_caller_waiting() {
        let service = service();
        let in_flight = service.start_fetch(async { panic!("inner words") });
        service.lock().in_flight = Some(in_flight.clone());

        let result = in_flight.clone().wait_for(Option::is_some).await.unwrap().clone();
        let Some(Err(details)) = result else { panic!("{result:?}") };
        assert_eq!(details.problem, Problem::Internal);
        assert!(service.lock().in_flight.is_none());
        assert_eq!(service.get().await.unwrap_err().problem, Problem::Internal);
    }
}
