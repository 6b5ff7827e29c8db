//! Samples in the SQLite file of the only replica.

use super::{Entry, Mark, Series, StoreError};
use crate::database::Database;
use airalo_balance::model::Currency;
use airalo_balance::model::history::Sample;
use tokio_rusqlite::rusqlite::{
    Connection, OptionalExtension, Result, Row, Transaction, TransactionBehavior, params,
};

const PRIMARY: &str = "
    SELECT name, currency FROM series JOIN primary_series ON primary_series.series = series.id
    WHERE primary_series.account = ?1";

const ALL_SERIES: &str = "SELECT name, currency FROM series WHERE account = ?1 ORDER BY id";

const OTHER_ACCOUNTS: &str = "SELECT count(DISTINCT account) FROM series WHERE account <> ?1";

const LOAD: &str = "
    SELECT at, amount FROM sample JOIN series ON series.id = sample.series
    WHERE account = ?1 AND name = ?2 AND currency = ?3 AND at >= ?4 ORDER BY at";

const SERIES_ID: &str = "
    INSERT INTO series (account, name, currency) VALUES (?1, ?2, ?3)
    ON CONFLICT DO UPDATE SET name = name RETURNING id";

const SET_PRIMARY: &str = "
    INSERT INTO primary_series (account, series) VALUES (?1, ?2)
    ON CONFLICT DO UPDATE SET series = excluded.series WHERE series <> excluded.series";

const LATEST: &str = "SELECT max(at) FROM sample WHERE series = ?1";

const WRITE: &str = "
    INSERT INTO sample (series, at, amount) VALUES (?1, ?2, ?3)
    ON CONFLICT DO UPDATE SET amount = excluded.amount WHERE amount <> excluded.amount";

const DELETE: &str = "
    DELETE FROM sample WHERE at = ?4 AND series =
        (SELECT id FROM series WHERE account = ?1 AND name = ?2 AND currency = ?3)";

const MARK: &str = "SELECT rewrites, appends FROM history_mark WHERE account = ?1";

const SET_MARK: &str = "
    INSERT INTO history_mark (account, rewrites, appends) VALUES (?1, ?2, ?3)
    ON CONFLICT DO UPDATE SET rewrites = excluded.rewrites, appends = excluded.appends";

/// Samples in a database.
#[derive(Clone, Debug)]
pub(crate) struct SqliteHistory(Database);

impl SqliteHistory {
    pub(crate) const fn new(database: Database) -> Self {
        Self(database)
    }

    pub(super) async fn close(&self) {
        self.0.close().await;
    }

    pub(super) async fn primary(&self, account: &str) -> Result<Option<Series>, StoreError> {
        let account = account.to_owned();
        Ok(self.0.call(move |db| db.query_row(PRIMARY, [account], series).optional()).await?.flatten())
    }

    pub(super) async fn all_series(&self, account: &str) -> Result<Vec<Series>, StoreError> {
        let account = account.to_owned();
        let all = self.0.call(move |db| {
            let mut statement = db.prepare_cached(ALL_SERIES)?;
            statement.query_map([account], series)?.collect::<Result<Vec<_>>>()
        });
        Ok(all.await?.into_iter().flatten().collect())
    }

    pub(super) async fn other_accounts(&self, account: &str) -> Result<u64, StoreError> {
        let account = account.to_owned();
        let count =
            self.0.call(move |db| db.query_row(OTHER_ACCOUNTS, [account], |row| row.get::<_, u32>(0)));
        Ok(count.await?.into())
    }

    pub(super) async fn load(
        &self,
        account: &str,
        series: &Series,
        from: i64,
    ) -> Result<Vec<Sample>, StoreError> {
        let (account, series) = (account.to_owned(), series.clone());
        let samples = self.0.call(move |db| {
            let mut statement = db.prepare_cached(LOAD)?;
            let key = params![account, series.name, series.currency.code(), from];
            statement.query_map(key, sample)?.collect::<Result<Vec<_>>>()
        });
        Ok(samples.await?.into_iter().flatten().collect())
    }

    pub(super) async fn write(
        &self,
        account: &str,
        primary: Option<&Series>,
        entries: &[Entry],
    ) -> Result<(Mark, Mark), StoreError> {
        let (account, primary, entries) = (account.to_owned(), primary.cloned(), entries.to_vec());
        let marks = self.0.call(move |db| {
            // A transaction that reads first and then writes cannot wait for another writer.
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let before = mark(&transaction, &account)?;
            let after = write(&transaction, &account, primary.as_ref(), &entries, before)?;
            set_mark(&transaction, &account, before, after)?;
            transaction.commit().map(|()| (before, after))
        });
        Ok(marks.await?)
    }

    pub(super) async fn delete(
        &self,
        account: &str,
        series: &Series,
        times: Vec<i64>,
    ) -> Result<(), StoreError> {
        let (account, series) = (account.to_owned(), series.clone());
        let deleted = self.0.call(move |db| {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let before = mark(&transaction, &account)?;
            let mut after = before;
            for at in times {
                let key = params![account, series.name, series.currency.code(), at];
                after.rewrites += changes(transaction.prepare_cached(DELETE)?.execute(key)?);
            }
            set_mark(&transaction, &account, before, after)?;
            transaction.commit()
        });
        Ok(deleted.await?)
    }

    pub(super) async fn mark(&self, account: &str) -> Result<Mark, StoreError> {
        let account = account.to_owned();
        Ok(self.0.call(move |db| mark(db, &account)).await?)
    }
}

/// Returns the mark afterwards.
fn write(
    transaction: &Transaction<'_>,
    account: &str,
    primary: Option<&Series>,
    entries: &[Entry],
    mut mark: Mark,
) -> Result<Mark> {
    let id = |series: &Series| -> Result<i64> {
        let mut statement = transaction.prepare_cached(SERIES_ID)?;
        statement.query_row(params![account, series.name, series.currency.code()], |row| row.get(0))
    };
    if let Some(primary) = primary {
        let set = transaction.prepare_cached(SET_PRIMARY)?.execute(params![account, id(primary)?])?;
        mark.appends += changes(set);
    }
    for part in entries.chunk_by(|a, b| a.series == b.series) {
        let Some(series) = part.first().map(|entry| id(&entry.series)).transpose()? else { continue };
        let mut latest: Option<i64> =
            transaction.prepare_cached(LATEST)?.query_row([series], |row| row.get(0))?;
        let mut statement = transaction.prepare_cached(WRITE)?;
        for Entry { sample, .. } in part {
            let written =
                changes(statement.execute(params![series, sample.at, sample.amount.to_string()])?);
            if latest.is_none_or(|latest| sample.at > latest) {
                mark.appends += written;
                latest = Some(sample.at);
            } else {
                mark.rewrites += written;
            }
        }
    }
    Ok(mark)
}

fn mark(db: &Connection, account: &str) -> Result<Mark> {
    let counters = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let counters = db.prepare_cached(MARK)?.query_row([account], counters).optional()?;
    let (rewrites, appends) = counters.unwrap_or_default();
    Ok(Mark { rewrites: rewrites.unsigned_abs(), appends: appends.unsigned_abs() })
}

fn set_mark(db: &Connection, account: &str, before: Mark, after: Mark) -> Result<()> {
    if before != after {
        let counters = params![account, after.rewrites.cast_signed(), after.appends.cast_signed()];
        db.prepare_cached(SET_MARK)?.execute(counters)?;
    }
    Ok(())
}

/// How many rows were changed.
fn changes(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// `None` if it was not written by this program.
fn series(row: &Row<'_>) -> Result<Option<Series>> {
    let (name, currency) = (row.get(0)?, row.get::<_, String>(1)?);
    Ok(Currency::new(&currency).map(|currency| Series { name, currency }))
}

/// `None` if it was not written by this program.
fn sample(row: &Row<'_>) -> Result<Option<Sample>> {
    let (at, amount) = (row.get(0)?, row.get::<_, String>(1)?);
    Ok(amount.parse().ok().map(|amount| Sample { at, amount }))
}
