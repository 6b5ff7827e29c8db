//! The connection to Redis, or to whatever speaks its protocol, and the names of its keys.

#[cfg(test)]
pub(crate) mod test_server;

use arc_swap::ArcSwap;
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
pub(crate) struct RedisLink(Arc<Inner>);

struct Inner {
    server: ArcSwap<Server>,
    is_reachable: AtomicBool,
}

struct Server {
    url: SecretString,
    connection: ConnectionManager,
}

impl fmt::Debug for RedisLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLink").finish_non_exhaustive()
    }
}

impl Server {
    fn new(url: &SecretString) -> RedisResult<Self> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_number_of_retries(1);
        let client = Client::open(url.expose_secret())?;
        let connection = ConnectionManager::new_lazy_with_config(client, config)?;
        Ok(Self { url: url.clone(), connection })
    }
}

impl RedisLink {
    /// Does not connect yet: a replica starts although Redis is down.
    ///
    /// # Errors
    ///
    /// When the URL cannot be used.
    pub(crate) fn new(url: &SecretString) -> RedisResult<Self> {
        let server = ArcSwap::from_pointee(Server::new(url)?);
        Ok(Self(Arc::new(Inner { server, is_reachable: AtomicBool::new(true) })))
    }

    /// Uses another URL from now on, if it is another one, and returns whether it is. A step that has
    /// begun ends with the old one.
    ///
    /// # Errors
    ///
    /// When it cannot be used. Then the old one stays.
    pub(crate) fn replace_url(&self, url: &SecretString) -> RedisResult<bool> {
        if self.0.server.load().url.expose_secret() == url.expose_secret() {
            return Ok(false);
        }
        self.0.server.store(Arc::new(Server::new(url)?));
        Ok(true)
    }

    /// The result of a script, unless it fails or takes too long. The log has one line when that
    /// changes.
    pub(crate) async fn invoke<T: FromRedisValue>(&self, invocation: &ScriptInvocation<'_>) -> Option<T> {
        let mut connection = self.0.server.load().connection.clone();
        let result = tokio::time::timeout(TIMEOUT, invocation.invoke_async::<T>(&mut connection)).await;
        let reason = match result {
            Ok(Ok(value)) => {
                if !self.0.is_reachable.swap(true, Ordering::Relaxed) {
                    tracing::info!("REDIS_URL answers again");
                }
                return Some(value);
            }
            Ok(Err(error)) => reason(&error),
            Err(_) => "no answer in time".to_owned(),
        };
        if self.0.is_reachable.swap(false, Ordering::Relaxed) {
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
