//! One request to Airalo, however many callers wait for it.

use crate::account::{Account, Failed};
use crate::cache::{Cache, Look, Rules, Served};
use crate::problem::Refusal;
use airalo_balance::model::{Balance, Problem};
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::watch;

/// What a caller gets.
pub(crate) type Outcome = Result<Served, Refusal>;

/// The balances of one account. A clone shows the same ones.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    account: Arc<Account>,
    desk: Arc<Mutex<Desk>>,
}

#[derive(Debug)]
struct Desk {
    cache: Cache,
    /// Where the outcome of the request under way will appear.
    flight: Option<watch::Receiver<Option<Outcome>>>,
}

impl Feed {
    pub(crate) fn new(account: Account, rules: Rules) -> Self {
        let desk = Desk { cache: Cache::new(rules), flight: None };
        Self { account: Arc::new(account), desk: Arc::new(Mutex::new(desk)) }
    }

    /// The balances for a caller who comes now, who may have to wait for Airalo.
    pub(crate) async fn balances(&self) -> Outcome {
        let mut flight = {
            let mut desk = self.desk();
            match desk.cache.look(Instant::now()) {
                Look::Serve(served) => return Ok(served),
                Look::Refuse(refusal) => return Err(refusal),
                Look::Fetch => desk.flight.get_or_insert_with(|| self.take_off(self.ask())).clone(),
            }
        };
        match flight.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Err(Problem::Internal.into())),
            Err(_) => Err(Problem::Internal.into()),
        }
    }

    /// What a caller would get without anybody asking Airalo.
    pub(crate) fn known(&self) -> Option<Served> {
        match self.desk().cache.look(Instant::now()) {
            Look::Serve(served) => Some(served),
            Look::Refuse(_) | Look::Fetch => None,
        }
    }

    fn ask(&self) -> impl Future<Output = Result<Vec<Balance>, Failed>> + Send + use<> {
        let account = self.account.clone();
        async move { account.balances().await }
    }

    /// Runs a request in a task of its own, so that a caller who leaves takes nobody along.
    fn take_off(
        &self,
        request: impl Future<Output = Result<Vec<Balance>, Failed>> + Send + 'static,
    ) -> watch::Receiver<Option<Outcome>> {
        let (landed, flight) = watch::channel(None);
        let feed = self.clone();
        tokio::spawn(async move {
            // One task more, so that even a panic lands: as a failure like any other.
            let result = tokio::spawn(request).await;
            landed.send_replace(Some(feed.land(result.unwrap_or_else(|error| Err(error.into())))));
        });
        flight
    }

    /// The one place where a failure is logged.
    fn land(&self, result: Result<Vec<Balance>, Failed>) -> Outcome {
        let mut desk = self.desk();
        desk.flight = None;
        let now = Instant::now();
        match result {
            Ok(balances) => {
                let failures = desk.cache.failures();
                let served = desk.cache.succeeded(balances, now, Timestamp::now());
                if failures > 0 {
                    tracing::info!(failures, "the balance is there again");
                }
                Ok(served)
            }
            Err(failed) => {
                let problem = failed.failure.problem();
                let asked_for = failed.failure.retry_after();
                let (look, pause) = desk.cache.failed(problem, asked_for, failed.least_pause(), now);
                tracing::warn!(problem = problem.as_str(), next_try_in_seconds = pause.as_secs(), "{failed}");
                match look {
                    Look::Serve(served) => Ok(served),
                    Look::Refuse(refusal) => Err(refusal),
                    Look::Fetch => Err(problem.into()),
                }
            }
        }
    }

    /// Never held while waiting. A panic elsewhere leaves nothing half done in it.
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Credentials, Timeouts};
    use crate::upstream::Partner;
    use std::time::Duration;

    fn feed() -> Feed {
        let credentials = Credentials { client_id: "id".into(), client_secret: "secret".into() };
        let nowhere = "http://127.0.0.1:1/".parse().unwrap();
        let partner = Partner::new(&nowhere, credentials, Timeouts::default()).unwrap();
        let rules = Rules { ttl: Duration::from_secs(60), max_stale: Duration::from_secs(60) };
        Feed::new(Account::new(partner, Duration::from_secs(5)), rules)
    }

    #[tokio::test]
    async fn a_panic_lands_as_a_failure_and_leaves_no_caller_waiting() {
        let feed = feed();
        let flight = feed.take_off(async { panic!("inner words") });
        feed.desk().flight = Some(flight.clone());

        let outcome = flight.clone().wait_for(Option::is_some).await.unwrap().clone();
        let Some(Err(refusal)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(refusal.problem, Problem::Internal);
        assert!(feed.desk().flight.is_none());
        assert_eq!(feed.balances().await.unwrap_err().problem, Problem::Internal);
    }
}
