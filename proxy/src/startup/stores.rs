//! What the proxy keeps outside its memory, as far as a configuration asks for it.

use super::{StartError, alerts, history};
use crate::alerts::Alerts;
use crate::config::Config;
use crate::history::History;
use crate::metrics::Metrics;
use crate::redis_link::RedisLink;
use crate::upstream::PartnerClient;
use airalo_balance_sandbox::Sandbox;
use secrecy::SecretString;

/// Redis, the history and the alerts. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Stores {
    pub(super) link: Option<RedisLink>,
    pub(super) history: Option<History>,
    pub(super) alerts: Option<Alerts>,
}

impl Stores {
    pub(super) async fn open(
        config: &Config,
        client: &PartnerClient,
        sandbox: Option<&Sandbox>,
        metrics: &Metrics,
    ) -> Result<Self, StartError> {
        let link = config.redis_url.as_ref().map(RedisLink::new).transpose();
        let link = link.map_err(|error| StartError::Redis(error.category().to_owned()))?;
        let (file, account) = (config.history.as_deref(), client.account());
        let history = history::open(link.as_ref(), file, sandbox, &account, metrics).await?;
        let alerts = alerts::open(link.as_ref(), file, config.alerts.as_ref(), &account, metrics)?;
        Ok(Self { link, history, alerts })
    }

    /// The account that is asked from now on.
    pub(super) fn use_account(&self, account: &str) {
        if let Some(history) = &self.history {
            history.use_account(account);
        }
        if let Some(alerts) = &self.alerts {
            alerts.use_account(account);
        }
    }

    /// Uses another URL of Redis, if Redis is used and its URL has changed.
    pub(super) fn replace_redis_url(&self, url: &SecretString) {
        let Some(link) = &self.link else { return };
        match link.replace_url(url) {
            Ok(false) => {}
            Ok(true) => {
                tracing::info!("another REDIS_URL is used");
                if let Some(history) = &self.history {
                    history.read_again();
                }
            }
            Err(error) => tracing::error!("REDIS_URL stays as it is: {}", error.category()),
        }
    }

    /// Closes the file of the history, so that it is whole without those beside it.
    pub(super) async fn close(&self) {
        if let Some(alerts) = &self.alerts {
            alerts.close().await;
        }
        if let Some(history) = &self.history {
            history.close().await;
        }
    }
}
