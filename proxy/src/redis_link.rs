//! The connection to Redis, or to whatever speaks its protocol, and the names of its keys.

#[cfg(test)]
pub(crate) mod test_server;

mod trouble;

use arc_swap::ArcSwap;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, RedisResult, ScriptInvocation};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use trouble::{Cause, Trouble};

/// Redis counts as one that cannot be reached when it takes longer.
const TIMEOUT: Duration = Duration::from_millis(500);

/// How long a connection to a server that may not be written to is kept at least.
const RECONNECT_PAUSE: Duration = Duration::from_secs(5);

/// What a script is for. Those of one step need the same commands of Redis, so one that may not write
/// fails at all scripts of a step, and perhaps at none of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Lease,
    Share,
    ReadHistory,
    WriteHistory,
    ReadAlerts,
    RaiseAlerts,
    ClaimAlert,
    SettleAlert,
    AlertAccounts,
}

/// A connection. Clones share it.
#[derive(Clone)]
pub(crate) struct RedisLink(Arc<Inner>);

struct Inner {
    server: ArcSwap<Server>,
    trouble: Trouble,
}

struct Server {
    url: SecretString,
    connection: ConnectionManager,
    opened_at: Instant,
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
        Ok(Self { url: url.clone(), connection, opened_at: Instant::now() })
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
        Ok(Self(Arc::new(Inner { server, trouble: Trouble::default() })))
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
        self.0.trouble.forget();
        Ok(true)
    }

    /// The result of a script, unless it fails or takes too long. The log has one line when that
    /// changes.
    pub(crate) async fn invoke<T: FromRedisValue>(
        &self,
        step: Step,
        invocation: &ScriptInvocation<'_>,
    ) -> Option<T> {
        let server = self.0.server.load_full();
        let mut connection = server.connection.clone();
        let result = tokio::time::timeout(TIMEOUT, invocation.invoke_async::<T>(&mut connection)).await;
        let cause = match result {
            Ok(Ok(value)) => {
                if self.0.trouble.succeeded(step) {
                    tracing::info!("REDIS_URL can be used again");
                }
                return Some(value);
            }
            Ok(Err(error)) => Cause::of(&error),
            Err(_) => Cause::Timeout,
        };
        if cause.is_read_only() {
            self.reconnect(&server);
        }
        if self.0.trouble.failed(step, &cause) {
            tracing::warn!("REDIS_URL cannot be used, and this replica goes on alone: {cause}");
        }
        None
    }

    /// After a failover another server has the address, while the one that may no longer be written to
    /// keeps its connections open.
    fn reconnect(&self, server: &Arc<Server>) {
        if server.opened_at.elapsed() < RECONNECT_PAUSE {
            return;
        }
        if let Ok(next) = Server::new(&server.url) {
            // Unless another one is used by now.
            self.0.server.compare_and_swap(server, Arc::new(next));
        }
    }
}

/// The name of a key of an account. All of them are in one slot of a cluster, because of the braces.
pub(crate) fn key(account: &str, name: &str) -> String {
    format!("{{airalo-balance:{account}}}:{name}")
}
