//! From a configuration to a running proxy.

use crate::balances::{BalanceService, CachePolicy};
use crate::config::{Config, Credentials, SandboxOptions, Source};
use crate::routes::health::{ShutdownFlag, admin_router};
use crate::routes::{Assets, public_router};
use crate::server;
use crate::upstream::{Account, PartnerClient, error_chain};
use airalo_balance_sandbox::{self as sandbox, Sandbox, ServeError};
use axum::Router;
use reqwest::Url;
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A proxy whose listeners are open. It answers requests once it runs.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    listener: TcpListener,
    router: Router,
    admin: Option<(SocketAddr, TcpListener)>,
    /// Owned by the proxy, because the sandbox stops when it is dropped.
    sandbox: Option<Sandbox>,
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
        "  failed to prepare encrypted requests: {0}\n  install the package ca-certificates, or its like, or name a file of root certificates in SSL_CERT_FILE"
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
        let (base_url, credentials, outgoing_proxy, sandbox) = match config.source {
            Source::Partner { base_url, credentials, outgoing_proxy } => {
                (base_url, credentials, outgoing_proxy, None)
            }
            Source::Sandbox(options) => {
                let (base_url, credentials, sandbox) = start_sandbox(options).await?;
                (base_url, credentials, None, Some(sandbox))
            }
        };
        let client = PartnerClient::new(&base_url, credentials, outgoing_proxy.as_ref(), config.timeouts)
            .map_err(|error| StartError::Client(error_chain(&error)))?;
        let account = Account::new(client, config.timeouts.balance);
        let policy = CachePolicy { ttl: config.balance_ttl, max_stale: config.max_stale };
        let balances = BalanceService::new(account, policy);
        let console_url = sandbox.as_ref().map(Sandbox::url);
        let assets = Assets::new(config.assets_dir, console_url.as_deref(), balances.clone());
        let router = public_router(balances, assets);

        let (address, listener) = listen("LISTEN", config.listen).await?;
        let admin = match config.admin_listen {
            Some(address) => Some(listen("ADMIN_LISTEN", address).await?),
            None => None,
        };
        Ok(Self { address, listener, router, admin, sandbox })
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

    /// The sandbox that is used instead of Airalo.
    #[must_use]
    pub const fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }

    /// Serves until `shutdown` completes, and then finishes the requests in progress.
    ///
    /// The health checks are served to the very end, so that a load balancer sees the shutdown.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) {
        tracing::info!("listening on http://{}/", self.address);
        if let Some(sandbox) = &self.sandbox {
            tracing::warn!(
                "the figures come from the built-in stand-in and not from Airalo; its console is {}/",
                sandbox.url()
            );
        }
        let shutdown_flag = ShutdownFlag::default();
        let (stop_admin, admin_stopped) = oneshot::channel::<()>();
        let admin = self.admin.map(|(address, listener)| {
            tracing::info!("health on http://{address}/readyz");
            let router = admin_router(shutdown_flag.clone());
            // The sender is dropped without a message, which also completes this future.
            tokio::spawn(server::serve(listener, router, async { drop(admin_stopped.await) }))
        });
        server::serve(self.listener, self.router, async {
            shutdown.await;
            shutdown_flag.set();
            tracing::info!("stopping");
        })
        .await;
        drop(stop_admin);
        if let Some(admin) = admin {
            // A panic in this task has been printed, and does not matter for the shutdown.
            let _ = admin.await;
        }
        if let Some(sandbox) = self.sandbox {
            sandbox.shutdown().await;
        }
    }
}

async fn listen(
    variable: &'static str,
    address: SocketAddr,
) -> Result<(SocketAddr, TcpListener), StartError> {
    let failed = |error| StartError::Listen { variable, error };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    Ok((listener.local_addr().map_err(failed)?, listener))
}

async fn start_sandbox(options: SandboxOptions) -> Result<(Url, Credentials, Sandbox), StartError> {
    let (_, listener) = listen("SANDBOX_LISTEN", options.listen).await?;
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
