//! The connection to Redis, or to whatever speaks its protocol, and the names of its keys.

#[cfg(test)]
pub(crate) mod test_server;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, RedisError, RedisResult, ScriptInvocation};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Redis counts as one that cannot be reached when it takes longer.
const TIMEOUT: Duration = Duration::from_millis(500);

/// A connection. Clones share it.
#[derive(Clone)]
pub(crate) struct RedisLink {
    connection: ConnectionManager,
    is_reachable: Arc<AtomicBool>,
}

impl fmt::Debug for RedisLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLink").finish_non_exhaustive()
    }
}

impl RedisLink {
    /// Does not connect yet: a replica starts although Redis is down.
    ///
    /// # Errors
    ///
    /// When the URL cannot be used.
    pub(crate) fn new(url: &SecretString) -> RedisResult<Self> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_number_of_retries(1);
        let client = Client::open(url.expose_secret())?;
        let connection = ConnectionManager::new_lazy_with_config(client, config)?;
        Ok(Self { connection, is_reachable: Arc::new(AtomicBool::new(true)) })
    }

    /// The result of a script, unless it fails or takes too long. The log has one line when that
    /// changes.
    pub(crate) async fn invoke<T: FromRedisValue>(&self, invocation: &ScriptInvocation<'_>) -> Option<T> {
        let mut connection = self.connection.clone();
        let result = tokio::time::timeout(TIMEOUT, invocation.invoke_async::<T>(&mut connection)).await;
        let reason = match result {
            Ok(Ok(value)) => {
                if !self.is_reachable.swap(true, Ordering::Relaxed) {
                    tracing::info!("REDIS_URL answers again");
                }
                return Some(value);
            }
            Ok(Err(error)) => reason(&error),
            Err(_) => "no answer in time".to_owned(),
        };
        if self.is_reachable.swap(false, Ordering::Relaxed) {
            tracing::warn!("REDIS_URL cannot be used, and this replica goes on alone: {reason}");
        }
        None
    }
}

/// The name of a key of an account. All of them are in one slot of a cluster, because of the braces.
pub(crate) fn key(account: &str, name: &str) -> String {
    format!("{{airalo-balance:{account}}}:{name}")
}

/// The kind of an error. Its text may hold a part of the URL.
fn reason(error: &RedisError) -> String {
    error.category().to_owned()
}
