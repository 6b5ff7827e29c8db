//! The tasks that deliver what waits in the store, one for each channel.

use super::Shared;
use super::channels::{Channel, SendError};
use super::store::{Claim, Message, Outcome, StoreError};
use futures_util::FutureExt;
use jiff::Timestamp;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How soon a delivery is recorded after the store has failed to.
const SETTLE_AGAIN: Duration = Duration::from_secs(1);

/// When an attempt is made again. There are no variables for it.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// The delay after the first attempt that fails. It doubles with each one.
    pub first_delay: Duration,
    /// The longest delay.
    pub max_delay: Duration,
    /// A message that is older is given up after its next attempt.
    pub give_up_after: Duration,
    /// How much longer than the longest attempt a lease lasts. Its holder alone delivers.
    pub lease_margin: Duration,
    /// How often to look for what another process has left behind.
    pub poll: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            first_delay: Duration::from_secs(5),
            max_delay: Duration::from_secs(60 * 60),
            give_up_after: Duration::from_secs(3 * 24 * 60 * 60),
            lease_margin: Duration::from_secs(5),
            poll: Duration::from_secs(15),
        }
    }
}

impl RetryPolicy {
    /// The delay after this many failures in a row. `random` is between 0 and 1.
    fn delay(&self, failures: u32, random: f64) -> Duration {
        let doubled = self.first_delay.saturating_mul(1 << failures.saturating_sub(1).min(20));
        doubled.min(self.max_delay).mul_f64(1.0 - 0.2 * random)
    }
}

/// Delivers until it is stopped, and then ends with the attempts under way.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut tasks = JoinSet::new();
    for name in shared.channel_names() {
        let (queued, stopping) = (shared.queued.subscribe(), shared.stopping.subscribe());
        tasks.spawn(deliver_to(name, shared.clone(), queued, stopping));
    }
    tasks.join_all().await;
    // The proxy stops when one of its tasks ends, so this one waits also where there is no channel.
    let _ = shared.stopping.subscribe().wait_for(|is_stopping| *is_stopping).await;
}

async fn deliver_to(
    name: String,
    shared: Arc<Shared>,
    mut queued: watch::Receiver<()>,
    mut stopping: watch::Receiver<bool>,
) {
    while !*stopping.borrow() {
        queued.borrow_and_update();
        let wait = match deliver_next(&name, &shared).await {
            Ok(wait) => {
                shared.store_answers(&name);
                wait
            }
            Err(error) => {
                shared.store_fails(&name, &error);
                Some(shared.retry.poll)
            }
        };
        let wait = wait.unwrap_or(shared.retry.poll).min(shared.retry.poll);
        if !wait.is_zero() {
            // Both senders live as long as this task.
            tokio::select! {
                _ = timeout(wait, queued.changed()) => {}
                _ = stopping.wait_for(|is_stopping| *is_stopping) => {}
            }
        }
    }
}

/// Makes an attempt if one is due. Returns how long to wait for the next one.
async fn deliver_next(name: &str, shared: &Shared) -> Result<Option<Duration>, StoreError> {
    // A reload may have replaced it, but not its name.
    let Some(channel) = shared.channel(name) else { return Ok(None) };
    let lease = channel.time_limit() + shared.retry.lease_margin;
    let (message, failures) = match shared.store.claim(name, lease).await? {
        Claim::Message { message, failures } => (message, failures),
        Claim::Wait(wait) => return Ok(wait),
    };
    let outcome = attempt(&channel, &message, failures, shared).await;
    while let Err(error) = shared.store.settle(name, &message, outcome).await {
        // What has failed is tried again when the lease ends. What has arrived would arrive again.
        if outcome != Outcome::Done {
            return Err(error);
        }
        shared.store_fails(name, &error);
        sleep(SETTLE_AGAIN).await;
    }
    Ok(Some(Duration::ZERO))
}

/// A panic is a failed attempt: it would otherwise stop the proxy, at each start again.
async fn without_panic(sending: impl Future<Output = Result<(), SendError>>) -> Result<(), SendError> {
    let sent = AssertUnwindSafe(sending).catch_unwind().await;
    sent.unwrap_or_else(|_| Err(SendError::new("the delivery has panicked")))
}

async fn attempt(channel: &Channel, message: &Message, failures: u32, shared: &Shared) -> Outcome {
    let now = Timestamp::now();
    let (kind, event) = (channel.kind(), message.alert.kind.as_str());
    let sent = without_panic(channel.send(message, now)).await;
    // The name has the address, because each recipient is a channel.
    let channel = channel.name.as_str();
    let Err(error) = sent else {
        shared.metrics.notifications().count(kind, "delivered");
        tracing::info!(channel, event, "an alert was delivered");
        return Outcome::Done;
    };
    shared.metrics.notifications().count(kind, "failed");
    let age = now.duration_since(message.alert.at);
    if age.is_positive() && age.unsigned_abs() > shared.retry.give_up_after {
        shared.metrics.notifications().count(kind, "dropped");
        tracing::error!(channel, event, "an alert could not be delivered and is given up: {error}");
        return Outcome::Done;
    }
    let delay = shared.retry.delay(failures.saturating_add(1), fastrand::f64());
    let next_try_in_seconds = delay.as_secs();
    tracing::warn!(channel, event, next_try_in_seconds, "an alert could not be delivered: {error}");
    if error.is_refusal { Outcome::Behind(delay) } else { Outcome::Later(delay) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_attempt_that_panics_has_failed() {
        assert!(without_panic(async { panic!("for a test") }).await.is_err());
        assert!(without_panic(async { Ok(()) }).await.is_ok());
    }

    #[test]
    fn the_delay_doubles_up_to_an_hour_and_replicas_are_spread() {
        let policy = RetryPolicy::default();
        let seconds = |failures| policy.delay(failures, 0.0).as_secs();
        assert_eq!([1, 2, 3, 10, 11, u32::MAX].map(seconds), [5, 10, 20, 2560, 3600, 3600]);
        assert_eq!(policy.delay(1, 1.0), Duration::from_secs(4));
    }
}
