//! Opens the history that a configuration asks for.

use super::StartError;
use crate::database::{Database, DatabaseError};
use crate::history::{Entry, History, RedisHistory, Series, SqliteHistory, Store};
use crate::metrics::Metrics;
use crate::redis_link::RedisLink;
use airalo_balance::model::history::Sample;
use airalo_balance::model::{Amount, Currency};
use airalo_balance_sandbox::Sandbox;
use airalo_balance_sandbox::history::invented;
use jiff::Timestamp;
use std::path::Path;

/// How much of a past the stand-in has.
const INVENTED_DAYS: u32 = 60;

/// The history in Redis, if there is one, or in the file, if one is named. The stand-in has an
/// invented one otherwise.
pub(super) async fn open(
    link: Option<&RedisLink>,
    file: Option<&Path>,
    sandbox: Option<&Sandbox>,
    account: &str,
    metrics: &Metrics,
) -> Result<Option<History>, StartError> {
    let metrics = metrics.clone();
    Ok(match (link, file, sandbox) {
        // It is read later: a replica starts although Redis is down.
        (Some(link), ..) => {
            Some(History::new(Store::Redis(RedisHistory::new(link.clone())), account, metrics))
        }
        (None, Some(file), _) => Some(in_file(file, account, metrics).await?),
        (None, None, Some(sandbox)) => Some(of_sandbox(sandbox, account, metrics).await?),
        (None, None, None) => None,
    })
}

async fn in_file(file: &Path, account: &str, metrics: Metrics) -> Result<History, StartError> {
    let failed =
        |error: DatabaseError| StartError::History { file: file.to_owned(), error: error.to_string() };
    let database = Database::open_now_or_later(file).await.map_err(failed)?;
    let history = History::new(Store::Sqlite(SqliteHistory::new(database)), account, metrics);
    // Before anybody asks for it. What fails now is tried again with the next reading.
    history.sync(Timestamp::now()).await;
    Ok(history)
}

async fn of_sandbox(sandbox: &Sandbox, account: &str, metrics: Metrics) -> Result<History, StartError> {
    let failed = |error: DatabaseError| StartError::InventedHistory(error.to_string());
    let store = Store::Sqlite(SqliteHistory::new(Database::in_memory().await.map_err(failed)?));
    let now = Timestamp::now();
    let history = History::invented(store, account, metrics, now, &past(sandbox, now)).await;
    history.map_err(|error| StartError::InventedHistory(error.to_string()))
}

fn past(sandbox: &Sandbox, now: Timestamp) -> Vec<Entry> {
    let Some(currency) = Currency::new("USD") else { return Vec::new() };
    let series = Series { name: "balance".to_owned(), currency };
    let past = invented(now.as_second(), sandbox.state().balance(), INVENTED_DAYS).into_iter();
    let entry = |(at, cents): (i64, airalo_balance_sandbox::Cents)| {
        let amount = Amount::new(cents.get(), 2).ok()?;
        Some(Entry { series: series.clone(), sample: Sample { at, amount } })
    };
    past.filter_map(entry).collect()
}
