//! What SIGHUP changes in a running proxy.

use super::Stores;
use crate::access::{Access, SignatureKey};
use crate::balances::BalanceService;
use crate::config::{Config, ConfigErrors, Source};
use crate::routes::{Assets, PublicParts};
use crate::upstream::PartnerClient;

/// Gives a running proxy what has changed: the files of the card, and secrets.
#[derive(Clone, Debug)]
pub struct ReloadHandle {
    access: Access,
    signature_key: SignatureKey,
    assets: Assets,
    balances: BalanceService,
    /// With the first credentials.
    client: PartnerClient,
    stores: Stores,
}

impl ReloadHandle {
    pub(super) fn new(public: &PublicParts, client: PartnerClient, stores: Stores) -> Self {
        let PublicParts { access, signature_key, assets, balances, .. } = public.clone();
        Self { access, signature_key, assets, balances, client, stores }
    }

    /// Reads the files of the card again, and takes the secrets of a configuration that was read
    /// again. All other variables need a restart. An invalid configuration changes no secret.
    pub fn reload(&self, config: Result<Config, ConfigErrors>) {
        self.assets.reload();
        match config {
            Ok(config) => {
                self.access.replace_secrets(config.access.secrets);
                if let Source::Partner { credentials, .. } = config.source {
                    self.signature_key.replace(&credentials.client_secret);
                    let account = self.client.with_credentials(credentials.clone()).account();
                    self.stores.use_account(&account);
                    self.balances.replace_credentials(credentials);
                }
                if let Some(url) = &config.redis_url {
                    self.stores.replace_redis_url(url);
                }
                if let (Some(alerts), Some(config)) = (&self.stores.alerts, &config.alerts) {
                    alerts.replace_secrets(config);
                }
                tracing::info!("the secrets and the files of the card were read again");
            }
            Err(errors) => tracing::error!("the secrets stay as they are:\n{errors}"),
        }
    }
}
