//! The alerts of the only replica, in the file that `HISTORY` names.
//!
//! Each step is one transaction that begins with the right to write: a process that replaces this
//! one may use the same file.

use super::values::{read_alert, read_state, write_alert, write_state};
use super::{Change, Claim, Message, Outcome, StoreError, new_id};
use crate::alerts::alert::Alert;
use crate::database::{Database, DatabaseError};
use crate::time::millis;
use jiff::Timestamp;
use std::time::Duration;
use tokio_rusqlite::rusqlite::{
    self, Connection, OptionalExtension, Transaction, TransactionBehavior, params,
};

/// No delay is longer. A time further ahead was written by a clock that was wrong.
const LONGEST_WAIT: Duration = Duration::from_secs(2 * 60 * 60);

/// The tables of the alerts.
#[derive(Clone, Debug)]
pub(crate) struct SqliteAlerts {
    database: Database,
}

impl SqliteAlerts {
    pub(crate) const fn new(database: Database) -> Self {
        Self { database }
    }

    pub(super) async fn close(&self) {
        self.database.close().await;
    }

    pub(super) async fn change(
        &self,
        account: &str,
        channels: &[String],
        change: Change,
    ) -> Result<Vec<Alert>, StoreError> {
        let (account, channels) = (account.to_owned(), channels.to_vec());
        self.transact(move |db| {
            let query = "SELECT state FROM alert_state WHERE account = ?1";
            let json: Option<String> = db.query_row(query, [&account], |row| row.get(0)).optional()?;
            let (state, alerts) = change(json.as_deref().map(read_state).unwrap_or_default());
            let upsert = "INSERT INTO alert_state (account, state) VALUES (?1, ?2)
                          ON CONFLICT (account) DO UPDATE SET state = excluded.state";
            db.execute(upsert, params![account, write_state(state).map_err(to_sql_error)?])?;
            let now = now();
            for alert in &alerts {
                let (id, json) = (new_id(), write_alert(alert).map_err(to_sql_error)?);
                for channel in &channels {
                    enqueue(db, channel, &id, &json, now)?;
                }
            }
            Ok(alerts)
        })
        .await
    }

    pub(super) async fn claim(&self, channel: &str, lease: Duration) -> Result<Claim, StoreError> {
        let channel = channel.to_owned();
        self.transact(move |db| claim(db, &channel, now(), millis(lease))).await
    }

    pub(super) async fn settle(
        &self,
        channel: &str,
        message: &Message,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        let (channel, id) = (channel.to_owned(), message.id.clone());
        self.transact(move |db| {
            let query = "SELECT 1 FROM alert_message WHERE channel = ?1 AND id = ?2";
            if !db.prepare_cached(query)?.exists([&channel, &id])? {
                return Ok(());
            }
            let delay = match outcome {
                Outcome::Done => {
                    db.execute("DELETE FROM alert_message WHERE channel = ?1 AND id = ?2", [&channel, &id])?;
                    None
                }
                Outcome::Later(delay) => Some(delay),
                Outcome::Behind(delay) => {
                    let last =
                        "UPDATE alert_message SET position = (SELECT max(position) + 1 FROM alert_message)
                                WHERE channel = ?1 AND id = ?2";
                    db.execute(last, [&channel, &id])?;
                    Some(delay)
                }
            };
            let due_at = now() + delay.map_or(0, millis);
            let settle = "UPDATE alert_queue SET leased_until = 0, due_at = ?2,
                          failures = iif(?3, failures + 1, 0) WHERE channel = ?1";
            db.execute(settle, params![channel, due_at, delay.is_some()])?;
            Ok(())
        })
        .await
    }

    pub(super) async fn forget_other_channels(&self, channels: &[String]) -> Result<usize, StoreError> {
        let channels = channels.to_vec();
        self.transact(move |db| {
            let mut query = db.prepare("SELECT DISTINCT channel FROM alert_message")?;
            let known = query.query_map([], |row| row.get::<_, String>(0))?;
            let known = known.collect::<rusqlite::Result<Vec<_>>>()?;
            let mut count = 0;
            for other in known.iter().filter(|channel| !channels.contains(channel)) {
                count += db.execute("DELETE FROM alert_message WHERE channel = ?1", [other])?;
            }
            Ok(count)
        })
        .await
    }

    async fn transact<T: Send + 'static>(
        &self,
        function: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let call = self.database.call(move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = function(&transaction)?;
            transaction.commit()?;
            Ok::<_, DatabaseError>(value)
        });
        Ok(call.await?)
    }
}

/// A new message is a reason to try a channel at once that has failed before.
fn enqueue(db: &Connection, channel: &str, id: &str, alert: &str, now: i64) -> rusqlite::Result<()> {
    let message = "INSERT INTO alert_message (channel, id, alert) VALUES (?1, ?2, ?3)";
    db.execute(message, params![channel, id, alert])?;
    let queue = "INSERT INTO alert_queue (channel, failures, due_at, leased_until) VALUES (?1, 0, ?2, 0)
                 ON CONFLICT (channel) DO UPDATE SET due_at = min(due_at, excluded.due_at)";
    db.execute(queue, params![channel, now])?;
    Ok(())
}

fn claim(db: &Connection, channel: &str, now: i64, lease: i64) -> rusqlite::Result<Claim> {
    let query = "SELECT id, alert, failures, max(due_at, leased_until)
                 FROM alert_message JOIN alert_queue USING (channel)
                 WHERE channel = ?1 ORDER BY position LIMIT 1";
    let row = |row: &rusqlite::Row<'_>| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get::<_, i64>(3)?))
    };
    let Some((id, alert, failures, due_at)) = db.query_row(query, [channel], row).optional()? else {
        return Ok(Claim::Wait(None));
    };
    let wait = due_at.saturating_sub(now);
    if wait > 0 && wait <= millis(LONGEST_WAIT) {
        return Ok(Claim::Wait(u64::try_from(wait).ok().map(Duration::from_millis)));
    }
    let Some(alert) = read_alert(&alert) else {
        // Of a later version, which was here before this one.
        db.execute("DELETE FROM alert_message WHERE channel = ?1 AND id = ?2", [channel, &id])?;
        tracing::error!(channel, "a message cannot be read and is dropped");
        return Ok(Claim::Wait(Some(Duration::ZERO)));
    };
    db.execute("UPDATE alert_queue SET leased_until = ?2 WHERE channel = ?1", params![channel, now + lease])?;
    Ok(Claim::Message { message: Message { id, alert }, failures })
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

/// No value here can fail to be written.
fn to_sql_error(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}
