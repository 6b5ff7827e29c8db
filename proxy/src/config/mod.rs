//! The configuration, read once from the environment.

mod access;
mod alerts;
mod error;
mod logs;
mod misspelt;
mod outgoing;
mod parse;
mod reader;
mod variables;

#[cfg(test)]
mod tests;

pub use access::{AccessConfig, AccessSecrets};
pub use alerts::AlertsConfig;
pub(crate) use alerts::{MailConfig, WebhookConfig};
pub use error::{ConfigError, ConfigErrors};
pub use logs::LogFormat;
pub use misspelt::misspelt_variables;
pub use outgoing::OutgoingProxy;
pub use variables::{environment_help, secret_variables};

use crate::files::CardSource;
use airalo_balance_sandbox::Cents;
use reader::Reader;
use reqwest::Url;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tracing_subscriber::filter::Targets;
use variables as var;

/// What an address of `ADMIN_LISTEN` means that other machines can reach.
pub(crate) const METRICS_ARE_PUBLIC: &str =
    "other machines can reach ADMIN_LISTEN, and whoever does reads the balance in /metrics";

/// The configuration of the proxy.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where balances come from.
    pub source: Source,
    /// The address of the card and its balance.
    pub listen: SocketAddr,
    /// The address of the health checks, which are off without one.
    pub admin_listen: Option<SocketAddr>,
    /// Who may ask for the balance.
    pub access: AccessConfig,
    /// How long a balance is fresh.
    pub balance_ttl: Duration,
    /// The maximum age of a stale balance that is served while Airalo fails.
    pub max_stale: Duration,
    /// The store of many replicas, if there are many. The URL may hold a password.
    pub redis_url: Option<SecretString>,
    /// The file of the history, if one is kept on this machine.
    pub history: Option<PathBuf>,
    /// When somebody is told of the balance, if ever.
    pub alerts: Option<AlertsConfig>,
    /// Where the files of the card come from.
    pub card: CardSource,
    /// The form of the log.
    pub log_format: LogFormat,
    /// What is logged, if not what is usual in this form.
    pub log_filter: Option<Targets>,
    /// How long Airalo may take. There is no variable for it, because the card relies on these
    /// limits.
    pub timeouts: Timeouts,
}

/// Where balances come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The partner API.
    Partner {
        /// Its scheme, host and port.
        base_url: Url,
        /// The credentials of the account.
        credentials: Credentials,
        /// The HTTP proxy through which it is reached, if there is one.
        outgoing_proxy: Option<OutgoingProxy>,
    },
    /// The built-in stand-in for the partner API.
    Sandbox(SandboxOptions),
}

/// The credentials of an account. Neither of them can be printed.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The client id.
    pub client_id: SecretString,
    /// The client secret.
    pub client_secret: SecretString,
}

/// How the built-in sandbox starts.
#[derive(Clone, Debug)]
pub struct SandboxOptions {
    /// A loopback address.
    pub listen: SocketAddr,
    /// The balance at the start.
    pub balance: Cents,
    /// The interval of automatic orders, if there are any.
    pub order_every: Option<Duration>,
}

/// How long Airalo may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// To accept a connection.
    pub connect: Duration,
    /// Between two parts of a response.
    pub read: Duration,
    /// For one request and its whole response.
    pub request: Duration,
    /// For all requests that one balance needs. Less than the ten seconds that the card waits.
    pub balance: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            read: Duration::from_secs(3),
            request: Duration::from_secs(5),
            balance: Duration::from_secs(9),
        }
    }
}

impl Config {
    /// Reads the variables, and the files that they name for secrets.
    ///
    /// With `sandbox` the variables of the partner API are not read.
    ///
    /// # Errors
    ///
    /// All errors at once.
    pub fn from_vars(sandbox: bool, vars: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(vars);
        let source = if sandbox { read_sandbox(&mut reader) } else { read_partner(&mut reader) };
        let listen = reader.read(&var::LISTEN, |text| text.parse::<SocketAddr>().ok());
        let admin_listen = reader.read_optional(&var::ADMIN_LISTEN, |text| text.parse().ok());
        if let (Some(public), Some(Some(admin))) = (listen, admin_listen)
            && parse::collide(public, admin)
        {
            let remedy = "must not have the port of LISTEN at the same address; choose another port";
            reader.report(var::ADMIN_LISTEN.name, remedy);
        }
        let access = access::read(&mut reader, listen);
        let balance_ttl = reader.read(&var::BALANCE_TTL, |text| parse::seconds(text, 1..=86_400));
        let max_stale = reader.read(&var::MAX_STALE, |text| parse::seconds(text, 0..=604_800));
        let redis_url = reader.read_optional_secret(&var::REDIS_URL, parse::is_redis_url);
        let history = reader.read_optional(&var::HISTORY, |text| Some(PathBuf::from(text)));
        if matches!((&redis_url, &history), (Some(Some(_)), Some(Some(_)))) {
            let remedy = "must not be set together with REDIS_URL, where the history of many replicas is kept; remove one of them";
            reader.report(var::HISTORY.name, remedy);
        }
        let has_store =
            redis_url.as_ref().is_none_or(Option::is_some) || history.as_ref().is_none_or(Option::is_some);
        let alerts = alerts::read(&mut reader, has_store);
        let card = reader.read_optional(&var::ASSETS_DIR, |text| Some(CardSource::Directory(text.into())));
        let log_format = logs::read_format(&mut reader);
        let log_filter = logs::read_filter(&mut reader);

        let errors = reader.into_errors();
        let config = || {
            Some(Self {
                source: source?,
                listen: listen?,
                admin_listen: admin_listen?,
                access: access?,
                balance_ttl: balance_ttl?,
                max_stale: max_stale?,
                redis_url: redis_url?,
                history: history?,
                alerts: alerts?,
                card: card?.unwrap_or_default(),
                log_format: log_format?,
                log_filter: log_filter?,
                timeouts: Timeouts::default(),
            })
        };
        config().filter(|_| errors.0.is_empty()).ok_or(errors)
    }
}

fn read_partner<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<Source> {
    let client_id = reader.read_secret(&var::CLIENT_ID);
    let client_secret = reader.read_secret(&var::CLIENT_SECRET);
    let base_url = reader.read(&var::BASE_URL, parse::base_url)?;
    let outgoing_proxy = outgoing::read(reader, &base_url)?;
    Some(Source::Partner {
        base_url,
        outgoing_proxy,
        credentials: Credentials { client_id: client_id?, client_secret: client_secret? },
    })
}

fn read_sandbox<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<Source> {
    let listen = reader.read(&var::SANDBOX_LISTEN, parse::loopback_address);
    let balance = reader.read(&var::SANDBOX_BALANCE, |text| text.parse().ok());
    let order_every = reader.read(&var::SANDBOX_ORDER_EVERY, |text| parse::seconds(text, 0..=86_400));
    let order_every = order_every.map(|every| Some(every).filter(|every| !every.is_zero()));
    Some(Source::Sandbox(SandboxOptions { listen: listen?, balance: balance?, order_every: order_every? }))
}
