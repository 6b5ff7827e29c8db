//! From a configuration to a running proxy.

mod alerts;
mod error;
mod history;
mod reload;

pub use error::StartError;
pub use reload::ReloadHandle;

use crate::access::{Access, AllowedHost, SignatureKey};
use crate::alerts::Alerts;
use crate::balances::{BalanceService, Policy, RedisStore, Refresher, Store};
use crate::config::{Config, Credentials, SandboxOptions, Source};
use crate::metrics::Metrics;
use crate::monitor::Monitor;
use crate::redis_link::RedisLink;
use crate::routes::health::{ShutdownFlag, admin_router};
use crate::routes::{Answers, Assets, PublicService, public_service};
use crate::server::{self, Deadlines, Limits, NoProxies, Options, Stage, refuse_unwanted};
use crate::upstream::{PartnerClient, error_chain};
use airalo_balance_sandbox::{self as sandbox, Sandbox};
use axum::middleware::from_fn;
use reqwest::Url;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// How long a new process waits for an address. The one that it replaces needs less to stop.
const BIND_TIMEOUT: Duration = Duration::from_secs(10);

/// For a load balancer to see that this process is not ready, and to send no more requests.
const DRAIN: Duration = Duration::from_secs(2);

/// A shutdown is over by then, whatever hangs. Container engines kill after 10 s.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(8);

/// For the last reading to be written, also where requests have taken all the time.
const LAST_WRITE: Duration = Duration::from_millis(300);

/// For what is in the write-ahead log to reach the file of the history.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);

/// Health checks and metrics need a few.
const ADMIN_LIMITS: Limits = Limits { total: 64, per_client: 32 };

/// A proxy whose listeners are open. It answers requests once it runs.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    listener: TcpListener,
    service: PublicService,
    access: Access,
    metrics: Metrics,
    admin: Option<(SocketAddr, TcpListener)>,
    balances: BalanceService,
    refresher: Refresher,
    monitor: Option<Monitor>,
    alerts: Option<Alerts>,
    reload: ReloadHandle,
    /// Owned by the proxy, because the sandbox stops when it is dropped.
    sandbox: Option<Sandbox>,
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
        let metrics = Metrics::default();
        let proxy = outgoing_proxy.as_ref();
        let client = PartnerClient::new(&base_url, credentials, proxy, config.timeouts, metrics.clone())
            .map_err(|error| StartError::Client(error_chain(&error)))?;
        let account = client.account();
        let link = match &config.redis_url {
            Some(url) => {
                let link = RedisLink::new(url);
                Some(link.map_err(|error| StartError::Redis(error.category().to_owned()))?)
            }
            None => None,
        };
        let file = config.history.as_deref();
        let history = history::open(link.as_ref(), file, sandbox.as_ref(), &account, &metrics).await?;
        let alerts = alerts::open(link.as_ref(), file, config.alerts.as_ref(), &account, &metrics)?;
        let signature_key = SignatureKey::new(client.secret());
        let policy = Policy {
            ttl: config.balance_ttl,
            max_stale: config.max_stale,
            fetch_timeout: config.timeouts.balance,
            keeps_history: history.is_some(),
        };
        let store = match link {
            Some(link) => Store::Redis(Box::new(RedisStore::new(link, &account, client.secret(), policy))),
            None => Store::Local,
        };
        let (balances, mut refresher) = BalanceService::new(client.clone(), store, policy, metrics.clone());
        let monitor = history.clone().map(|history| {
            let (monitor, readings) = Monitor::new(history, alerts.clone());
            refresher.report_to(readings);
            monitor
        });
        let console_url = sandbox.as_ref().map(Sandbox::url);
        let (access, answers) = (Access::new(config.access), Answers::new(history.is_some()));
        let assets = Assets::new(
            config.card,
            console_url.as_deref(),
            balances.clone(),
            answers.clone(),
            access.clone(),
        );
        let service = public_service(
            balances.clone(),
            answers,
            history.clone(),
            assets.clone(),
            access.clone(),
            signature_key.clone(),
            metrics.clone(),
        );
        let reload = ReloadHandle {
            access: access.clone(),
            signature_key,
            assets,
            balances: balances.clone(),
            client,
            history,
            alerts: alerts.clone(),
        };

        let deadline = Instant::now() + BIND_TIMEOUT;
        let (address, listener) = listen("LISTEN", config.listen, deadline).await?;
        let admin = match config.admin_listen {
            Some(address) => Some(listen("ADMIN_LISTEN", address, deadline).await?),
            None => None,
        };
        Ok(Self {
            address,
            listener,
            service,
            access,
            metrics,
            admin,
            balances,
            refresher,
            monitor,
            alerts,
            reload,
            sandbox,
        })
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
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) {
        let limits = Limits::of_total(server::connection_limit());
        tracing::info!("listening on http://{}/", self.address);
        if let Some(sandbox) = &self.sandbox {
            tracing::warn!(
                "the figures come from the built-in stand-in and not from Airalo; its console is {}/",
                sandbox.url()
            );
        }
        // Airalo is asked at once, so that wrong credentials are in the log before anybody reads.
        let refresher = tokio::spawn(self.refresher.run());
        let monitor = self.monitor.map(|monitor| tokio::spawn(monitor.run()));
        let mut deliveries = JoinSet::new();
        if let Some(alerts) = self.alerts {
            deliveries.spawn(alerts.deliver());
        }
        let shutdown_flag = ShutdownFlag::default();
        let (stage, stages) = watch::channel(Stage::Running);
        let mut servers = JoinSet::new();
        let options =
            Options { limits, deadlines: Deadlines::default(), clients: Arc::new(self.access.clone()) };
        servers.spawn(server::serve(self.listener, self.service, options.clone(), stages.clone()));
        let drain = if self.admin.is_some() { DRAIN } else { Duration::ZERO };
        if let Some((address, listener)) = self.admin {
            tracing::info!("health on http://{address}/readyz, metrics on http://{address}/metrics");
            // Elsewhere it is reached by names that only the operator knows.
            let hosts = address.ip().is_loopback().then(|| AllowedHost::loopback(Some(address)));
            let router = admin_router(shutdown_flag.clone(), self.balances, self.metrics, hosts);
            let router = router.layer(from_fn(refuse_unwanted));
            let options = Options { limits: ADMIN_LIMITS, clients: Arc::new(NoProxies), ..options };
            servers.spawn(server::serve(listener, router, options, stages));
        }
        shutdown.await;
        let deadline = Instant::now() + SHUTDOWN_TIMEOUT;
        shutdown_flag.set();
        stage.send_replace(Stage::Draining);
        tracing::info!("stopping");
        if let Some(alerts) = &self.reload.alerts {
            alerts.stop_delivering();
        }
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
        // Not before, because a request in progress may wait for its fetch.
        refresher.abort();
        // It ends when the refresher is gone and all readings are recorded.
        if let Some(monitor) = monitor
            && timeout_at(deadline.max(Instant::now() + LAST_WRITE), monitor).await.is_err()
        {
            tracing::warn!("the last samples of the history are not written");
        }
        let delivered = async { while deliveries.join_next().await.is_some() {} };
        if timeout_at(deadline, delivered).await.is_err() {
            tracing::warn!("an alert is still on its way; where it has arrived it arrives again");
        }
        deliveries.shutdown().await;
        if timeout(CLOSE_TIMEOUT, close_stores(&self.reload)).await.is_err() {
            tracing::warn!(
                "the file of the history is not closed; whoever copies it has to copy -wal and -shm beside it too"
            );
        }
    }
}

/// Closes the file of the history, so that it is whole without those beside it.
async fn close_stores(ReloadHandle { history, alerts, .. }: &ReloadHandle) {
    if let Some(alerts) = alerts {
        alerts.close().await;
    }
    if let Some(history) = history {
        history.close().await;
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
