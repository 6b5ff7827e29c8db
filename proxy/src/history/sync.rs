//! Keeps the samples in memory and those of the store the same.

use super::History;
use super::memory::{MOST_SERIES, Memory};
use super::rules;
use super::store::{Series, StoreError};
use airalo_balance::model::Balance;
use airalo_balance::model::date::DAY;

/// How many samples are written at once. A store that takes none is tried with so many.
const ENTRIES_AT_ONCE: usize = 500;

impl History {
    /// Reads the samples that were never read, and those that another process has changed. Returns
    /// whether the store can be read; otherwise it is not worth trying to write.
    pub(super) async fn read_store(&self, account: &str, balances: &[Balance]) -> bool {
        let result = self.try_read(account, balances).await;
        self.for_account(account, |memory| {
            memory.read_fails = result.is_err();
            if result.is_err() {
                // Then all of it is read again.
                memory.mark = None;
            }
        });
        let is_read = result.is_ok();
        self.log_change(result.err());
        is_read
    }

    pub(super) async fn try_read(&self, account: &str, balances: &[Balance]) -> Result<(), StoreError> {
        let store = &self.0.store;
        let mark = store.mark(account).await?;
        let in_memory =
            self.for_account(account, |memory| (memory.mark, memory.known_series(), memory.primary.clone()));
        let Some((known_mark, known, primary)) = in_memory else { return Ok(()) };
        let is_known = |series: &Series| known.iter().any(|(known, _)| known == series);
        let mut wanted: Vec<_> = balances.iter().take(MOST_SERIES).map(Series::of).collect();
        wanted.retain(|series| !is_known(series));
        let is_changed = known_mark != Some(mark);
        let mut stored_primary = None;
        if is_changed {
            stored_primary = store.primary(account).await?;
            wanted.extend(known.iter().map(|(series, _)| series.clone()));
            // In all its currencies, which tell when it has changed them.
            let is_primary = |series: &Series| {
                [&primary, &stored_primary].into_iter().flatten().any(|primary| primary.name == series.name)
            };
            for series in store.all_series(account).await?.into_iter().filter(is_primary) {
                if !wanted.contains(&series) {
                    wanted.push(series);
                }
            }
        }
        let is_appended = known_mark.is_some_and(|known| mark.is_appended_to(known));
        for series in wanted {
            let newest = known.iter().find(|(known, _)| *known == series).and_then(|(_, newest)| *newest);
            let from = newest.filter(|_| is_appended).map(|at| at + 1);
            let samples = store.load(account, &series, from.unwrap_or(i64::MIN)).await?;
            self.for_account(account, |memory| memory.take_stored(&series, samples, from.is_none()));
        }
        self.for_account(account, |memory| {
            // Otherwise the store was replaced meanwhile, and is read again.
            if memory.mark == known_mark {
                memory.take_mark(mark, stored_primary);
            }
        });
        Ok(())
    }

    /// Writes what is not written yet, and deletes what is too old.
    pub(super) async fn write(&self, account: &str, now: i64) {
        let result = self.try_write(account, now).await;
        self.for_account(account, |memory| memory.write_fails = result.is_err());
        self.log_change(result.err());
    }

    async fn try_write(&self, account: &str, now: i64) -> Result<(), StoreError> {
        let in_memory = self.for_account(account, |memory| {
            (memory.try_unwritten(), memory.primary.clone(), !memory.is_primary_written)
        });
        let Some((entries, primary, is_primary_new)) = in_memory else { return Ok(()) };
        let only_primary =
            (entries.is_empty() && primary.is_some() && is_primary_new).then_some(&entries[..]);
        for part in entries.chunks(ENTRIES_AT_ONCE).chain(only_primary) {
            let (before, after) = self.0.store.write(account, primary.as_ref(), part).await?;
            if self.for_account(account, |memory| memory.mark) != Some(Some(before)) {
                // Another process has written after the samples were read, perhaps the same ones.
                self.try_read(account, &[]).await?;
            }
            let growth =
                self.for_account(account, |memory| memory.take_written(part.len(), before, after, now));
            self.count(growth.unwrap_or_default());
        }
        self.clean(account, now).await
    }

    /// Deletes what is too old, once a day, and what a wrong clock has written.
    async fn clean(&self, account: &str, now: i64) -> Result<(), StoreError> {
        let Some((all, is_cleaned)) = self.for_account(account, |memory| memory.to_clean(now)) else {
            return Ok(());
        };
        for (series, samples) in all {
            let times = rules::to_delete(&samples, now, !is_cleaned);
            drop(samples);
            if !times.is_empty() {
                self.0.store.delete(account, &series, times.clone()).await?;
                self.for_account(account, |memory| memory.take_deleted(&series, &times));
            }
        }
        self.for_account(account, |memory| memory.cleaned_on = Some(now.div_euclid(DAY)));
        Ok(())
    }

    /// Reads or changes the samples, unless they are of another account by now.
    pub(super) fn for_account<T>(&self, account: &str, change: impl FnOnce(&mut Memory) -> T) -> Option<T> {
        let mut memory = self.lock();
        (*memory.account == *account).then(|| change(&mut memory))
    }

    /// The log has one line when the store begins to fail, and one when that is over.
    fn log_change(&self, error: Option<StoreError>) {
        let fails = {
            let mut memory = self.lock();
            let fails = memory.read_fails || memory.write_fails;
            self.0.metrics.stores().history(!fails);
            if std::mem::replace(&mut memory.is_failing, fails) == fails {
                return;
            }
            memory.revision += 1;
            fails
        };
        match error {
            Some(error) => {
                tracing::warn!("the history goes on in memory until it can be read and written: {error}")
            }
            None if !fails => tracing::info!("the history is read and written again"),
            None => {}
        }
    }
}
