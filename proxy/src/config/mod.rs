//! The environment, read once into types that cannot be wrong.

mod reader;
mod variables;

#[cfg(test)]
mod tests;

pub use reader::{Fault, Faults};
pub use variables::help;

use airalo_balance_sandbox::Cents;
use reader::Reader;
use reqwest::Url;
use secrecy::SecretString;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;
use variables as var;

/// All that the proxy is told at its start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where balances come from.
    pub source: Source,
    /// Where the card and its balance are served.
    pub listen: SocketAddr,
    /// Where health is served, if anywhere.
    pub admin_listen: Option<SocketAddr>,
    /// For how long a balance counts as fresh.
    pub balance_ttl: Duration,
    /// For how long an old balance is served while no newer one can be had.
    pub max_stale: Duration,
    /// The directory of the built card.
    pub assets_dir: PathBuf,
    /// How long Airalo may take. Not a variable: these are promises to the card.
    pub timeouts: Timeouts,
}

/// Where balances come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The partner API.
    Partner {
        /// Its scheme, host and port.
        base_url: Url,
        /// Who asks.
        credentials: Credentials,
    },
    /// The built-in stand-in of it.
    StandIn(StandIn),
}

/// Who asks. Neither half can be printed.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The client id.
    pub client_id: SecretString,
    /// Its secret.
    pub client_secret: SecretString,
}

/// How the stand-in starts.
#[derive(Clone, Debug)]
pub struct StandIn {
    /// A loopback address.
    pub listen: SocketAddr,
    /// Its balance at the start.
    pub balance: Cents,
    /// How often an order comes in.
    pub order_every: Option<Duration>,
}

/// How long Airalo may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// To accept a connection.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub read: Duration,
    /// For one request with its answer.
    pub request: Duration,
    /// For all requests that one balance may need: less than the ten seconds that the card waits.
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
    /// Reads the variables, and besides them only the files that they name for secrets.
    ///
    /// With `sandbox` the variables of the partner API are not looked at.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, at once.
    pub fn from_vars(sandbox: bool, vars: impl Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        let mut reader = Reader::new(vars);
        for name in var::NOT_YET {
            if reader.given(name).is_some() {
                reader.fault(name, "is not supported by this version yet; remove it");
            }
        }
        let source = if sandbox { stand_in(&mut reader) } else { partner(&mut reader) };
        let listen = reader.read(&var::LISTEN, |text| text.parse::<SocketAddr>().ok());
        let admin_listen = reader.read_optional(&var::ADMIN_LISTEN, |text| text.parse().ok());
        let anonymous = reader.read(&var::ALLOW_ANONYMOUS, flag);
        if let (Some(listen), Some(false)) = (listen, anonymous)
            && !listen.ip().is_loopback()
        {
            let remedy = "can be reached by other machines, and whoever reaches it can read the balance; \
                          use a loopback address such as 127.0.0.1:8080, or set ALLOW_ANONYMOUS=1";
            reader.fault(var::LISTEN.name, remedy);
        }
        let balance_ttl = reader.read(&var::BALANCE_TTL, |text| seconds(text, 1..=86_400));
        let max_stale = reader.read(&var::MAX_STALE, |text| seconds(text, 0..=604_800));
        let assets_dir = reader.read(&var::ASSETS_DIR, |text| Some(PathBuf::from(text)));

        let faults = reader.into_faults();
        match (source, listen, admin_listen, balance_ttl, max_stale, assets_dir) {
            (
                Some(source),
                Some(listen),
                Some(admin_listen),
                Some(balance_ttl),
                Some(max_stale),
                Some(assets_dir),
            ) if faults.0.is_empty() => {
                let timeouts = Timeouts::default();
                Ok(Self { source, listen, admin_listen, balance_ttl, max_stale, assets_dir, timeouts })
            }
            _ => Err(faults),
        }
    }
}

fn partner<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<Source> {
    let client_id = reader.secret(&var::CLIENT_ID);
    let client_secret = reader.secret(&var::CLIENT_SECRET);
    let base_url = reader.read(&var::BASE_URL, base_url)?;
    Some(Source::Partner {
        base_url,
        credentials: Credentials { client_id: client_id?, client_secret: client_secret? },
    })
}

fn stand_in<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<Source> {
    let listen = reader.read(&var::SANDBOX_LISTEN, |text| {
        text.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback())
    });
    let balance = reader.read(&var::SANDBOX_BALANCE, |text| text.parse().ok());
    let order_every = reader.read(&var::SANDBOX_ORDER_EVERY, |text| seconds(text, 0..=86_400));
    let order_every = order_every.map(|every| Some(every).filter(|every| !every.is_zero()));
    Some(Source::StandIn(StandIn { listen: listen?, balance: balance?, order_every: order_every? }))
}

/// The token can place orders, so it travels encrypted or not at all.
fn base_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    let host = url.host_str()?;
    let safe = match url.scheme() {
        "https" => true,
        "http" => is_loopback(host),
        _ => false,
    };
    (bare && nobody && safe).then_some(url)
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn seconds(text: &str, range: RangeInclusive<u64>) -> Option<Duration> {
    text.parse().ok().filter(|seconds| range.contains(seconds)).map(Duration::from_secs)
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}
