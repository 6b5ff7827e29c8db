//! Samples in the SQLite file of the only replica.

use super::{Entry, Mark, Series, StoreError};
use crate::database::Database;
use airalo_balance::model::Currency;
use airalo_balance::model::history::Sample;
use tokio_rusqlite::rusqlite::{
    Connection, OptionalExtension, Result, Row, Transaction, TransactionBehavior, params,
};

const FIRST: &str = "
    SELECT name, currency FROM series JOIN first_series ON first_series.series = series.id
    WHERE first_series.account = ?1";

const ALL_SERIES: &str = "SELECT name, currency FROM series WHERE account = ?1 ORDER BY id";

const LOAD: &str = "
    SELECT at, amount FROM sample JOIN series ON series.id = sample.series
    WHERE account = ?1 AND name = ?2 AND currency = ?3 AND at >= ?4 ORDER BY at";

const SERIES_ID: &str = "
    INSERT INTO series (account, name, currency) VALUES (?1, ?2, ?3)
    ON CONFLICT DO UPDATE SET name = name RETURNING id";

const SET_FIRST: &str = "
    INSERT INTO first_series (account, series) VALUES (?1, ?2)
    ON CONFLICT DO UPDATE SET series = excluded.series WHERE series <> excluded.series";

const WRITE: &str = "
    INSERT INTO sample (series, at, amount) VALUES (?1, ?2, ?3)
    ON CONFLICT DO UPDATE SET amount = excluded.amount";

const DELETE: &str = "
    DELETE FROM sample WHERE at = ?4 AND series =
        (SELECT id FROM series WHERE account = ?1 AND name = ?2 AND currency = ?3)";

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

    pub(super) async fn first(&self, account: &str) -> Result<Option<Series>, StoreError> {
        let account = account.to_owned();
        Ok(self.0.call(move |db| db.query_row(FIRST, [account], series).optional()).await?.flatten())
    }

    pub(super) async fn all_series(&self, account: &str) -> Result<Vec<Series>, StoreError> {
        let account = account.to_owned();
        let all = self.0.call(move |db| {
            let mut statement = db.prepare_cached(ALL_SERIES)?;
            statement.query_map([account], series)?.collect::<Result<Vec<_>>>()
        });
        Ok(all.await?.into_iter().flatten().collect())
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

    /// The mark tells of other connections only, so it is the same before and after.
    pub(super) async fn write(
        &self,
        account: &str,
        first: Option<&Series>,
        entries: &[Entry],
    ) -> Result<(Mark, Mark), StoreError> {
        let (account, first, entries) = (account.to_owned(), first.cloned(), entries.to_vec());
        let mark = self.0.call(move |db| {
            // A transaction that reads first and then writes cannot wait for another writer.
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            write(&transaction, &account, first.as_ref(), &entries)?;
            transaction.commit()?;
            mark(db)
        });
        let mark = mark.await?;
        Ok((mark, mark))
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
            for at in times {
                let key = params![account, series.name, series.currency.code(), at];
                transaction.prepare_cached(DELETE)?.execute(key)?;
            }
            transaction.commit()
        });
        Ok(deleted.await?)
    }

    pub(super) async fn mark(&self) -> Result<Mark, StoreError> {
        Ok(self.0.call(|db| mark(db)).await?)
    }
}

fn write(
    transaction: &Transaction<'_>,
    account: &str,
    first: Option<&Series>,
    entries: &[Entry],
) -> Result<()> {
    let id = |series: &Series| -> Result<i64> {
        let mut statement = transaction.prepare_cached(SERIES_ID)?;
        statement.query_row(params![account, series.name, series.currency.code()], |row| row.get(0))
    };
    if let Some(first) = first {
        transaction.prepare_cached(SET_FIRST)?.execute(params![account, id(first)?])?;
    }
    for part in entries.chunk_by(|a, b| a.series == b.series) {
        let Some(series) = part.first().map(|entry| id(&entry.series)).transpose()? else { continue };
        let mut statement = transaction.prepare_cached(WRITE)?;
        for Entry { sample, .. } in part {
            statement.execute(params![series, sample.at, sample.amount.to_string()])?;
        }
    }
    Ok(())
}

/// It changes when another connection has written.
fn mark(db: &Connection) -> Result<Mark> {
    let version: i64 = db.pragma_query_value(None, "data_version", |row| row.get(0))?;
    Ok(Mark { rewrites: version.unsigned_abs(), appends: 0 })
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
