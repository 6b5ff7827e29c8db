//! Opens the history that a configuration asks for.

use super::StartError;
use crate::database::{Database, DatabaseError};
use crate::history::{History, RedisHistory, SqliteHistory, Store};
use crate::metrics::Metrics;
use crate::redis_link::RedisLink;
use jiff::Timestamp;
use std::path::Path;

/// The history in Redis, whether it can be reached or not.
pub(super) fn in_redis(link: RedisLink, account: &str, metrics: Metrics) -> History {
    History::new(Store::Redis(RedisHistory::new(link)), account, metrics)
}

/// The history in a file, with all its samples.
pub(super) async fn in_file(path: &Path, account: &str, metrics: Metrics) -> Result<History, StartError> {
    let failed =
        |error: DatabaseError| StartError::History { path: path.to_owned(), error: error.to_string() };
    let database = Database::open(path).await.map_err(failed)?;
    let history = History::new(Store::Sqlite(SqliteHistory::new(database)), account, metrics);
    let loaded = history.load(Timestamp::now()).await;
    loaded.map_err(|error| StartError::History { path: path.to_owned(), error: error.to_string() })?;
    Ok(history)
}
