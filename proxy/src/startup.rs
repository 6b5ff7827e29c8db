//! From a configuration to a running proxy.

mod alerts;
mod error;
mod history;
mod reload;
mod running;
mod stores;
mod task;

#[cfg(test)]
mod tests;

pub use error::StartError;
pub use reload::ReloadHandle;
pub use task::TaskEnded;

use crate::access::{Access, SignatureKey};
use crate::balances::{BalanceService, Policy, RedisStore, Refresher, Store};
use crate::config::{Config, Credentials, SandboxOptions, Source};
use crate::metrics::Metrics;
use crate::monitor::Monitor;
use crate::routes::{Answers, Assets, PublicParts};
use crate::server;
use crate::upstream::{PartnerClient, error_chain};
use airalo_balance_sandbox::{self as sandbox, Sandbox};
use reqwest::Url;
use running::{Running, SHUTDOWN_TIMEOUT};
use std::net::SocketAddr;
use std::time::Duration;
use stores::Stores;
use tokio::net::TcpListener;
use tokio::time::Instant;

/// How long a new process waits for an address. The one that it replaces needs less to stop.
const BIND_TIMEOUT: Duration = Duration::from_secs(10);

/// A proxy whose listeners are open. It answers requests once it runs.
#[derive(Debug)]
pub struct Proxy {
    listeners: Listeners,
    public: PublicParts,
    stores: Stores,
    refresher: Refresher,
    monitor: Option<Monitor>,
    reload: ReloadHandle,
    /// Owned by the proxy, because the sandbox stops when it is dropped.
    sandbox: Option<Sandbox>,
}

/// The sockets with their addresses.
#[derive(Debug)]
struct Listeners {
    public: (SocketAddr, TcpListener),
    admin: Option<(SocketAddr, TcpListener)>,
}

impl Proxy {
    /// Prepares all that the configuration asks for, the sandbox and the listeners among it.
    ///
    /// # Errors
    ///
    /// When an address, the file of the history or the URL of Redis cannot be used, or when encrypted
    /// requests or the sandbox cannot be prepared.
    pub async fn bind(config: Config) -> Result<Self, StartError> {
        let metrics = Metrics::default();
        let (client, sandbox) = connect(&config, &metrics).await?;
        let stores = Stores::open(&config, &client, sandbox.as_ref(), &metrics).await?;
        let (balances, mut refresher) = balance_service(&config, &client, &stores, &metrics);
        let monitor = stores.history.clone().map(|history| {
            let (monitor, readings) = Monitor::new(history, stores.alerts.clone());
            refresher.report_to(readings);
            monitor
        });
        let listeners = Listeners::open(&config).await?;

        if let Some(warning) = config.access.warning() {
            tracing::warn!("{warning}");
        }
        let access = Access::new(config.access);
        let answers = Answers::new(stores.history.is_some());
        let console_url = sandbox.as_ref().map(Sandbox::url);
        let assets = Assets::new(
            config.card,
            console_url.as_deref(),
            balances.clone(),
            answers.clone(),
            access.clone(),
        );
        let signature_key = SignatureKey::new(client.secret());
        let public = PublicParts {
            balances,
            answers,
            history: stores.history.clone(),
            assets,
            access,
            signature_key,
            metrics,
        };
        let reload = ReloadHandle::new(&public, client, stores.clone());
        Ok(Self { listeners, public, stores, refresher, monitor, reload, sandbox })
    }

    /// The address of the card and its balance.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.listeners.public.0
    }

    /// The address of the health checks.
    #[must_use]
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.listeners.admin.as_ref().map(|(address, _)| *address)
    }

    /// The sandbox that is used instead of Airalo.
    #[must_use]
    pub const fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }

    /// Gives the proxy, while it runs, what has changed.
    #[must_use]
    pub fn reload_handle(&self) -> ReloadHandle {
        self.reload.clone()
    }

    /// Serves until `shutdown` completes. Then, for as long as a load balancer needs to see it, each
    /// response is the last one of its connection; then the requests in progress are finished.
    ///
    /// All of that has one time limit. Without health checks nobody sees the shutdown, and nothing
    /// is waited for but the requests in progress.
    ///
    /// # Errors
    ///
    /// When a task ends that should run until then. The proxy shuts down, because a balance that is
    /// never refreshed looks like one that does not change.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> Result<(), TaskEnded> {
        let mut running = Running::start(self);
        let result = tokio::select! {
            () = shutdown => Ok(()),
            ended = running.first_end() => Err(ended),
        };
        if let Err(ended) = &result {
            tracing::error!("{ended}");
        }
        running.stop(Instant::now() + SHUTDOWN_TIMEOUT).await;
        result
    }
}

/// A client of the partner API, or of the sandbox, which is started.
async fn connect(config: &Config, metrics: &Metrics) -> Result<(PartnerClient, Option<Sandbox>), StartError> {
    let (base_url, credentials, outgoing_proxy, sandbox) = match config.source.clone() {
        Source::Partner { base_url, credentials, outgoing_proxy } => {
            (base_url, credentials, outgoing_proxy, None)
        }
        Source::Sandbox(options) => {
            let (base_url, credentials, sandbox) = start_sandbox(options).await?;
            (base_url, credentials, None, Some(sandbox))
        }
    };
    let proxy = outgoing_proxy.as_ref();
    let client = PartnerClient::new(&base_url, credentials, proxy, config.timeouts, metrics.clone());
    let client = client.map_err(|error| StartError::Client(error_chain(&error)))?;
    Ok((if sandbox.is_some() { client.of_stand_in() } else { client }, sandbox))
}

fn balance_service(
    config: &Config,
    client: &PartnerClient,
    stores: &Stores,
    metrics: &Metrics,
) -> (BalanceService, Refresher) {
    let policy = Policy {
        ttl: config.balance_ttl,
        max_stale: config.max_stale,
        fetch_timeout: config.timeouts.balance,
        keeps_history: stores.history.is_some(),
    };
    let store = stores.link.clone().map_or(Store::Local, |link| {
        Store::Redis(Box::new(RedisStore::new(link, &client.account(), client.secret(), policy)))
    });
    BalanceService::new(client.clone(), store, policy, metrics.clone())
}

impl Listeners {
    async fn open(config: &Config) -> Result<Self, StartError> {
        let deadline = Instant::now() + BIND_TIMEOUT;
        let public = listen("LISTEN", config.listen, deadline).await?;
        let admin = match config.admin_listen {
            Some(address) => Some(listen("ADMIN_LISTEN", address, deadline).await?),
            None => None,
        };
        Ok(Self { public, admin })
    }
}

async fn listen(
    variable: &'static str,
    address: SocketAddr,
    deadline: Instant,
) -> Result<(SocketAddr, TcpListener), StartError> {
    let failed = |error| StartError::Listen { variable, error };
    let listener = server::listen(variable, address, deadline).await.map_err(failed)?;
    Ok((listener.local_addr().map_err(failed)?, listener))
}

async fn start_sandbox(options: SandboxOptions) -> Result<(Url, Credentials, Sandbox), StartError> {
    let (_, listener) = listen("SANDBOX_LISTEN", options.listen, Instant::now()).await?;
    let config = sandbox::Config {
        balance: options.balance,
        order_every: options.order_every,
        ..sandbox::Config::default()
    };
    let credentials =
        Credentials { client_id: config.client_id.clone(), client_secret: config.client_secret.clone() };
    let sandbox = sandbox::serve(config, listener)?;
    let base_url = Url::parse(&sandbox.url()).map_err(|error| StartError::Client(error.to_string()))?;
    Ok((base_url, credentials, sandbox))
}
