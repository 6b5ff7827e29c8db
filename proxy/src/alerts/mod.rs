//! Somebody is told, with no page open, that the credit gets low or that it cannot be read.
//!
//! - `core` decides what a reading leads to. It does not wait, and it takes the time as an argument.
//! - `store` keeps what was told and what is still to be told, over restarts and among replicas.
//! - `delivery` has a task for each channel, which tries until the message has arrived.
//! - `channels` are the webhook and mail; `text` and `body` are the words and the JSON.

mod alert;
mod body;
mod channels;
mod core;
mod delivery;
mod store;
mod text;

pub(crate) use channels::parse_key;
pub use delivery::RetryPolicy;
pub(crate) use store::{AlertStore, RedisAlerts, SqliteAlerts};

use self::core::Rules;
use crate::balances::Reading;
use crate::config::AlertsConfig;
use crate::metrics::Metrics;
use airalo_balance::model::history::Forecast;
use alert::Alert;
use arc_swap::ArcSwap;
use channels::{Channel, SendError};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Message, StoreError};
use tokio::sync::watch;

/// The target of the lines that tell of an alert.
pub(crate) const LOG_TARGET: &str = module_path!();

/// What the store is asked for with each reading, beside the deliveries of each channel.
const RAISING: &str = "";

/// Raises alerts and delivers them. Clones share their state.
#[derive(Clone, Debug)]
pub(crate) struct Alerts(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    store: AlertStore,
    rules: Rules,
    retry: RetryPolicy,
    channels: ArcSwap<Vec<Channel>>,
    /// Changes with each message that is queued here.
    queued: watch::Sender<()>,
    stopping: watch::Sender<bool>,
    /// What the store has failed at, and not done since: the name of a channel, or [`RAISING`].
    failing: Mutex<BTreeSet<String>>,
    metrics: Metrics,
}

impl Alerts {
    /// # Errors
    ///
    /// When encrypted connections cannot be prepared.
    pub(crate) fn new(store: AlertStore, config: &AlertsConfig, metrics: Metrics) -> Result<Self, String> {
        let rules =
            Rules { amounts: config.amounts, days: config.days, unreadable_after: config.unreadable_after };
        let channels = Channel::all(config)?;
        metrics.stores().alerts(true);
        for channel in &channels {
            metrics.notifications().begin(channel.kind());
        }
        Ok(Self(Arc::new(Shared {
            store,
            rules,
            retry: config.retry,
            channels: ArcSwap::from_pointee(channels),
            queued: watch::Sender::new(()),
            stopping: watch::Sender::new(false),
            failing: Mutex::default(),
            metrics,
        })))
    }

    /// Takes a reading of this replica, and queues the alerts that follow from it.
    ///
    /// Where the store fails, the next reading finds the state as it was, and raises them then.
    pub(crate) async fn evaluate(&self, reading: &Reading, forecast: Option<&Forecast>) {
        let shared = &*self.0;
        let account = reading.account.clone();
        let (reading, forecast, rules) = (reading.clone(), forecast.copied(), shared.rules.clone());
        let change = Arc::new(move |state: core::State| state.evaluate(&reading, forecast.as_ref(), &rules));
        match shared.store.change(&account, &shared.channel_names(), change).await {
            Ok(alerts) => {
                shared.store_answers(RAISING);
                for alert in &alerts {
                    tracing::warn!(event = alert.kind.as_str(), "{}", alert.title());
                }
                if !alerts.is_empty() {
                    shared.queued.send_replace(());
                }
            }
            Err(error) => shared.store_fails(RAISING, &error),
        }
    }

    /// Delivers what is queued, until it is told to stop.
    pub(crate) async fn deliver(self) {
        match self.0.store.forget_other_channels(&self.0.channel_names()).await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "alerts for channels that are no longer set are dropped"),
            Err(error) => self.0.store_fails(RAISING, &error),
        }
        delivery::run(self.0).await;
    }

    /// Has the deliveries end with the attempts under way. What waits is for the next process.
    pub(crate) fn stop_delivering(&self) {
        self.0.stopping.send_replace(true);
    }

    /// Closes the store, after which nothing is raised or delivered.
    pub(crate) async fn close(&self) {
        self.0.store.close().await;
    }

    /// The account of the readings from now on. What waits of the one before is delivered as well.
    pub(crate) fn use_account(&self, account: &str) {
        self.0.store.use_account(account);
        self.0.queued.send_replace(());
    }

    /// Uses the secrets of a configuration that was read again.
    pub(crate) fn replace_secrets(&self, config: &AlertsConfig) {
        match Channel::all(config) {
            Ok(channels) => self.0.channels.store(Arc::new(channels)),
            Err(error) => tracing::error!("the channels of alerts stay as they are: {error}"),
        }
    }
}

impl Shared {
    fn channel_names(&self) -> Vec<String> {
        self.channels.load().iter().map(|channel| channel.name.clone()).collect()
    }

    fn channel(&self, name: &str) -> Option<Channel> {
        self.channels.load().iter().find(|channel| channel.name == name).cloned()
    }

    /// The log has one line when the store begins to fail, and one when that is over. A store that takes
    /// no message may still be asked for one, so what has failed counts until it is done.
    fn store_fails(&self, what: &str, error: &StoreError) {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        let was_good = failing.is_empty();
        failing.insert(what.to_owned());
        self.metrics.stores().alerts(false);
        drop(failing);
        if was_good {
            tracing::error!("alerts wait, because their store cannot be used: {error}");
        }
    }

    fn store_answers(&self, what: &str) {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = failing.remove(what) && failing.is_empty();
        if is_over {
            self.metrics.stores().alerts(true);
        }
        drop(failing);
        if is_over {
            tracing::info!("the store of the alerts can be used again");
        }
    }
}

/// Sends a test alert to each channel, and returns what came of it.
///
/// # Errors
///
/// When encrypted connections cannot be prepared.
pub(crate) async fn send_test(config: &AlertsConfig) -> Result<Vec<(String, Result<(), SendError>)>, String> {
    let now = Timestamp::now();
    let mut results = Vec::new();
    for channel in Channel::all(config)? {
        let message = Message { id: store::new_id(), alert: Alert::test(now) };
        let result = channel.send(&message, now).await;
        results.push((channel.name, result));
    }
    Ok(results)
}
