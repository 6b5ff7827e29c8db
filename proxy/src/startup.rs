//! From a configuration to a running proxy.

use crate::balances::{BalanceService, CachePolicy};
use crate::config::{Config, Credentials, SandboxOptions, Source};
use crate::routes::health::{ShutdownFlag, admin_router};
use crate::routes::{Assets, public_router};
use crate::server::{self, Deadlines, Limits, NoProxies, Options, Stage, refuse_unwanted};
use crate::upstream::{Account, PartnerClient, error_chain};
use airalo_balance_sandbox::{self as sandbox, Sandbox, ServeError};
use axum::Router;
use axum::middleware::from_fn;
use reqwest::Url;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

/// How long a new process waits for an address. The one that it replaces needs less to stop.
const BIND_TIMEOUT: Duration = Duration::from_secs(10);

/// For a load balancer to see that this process is not ready, and to send no more requests.
const DRAIN: Duration = Duration::from_secs(2);

/// A shutdown is over by then, whatever hangs. Container engines kill after 10 s.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(8);

/// Health checks and metrics need a few.
const ADMIN_LIMITS: Limits = Limits { total: 64, per_client: 32 };

/// A proxy whose listeners are open. It answers requests once it runs.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    listener: TcpListener,
    router: Router,
    admin: Option<(SocketAddr, TcpListener)>,
    /// Owned by the proxy, because the sandbox stops when it is dropped.
    sandbox: Option<Sandbox>,
    reload: ReloadHandle,
}

/// Asks a proxy to read again what may have changed. Clones ask the same proxy.
#[derive(Clone, Debug, Default)]
pub struct ReloadHandle(Arc<Notify>);

impl ReloadHandle {
    /// Requests that come faster than they can be followed count once.
    pub fn reload(&self) {
        self.0.notify_one();
    }

    async fn requested(&self) {
        self.0.notified().await;
    }
}

/// Why the proxy cannot start although its configuration is valid.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is in use, or this process may not use it.
    #[error("  {variable}: the address cannot be used ({error}); choose another")]
    Listen {
        /// The variable that names the address.
        variable: &'static str,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The machine has no root certificates to verify Airalo's certificate with.
    #[error(
        "  failed to prepare encrypted requests: {0}\n  install the package ca-certificates, or its like"
    )]
    Client(String),
    /// The sandbox cannot start.
    #[error("  SANDBOX_LISTEN: {0}")]
    Sandbox(#[from] ServeError),
}

impl Proxy {
    /// Opens the listeners, and starts the sandbox if the configuration asks for it.
    ///
    /// # Errors
    ///
    /// When an address cannot be used, or the HTTP client cannot be built.
    pub async fn bind(config: Config) -> Result<Self, StartError> {
        let (base_url, credentials, sandbox) = match config.source {
            Source::Partner { base_url, credentials } => (base_url, credentials, None),
            Source::Sandbox(options) => {
                let (base_url, credentials, sandbox) = start_sandbox(options).await?;
                (base_url, credentials, Some(sandbox))
            }
        };
        let client = PartnerClient::new(&base_url, credentials, config.timeouts)
            .map_err(|error| StartError::Client(error_chain(&error)))?;
        let account = Account::new(client, config.timeouts.balance);
        let policy = CachePolicy { ttl: config.balance_ttl, max_stale: config.max_stale };
        let balances = BalanceService::new(account, policy);
        let console_url = sandbox.as_ref().map(Sandbox::url);
        let assets = Assets::new(config.assets_dir, console_url.as_deref(), balances.clone());
        let router = public_router(balances, assets);

        let deadline = Instant::now() + BIND_TIMEOUT;
        let (address, listener) = listen("LISTEN", config.listen, deadline).await?;
        let admin = match config.admin_listen {
            Some(address) => Some(listen("ADMIN_LISTEN", address, deadline).await?),
            None => None,
        };
        Ok(Self { address, listener, router, admin, sandbox, reload: ReloadHandle::default() })
    }

    /// The address of the card and its balance.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the health checks.
    #[must_use]
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|(address, _)| *address)
    }

    /// Asks the running proxy to read again what may have changed.
    #[must_use]
    pub fn reload_handle(&self) -> ReloadHandle {
        self.reload.clone()
    }

    /// The sandbox that is used instead of Airalo.
    #[must_use]
    pub const fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }

    /// Serves until `shutdown` completes. Then, for as long as a load balancer needs to see it, each
    /// response is the last one of its connection; then the requests in progress are finished.
    ///
    /// All of that has one time limit. Without health checks nobody sees the shutdown, and nothing
    /// is waited for but the requests in progress.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) {
        let limits = Limits::of_total(server::connection_limit());
        tracing::info!("listening on http://{}/", self.address);
        if let Some(sandbox) = &self.sandbox {
            tracing::warn!(
                "the figures come from the built-in stand-in and not from Airalo; its console is {}/",
                sandbox.url()
            );
        }
        let shutdown_flag = ShutdownFlag::default();
        let (stage, stages) = watch::channel(Stage::Running);
        let mut servers = JoinSet::new();
        let options = Options { limits, deadlines: Deadlines::default(), clients: Arc::new(NoProxies) };
        servers.spawn(server::serve(self.listener, self.router, options.clone(), stages.clone()));
        let drain = if self.admin.is_some() { DRAIN } else { Duration::ZERO };
        if let Some((address, listener)) = self.admin {
            tracing::info!("health on http://{address}/readyz");
            let router = admin_router(shutdown_flag.clone()).layer(from_fn(refuse_unwanted));
            let options = Options { limits: ADMIN_LIMITS, clients: Arc::new(NoProxies), ..options };
            servers.spawn(server::serve(listener, router, options, stages));
        }
        tokio::select! {
            () = shutdown => {}
            () = follow(&self.reload) => {}
        }
        let deadline = Instant::now() + SHUTDOWN_TIMEOUT;
        shutdown_flag.set();
        stage.send_replace(Stage::Draining);
        tracing::info!("stopping");
        sleep(drain).await;
        stage.send_replace(Stage::Closing);
        let stop = async {
            while servers.join_next().await.is_some() {}
            if let Some(sandbox) = self.sandbox {
                sandbox.shutdown().await;
            }
        };
        if timeout_at(deadline, stop).await.is_err() {
            tracing::warn!("closing connections whose requests did not finish in time");
        }
    }
}

/// Never ends.
async fn follow(reload: &ReloadHandle) {
    loop {
        reload.requested().await;
        tracing::info!("asked to reload, and there is nothing to read again");
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
