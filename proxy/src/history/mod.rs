//! What the balance was: recorded as it is read, and kept for 400 days.
//!
//! - `rules` says what is worth recording and what is too old. It takes the time as an argument.
//! - `growth` is what the samples tell of use and credit, for the metrics.
//! - `memory` has the samples that readers are answered from, and those that are not written yet.
//! - `store` is the SQLite file, or Redis for many replicas.
//! - `sync` keeps the two the same.
//! - `view` is what a reader gets of it.
//! - `csv` is the form in which samples come from other systems and go to them.

pub(crate) mod csv;
mod growth;
mod memory;
mod rules;
pub(crate) mod store;
mod sync;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use store::{Entry, RedisHistory, Series, SqliteHistory, Store, StoreError};
pub(crate) use view::{HistoryView, ViewId};

use crate::balances::Reading;
use crate::metrics::Metrics;
use airalo_balance::model::Currency;
use airalo_balance::model::history::{Forecast, Sample, forecast};

use growth::Growth;
use jiff::Timestamp;
use memory::{Memory, Part};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many days can be asked for.
pub(crate) const MOST_DAYS: u32 = rules::DAYS_KEPT as u32;

/// How old a forecast may become without a new sample.
const FORECAST_AGE: i64 = 900;

/// The history of one account. Clones share it.
///
/// One task calls [`record`](Self::record) and [`sync`](Self::sync); everybody else only reads.
#[derive(Clone, Debug)]
pub(crate) struct History(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    memory: Mutex<Memory>,
    metrics: Metrics,
    is_invented: bool,
}

impl History {
    /// A history without samples, which [`sync`](Self::sync) reads from the store.
    pub(crate) fn new(store: Store, account: &str, metrics: Metrics) -> Self {
        let memory = Mutex::new(Memory::new(account, 0));
        metrics.stores().history(true);
        Self(Arc::new(Inner { store, memory, metrics, is_invented: false }))
    }

    /// One that begins with samples that nobody has read from Airalo, and says so.
    pub(crate) async fn invented(
        store: Store,
        account: &str,
        metrics: Metrics,
        now: Timestamp,
        entries: &[Entry],
    ) -> Result<Self, StoreError> {
        store.write(account, entries.last().map(|entry| &entry.series), entries).await?;
        let memory = Mutex::new(Memory::new(account, 0));
        metrics.stores().history(true);
        let history = Self(Arc::new(Inner { store, memory, metrics, is_invented: true }));
        history.load(now).await?;
        Ok(history)
    }

    /// Reads all samples, where the proxy shall not start without them.
    pub(crate) async fn load(&self, now: Timestamp) -> Result<(), StoreError> {
        let account = self.lock().account.clone();
        self.try_read(&account, &[]).await?;
        self.update_forecast(now.as_second());
        Ok(())
    }

    /// Records a reading if it tells something new, and returns the forecast with it.
    ///
    /// A store that takes no samples keeps nobody waiting: they stay in memory until it does.
    pub(crate) async fn record(&self, reading: &Reading) -> Option<Forecast> {
        let now = reading.at.as_second();
        if self.lock().account != reading.account {
            // It was on its way while the credentials of another account came.
            return None;
        }
        let balances = reading.result.as_deref().unwrap_or_default();
        // First what other replicas have recorded, so that it is not recorded again.
        let is_read = self.read_store(&reading.account, balances).await;
        self.for_account(&reading.account, |memory| memory.take_reading(balances, now))?;
        if is_read {
            self.write(&reading.account, now).await;
        }
        self.update_forecast(now);
        self.forecast()
    }

    /// Takes what other processes have written, and writes what could not be written before.
    pub(crate) async fn sync(&self, now: Timestamp) {
        let now = now.as_second();
        let (account, revision, is_old, has_more) = {
            let memory = self.lock();
            let is_old = now - memory.forecast_at >= FORECAST_AGE;
            let has_more = memory.write_fails || memory.has_unwritten();
            (memory.account.clone(), memory.revision, is_old, has_more)
        };
        if self.read_store(&account, &[]).await && has_more {
            self.write(&account, now).await;
        }
        if is_old || self.lock().revision != revision {
            self.update_forecast(now);
        }
    }

    /// Closes the store, after which nothing is recorded.
    pub(crate) async fn close(&self) {
        self.0.store.close().await;
    }

    /// The history of another account from now on.
    pub(crate) fn use_account(&self, account: &str) {
        let mut memory = self.lock();
        if *memory.account != *account {
            *memory = Memory::new(account, memory.revision + 1);
        }
    }

    /// Has the next sync read everything: the store may be another one.
    pub(crate) fn read_again(&self) {
        self.lock().mark = None;
    }

    /// The forecast with the latest sample.
    pub(crate) fn forecast(&self) -> Option<Forecast> {
        self.lock().forecast
    }

    /// What a view of the last days would be made of. Two with the same id are the same.
    pub(crate) fn view_id(&self, days: u32, now: Timestamp) -> ViewId {
        ViewId::new(&self.lock(), days, now.as_second(), self.0.is_invented)
    }

    /// What a reader gets.
    pub(crate) fn view(&self, id: &ViewId) -> HistoryView {
        let (currency, samples) = self.samples();
        HistoryView::new(id, currency, &samples)
    }

    /// All samples of a view, for those who want to calculate with them.
    pub(crate) fn samples_of(&self, id: &ViewId) -> (Option<Currency>, Vec<Sample>) {
        let (currency, samples) = self.samples();
        (currency, id.within(&samples).to_vec())
    }

    fn samples(&self) -> (Option<Currency>, Part) {
        let memory = self.lock();
        let currency = memory.primary.as_ref().map(|primary| primary.currency.clone());
        (currency, memory.primary_samples().unwrap_or_default())
    }

    /// Readers need not wait while it is worked out.
    fn update_forecast(&self, now: i64) {
        let (account, samples) = {
            let memory = self.lock();
            (memory.account.clone(), memory.primary_samples())
        };
        let forecast = samples.and_then(|samples| forecast(rules::until(&samples, now).0, now));
        self.for_account(&account, |memory| {
            memory.forecast = forecast;
            memory.forecast_at = now;
        });
        self.0.metrics.days_left(forecast.map(|forecast| forecast.days_left));
    }

    fn count(&self, growth: Growth) {
        if let Some(amount) = growth.spent {
            self.0.metrics.spent(amount);
        }
        if let Some(amount) = growth.credited {
            self.0.metrics.credited(amount);
        }
    }

    /// The lock is never held across an await.
    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
