//! From a configuration to a running proxy.

use crate::account::Account;
use crate::admin::{self, Stopping};
use crate::assets::Assets;
use crate::cache::Rules;
use crate::config::{Config, Credentials, Source, StandIn};
use crate::failure::causes;
use crate::feed::Feed;
use crate::upstream::Partner;
use crate::{app, server};
use airalo_balance_sandbox::{self as sandbox, Sandbox, ServeError};
use axum::Router;
use reqwest::Url;
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A proxy whose listeners are open. Nothing is answered until it runs.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    public: TcpListener,
    router: Router,
    admin: Option<(SocketAddr, TcpListener)>,
    /// Lives as long as the proxy that asks it.
    stand_in: Option<Sandbox>,
}

/// Why the proxy does not start although its configuration is in order.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// Somebody else listens there, or nobody may.
    #[error("  {variable}: the address cannot be used ({error}); choose another")]
    Listen {
        /// The variable that names the address.
        variable: &'static str,
        /// What the system says.
        error: io::Error,
    },
    /// The machine has no certificates to know Airalo by.
    #[error(
        "  failed to prepare encrypted requests: {0}\n  install the package ca-certificates, or its like"
    )]
    Client(String),
    /// The stand-in does not start.
    #[error("  SANDBOX_LISTEN: {0}")]
    StandIn(#[from] ServeError),
}

impl Proxy {
    /// Opens the listeners, and starts the stand-in if it is asked for.
    ///
    /// # Errors
    ///
    /// When an address cannot be used, or no encrypted request could be made.
    pub async fn bind(config: Config) -> Result<Self, NotStarted> {
        let (base_url, credentials, stand_in) = match config.source {
            Source::Partner { base_url, credentials } => (base_url, credentials, None),
            Source::StandIn(options) => {
                let (base_url, credentials, stand_in) = start_stand_in(options).await?;
                (base_url, credentials, Some(stand_in))
            }
        };
        let partner = Partner::new(&base_url, credentials, config.timeouts)
            .map_err(|error| NotStarted::Client(causes(&error)))?;
        let account = Account::new(partner, config.timeouts.balance);
        let feed = Feed::new(account, Rules { ttl: config.balance_ttl, max_stale: config.max_stale });
        let console = stand_in.as_ref().map(Sandbox::url);
        let assets = Assets::new(config.assets_dir, console.as_deref(), feed.clone());
        let router = app::router(feed, assets);

        let (address, public) = listen("LISTEN", config.listen).await?;
        let admin = match config.admin_listen {
            Some(address) => Some(listen("ADMIN_LISTEN", address).await?),
            None => None,
        };
        Ok(Self { address, public, router, admin, stand_in })
    }

    /// Where the card and its balance are served.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where health is served.
    #[must_use]
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|(address, _)| *address)
    }

    /// The stand-in that is asked instead of Airalo.
    #[must_use]
    pub const fn stand_in(&self) -> Option<&Sandbox> {
        self.stand_in.as_ref()
    }

    /// Answers until `stop`, and gives the answers that are under way then.
    ///
    /// Health is served to the very end, so that a load balancer sees the end coming.
    pub async fn run_until(self, stop: impl Future<Output = ()>) {
        tracing::info!("listening on http://{}/", self.address);
        if let Some(stand_in) = &self.stand_in {
            tracing::warn!(
                "the figures are a stand-in's and not Airalo's; its console is {}/",
                stand_in.url()
            );
        }
        let stopping = Stopping::default();
        let (ended, end) = oneshot::channel::<()>();
        let admin = self.admin.map(|(address, listener)| {
            tracing::info!("health on http://{address}/readyz");
            // Either way the other side is gone, which is all that matters.
            let end = async { drop(end.await) };
            tokio::spawn(server::serve(listener, admin::router(stopping.clone()), end))
        });
        server::serve(self.public, self.router, async {
            stop.await;
            stopping.begin();
            tracing::info!("stopping");
        })
        .await;
        drop(ended);
        if let Some(admin) = admin {
            // A panic in there has been printed, and there is nothing left to save.
            let _ = admin.await;
        }
        if let Some(stand_in) = self.stand_in {
            stand_in.shutdown().await;
        }
    }
}

async fn listen(
    variable: &'static str,
    address: SocketAddr,
) -> Result<(SocketAddr, TcpListener), NotStarted> {
    let failed = |error| NotStarted::Listen { variable, error };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    Ok((listener.local_addr().map_err(failed)?, listener))
}

async fn start_stand_in(options: StandIn) -> Result<(Url, Credentials, Sandbox), NotStarted> {
    let (_, listener) = listen("SANDBOX_LISTEN", options.listen).await?;
    let config = sandbox::Config {
        balance: options.balance,
        order_every: options.order_every,
        ..sandbox::Config::default()
    };
    let credentials =
        Credentials { client_id: config.client_id.clone(), client_secret: config.client_secret.clone() };
    let stand_in = sandbox::serve(config, listener)?;
    let base_url = Url::parse(&stand_in.url()).map_err(|error| NotStarted::Client(error.to_string()))?;
    Ok((base_url, credentials, stand_in))
}
