//! Opens the alerts that a configuration asks for.

use super::StartError;
use crate::alerts::{AlertStore, Alerts, RedisAlerts, SqliteAlerts};
use crate::config::AlertsConfig;
use crate::database::Database;
use crate::metrics::Metrics;
use crate::redis_link::RedisLink;
use std::path::Path;

/// Alerts that are kept in Redis, if there is one, or else in the file. With its own connection to
/// it no alert waits for the history.
pub(super) async fn open(
    link: Option<&RedisLink>,
    file: Option<&Path>,
    config: Option<&AlertsConfig>,
    account: &str,
    metrics: &Metrics,
) -> Result<Option<Alerts>, StartError> {
    let Some(config) = config else { return Ok(None) };
    let store = match (link, file) {
        (Some(link), _) => AlertStore::Redis(RedisAlerts::new(link.clone(), account)),
        (None, Some(file)) => {
            let failed = |error: String| StartError::History { file: file.to_owned(), error };
            let database = Database::open(file).await.map_err(|error| failed(error.to_string()))?;
            AlertStore::Sqlite(SqliteAlerts::new(database))
        }
        // The configuration has refused this.
        (None, None) => return Ok(None),
    };
    Ok(Some(Alerts::new(store, config, metrics.clone()).map_err(StartError::Client)?))
}
