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
pub(super) fn open(
    link: Option<&RedisLink>,
    file: Option<&Path>,
    config: Option<&AlertsConfig>,
    account: &str,
    metrics: &Metrics,
) -> Result<Option<Alerts>, StartError> {
    let Some(config) = config else { return Ok(None) };
    let store = match (link, file) {
        (Some(link), _) => AlertStore::Redis(RedisAlerts::new(link.clone(), account)),
        // The history has been opened before, and has refused a file that will never do.
        (None, Some(file)) => AlertStore::Sqlite(SqliteAlerts::new(Database::opened_later(file))),
        // The configuration has refused this.
        (None, None) => return Ok(None),
    };
    Ok(Some(Alerts::new(store, config, metrics.clone()).map_err(StartError::Client)?))
}
