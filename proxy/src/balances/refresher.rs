//! The task that does what the core decides. It is the only one that asks Airalo.

use super::core::{
    AccessToken, Action, BalancesError, Event, Failure, Reading, TokenReason, Update, usable_lifetime,
};
use super::service::State;
use super::store::{Sharing, Store, TokenPermit};
use crate::upstream::{Endpoint, PartnerClient, UpstreamError};
use airalo_balance::model::Balance;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::{sleep_until, timeout_at};

/// Fetches balances from Airalo for a [`BalanceService`](super::BalanceService).
#[derive(Debug)]
pub(crate) struct Refresher {
    state: Arc<State>,
    client: Arc<PartnerClient>,
    store: Store,
    readings: Option<mpsc::Sender<Reading>>,
}

impl Refresher {
    pub(super) fn new(state: Arc<State>, client: PartnerClient, store: Store) -> Self {
        Self { state, client: Arc::new(client), store, readings: None }
    }

    /// Reports each fetch of this replica, from now on.
    pub(crate) fn report_to(&mut self, readings: mpsc::Sender<Reading>) {
        self.readings = Some(readings);
    }

    /// Runs for ever. No panic of a request ends it.
    pub(crate) async fn run(mut self) {
        let mut event = Event::Woken;
        loop {
            event = match self.state.step(event) {
                Action::Wait(until) => {
                    self.wait(until).await;
                    Event::Woken
                }
                Action::Acquire => Event::Acquired(self.store.acquire().await),
                Action::RequestToken { reason, deadline } => {
                    Event::Token(self.request_token(reason, deadline).await)
                }
                Action::RequestBalances { token, deadline } => {
                    Event::Balances(self.request_balances(token, deadline).await)
                }
                Action::Share(update) => {
                    match self.store.share(&update).await {
                        Sharing::Shared | Sharing::Unknown => self.report(update),
                        // Another replica knows something newer, and reports that.
                        Sharing::LeaseLost => {}
                    }
                    Event::Shared
                }
                Action::Report(update) => {
                    self.report(update);
                    Event::Shared
                }
            };
        }
    }

    /// Waits until this time, or until the service wakes the refresher.
    async fn wait(&mut self, until: Option<Instant>) {
        let woken = self.state.woken();
        match until {
            Some(until) => tokio::select! {
                () = woken => {}
                () = sleep_until(until.into()) => {}
            },
            None => woken.await,
        }
        // A reload for a new build brings the same ones, and a token that is good.
        let credentials = self.state.take_credentials();
        if let Some(credentials) = credentials.filter(|credentials| !self.client.has(credentials)) {
            let is_same_account = self.client.is_same_account(&credentials);
            self.client = Arc::new(self.client.with_credentials(credentials));
            let store = std::mem::replace(&mut self.store, Store::Local);
            self.store = store.with_account(&self.client.account(), self.client.secret());
            self.state.replace_credentials(is_same_account);
        }
    }

    /// The balance does not wait for the history: what it cannot take is missing there.
    fn report(&self, update: Update) {
        let Some(readings) = &self.readings else { return };
        let result = match update {
            Update::Balances(balances) => Ok(balances),
            Update::Failure(failure) => Err(failure.problem),
            Update::Token(..) | Update::Nothing => return,
        };
        let reading = Reading { account: self.client.account().into(), at: Timestamp::now(), result };
        if readings.try_send(reading).is_err() {
            tracing::warn!("a reading is missing in the history, which is too slow");
        }
    }

    async fn request_token(
        &self,
        reason: TokenReason,
        deadline: Instant,
    ) -> Result<(AccessToken, Duration), Failure> {
        if let TokenPermit::Denied(wait) = self.store.acquire_token_request().await {
            return Err(Failure::rate_limited(wait));
        }
        let client = self.client.clone();
        let response = within(deadline, async move { client.request_token().await }).await;
        let response = response.map_err(|error| log_failure(Endpoint::Token, &error))?;
        tracing::debug!(reason = reason.as_str(), "a token was issued");
        self.client.metrics().token_renewal(reason.as_str());
        Ok((AccessToken::new(response.access_token), usable_lifetime(response.expires_in)))
    }

    async fn request_balances(
        &self,
        token: AccessToken,
        deadline: Instant,
    ) -> Result<Arc<[Balance]>, BalancesError> {
        let client = self.client.clone();
        let request = async move { client.request_balances(token.secret()).await };
        match within(deadline, request).await {
            Ok(balances) => Ok(balances.into()),
            Err(UpstreamError::TokenRefused) => {
                tracing::debug!("the token is refused");
                Err(BalancesError::TokenRefused)
            }
            Err(error) => Err(BalancesError::Other(log_failure(Endpoint::Balance, &error))),
        }
    }
}

/// Runs a request in a task of its own, which turns a panic into an error.
async fn within<T: Send + 'static>(
    deadline: Instant,
    request: impl Future<Output = Result<T, UpstreamError>> + Send + 'static,
) -> Result<T, UpstreamError> {
    match timeout_at(deadline.into(), tokio::spawn(request)).await {
        Ok(result) => result.unwrap_or_else(|error| Err(error.into())),
        Err(_) => Err(UpstreamError::Timeout),
    }
}

/// Says in the log why a request failed, which clients are not told.
fn log_failure(endpoint: Endpoint, error: &UpstreamError) -> Failure {
    let failure = error.failure(endpoint);
    tracing::warn!(problem = failure.problem.as_str(), "failed to get {}: {error}", endpoint.name());
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_that_panics_is_an_error_and_not_the_end_of_the_refresher() {
        let deadline = Instant::now() + Duration::from_secs(5);
        let result: Result<(), _> = within(deadline, async { panic!("inner words") }).await;
        let failure = log_failure(Endpoint::Balance, &result.unwrap_err());
        assert_eq!(failure, Failure::of(airalo_balance::model::Problem::Internal));
    }
}
