//! Who may ask for the balance.

use super::parse;
use super::reader::Reader;
use super::variables::{self as var, Variable};
use crate::access::{AllowedHost, Origin};
use axum::http::HeaderName;
use ipnet::{IpNet, Ipv4Net};
use secrecy::SecretString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;

#[cfg(test)]
mod tests;

/// Who else may ask where nothing says who may, and the remedy.
const PASSED_ON: &str = "whoever your web server lets through for the names in ALLOWED_HOSTS; to have that \
                         server name its users, set TRUSTED_PROXIES and TRUSTED_USER_HEADER";

/// Who may ask for the balance.
#[derive(Clone, Debug)]
pub struct AccessConfig {
    pub(crate) hosts: Vec<AllowedHost>,
    pub(crate) origins: Vec<Origin>,
    /// The origins that may frame the page of one card.
    pub(crate) frames: Vec<Origin>,
    pub(crate) secrets: AccessSecrets,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) trusted_user_header: Option<HeaderName>,
    allow_anonymous: bool,
    /// Requests a minute for each principal.
    pub(crate) rate_limit: Option<NonZeroU32>,
}

/// What proves who asks. Neither of them can be printed.
#[derive(Clone, Debug)]
pub struct AccessSecrets {
    pub(crate) access_token: Option<SecretString>,
    pub(crate) widget_token_secret: Option<SecretString>,
}

impl AccessConfig {
    /// Who may ask, in words and without a secret.
    pub(crate) fn describe(&self) -> String {
        let modes = [
            (self.secrets.access_token.is_some(), "servers with ACCESS_TOKEN"),
            (self.secrets.widget_token_secret.is_some(), "pages with a token signed by WIDGET_TOKEN_SECRET"),
            (self.trusted_user_header.is_some(), "users whom TRUSTED_PROXIES name in TRUSTED_USER_HEADER"),
            (self.allow_anonymous, "whoever reaches LISTEN (ALLOW_ANONYMOUS=1)"),
        ];
        let modes: Vec<_> = modes.into_iter().filter(|(is_set, _)| *is_set).map(|(_, who)| who).collect();
        let who = match (modes.is_empty(), self.is_passed_on()) {
            (false, _) => modes.join("; "),
            (true, false) => "programs and browsers on this machine".to_owned(),
            (true, true) => format!("programs and browsers on this machine, and {PASSED_ON}"),
        };
        let limit = self
            .rate_limit
            .map_or_else(|| "without a limit".to_owned(), |limit| format!("{limit} times a minute each"));
        format!("{who}; {limit}")
    }

    /// What whoever starts the proxy may not know of who may ask.
    pub(crate) fn warning(&self) -> Option<String> {
        self.is_passed_on().then(|| format!("the balance is shown to {PASSED_ON}"))
    }

    /// Whether nothing says who may ask, and `ALLOWED_HOSTS` has a name for which others ask: then a web
    /// server on this machine passes their requests on.
    fn is_passed_on(&self) -> bool {
        self.is_open() && !self.allow_anonymous && !self.hosts.iter().all(AllowedHost::is_loopback)
    }

    /// By which names the server is asked, and whose pages may ask.
    pub(crate) fn describe_names(&self) -> String {
        let origins = |name: &str, origins: &[Origin]| {
            let list: Vec<_> = origins.iter().map(Origin::as_str).collect();
            format!("{name} is {}", if list.is_empty() { "not set".to_owned() } else { list.join(" ") })
        };
        let hosts: Vec<_> = self.hosts.iter().map(AllowedHost::to_string).collect();
        format!(
            "for {}; {}; {}",
            hosts.join(" "),
            origins("ALLOWED_ORIGINS", &self.origins),
            origins("ALLOWED_FRAMES", &self.frames)
        )
    }

    /// Whether whoever reaches the server may ask: it is allowed, or nothing says who may, and then
    /// LISTEN is a loopback address.
    pub(crate) const fn is_open(&self) -> bool {
        let has_mode = self.secrets.access_token.is_some()
            || self.secrets.widget_token_secret.is_some()
            || self.trusted_user_header.is_some();
        self.allow_anonymous || !has_mode
    }
}

/// Reports an error when it returns `None`.
pub(super) fn read<F: Fn(&str) -> Option<String>>(
    reader: &mut Reader<F>,
    listen: Option<SocketAddr>,
) -> Option<AccessConfig> {
    let secrets = read_secrets(reader);
    let hosts = read_list(reader, &var::ALLOWED_HOSTS, AllowedHost::parse);
    let origins = read_list(reader, &var::ALLOWED_ORIGINS, Origin::parse);
    let frames = read_list(reader, &var::ALLOWED_FRAMES, Origin::parse);
    let trusted_proxies = read_list(reader, &var::TRUSTED_PROXIES, network);
    let trusted_user_header = reader.read_optional(&var::TRUSTED_USER_HEADER, user_header);
    let allow_anonymous = reader.read(&var::ALLOW_ANONYMOUS, parse::flag);
    let rate_limit =
        reader.read(&var::RATE_LIMIT, |text| text.parse().ok().filter(|count| *count <= 1_000_000));

    let is_set = |variable: &Variable| reader.value(variable.name).is_some();
    let (has_proxies, has_header) = (is_set(&var::TRUSTED_PROXIES), is_set(&var::TRUSTED_USER_HEADER));
    if has_header && !has_proxies {
        let expected = var::TRUSTED_PROXIES.expected;
        let remedy = format!("is missing; TRUSTED_USER_HEADER needs it, so set it to {expected}");
        reader.report(var::TRUSTED_PROXIES.name, remedy);
    }
    // Without the header everybody who reaches these web servers might ask.
    if has_proxies && !has_header && allow_anonymous == Some(false) && !is_token_set(reader) {
        let expected = var::TRUSTED_USER_HEADER.expected;
        let remedy = format!(
            "is missing; nothing else says who may ask through TRUSTED_PROXIES, so set it to {expected}; or set \
             ACCESS_TOKEN, WIDGET_TOKEN_SECRET or ALLOW_ANONYMOUS=1"
        );
        reader.report(var::TRUSTED_USER_HEADER.name, remedy);
    }
    if listen.is_some_and(|listen| !listen.ip().is_loopback()) {
        if hosts.as_ref().is_some_and(Vec::is_empty) {
            let remedy = "is missing; other machines can reach LISTEN, so set it to the names by which they do, \
                          such as panel.example.com";
            reader.report(var::ALLOWED_HOSTS.name, remedy);
        }
        if allow_anonymous == Some(false) && !is_mode_set(reader) {
            let remedy = "can be reached by other machines, and nothing says who may ask: set ACCESS_TOKEN, \
                          WIDGET_TOKEN_SECRET, or TRUSTED_PROXIES with TRUSTED_USER_HEADER; or set \
                          ALLOW_ANONYMOUS=1 if whoever reaches it may read the balance; or use a loopback address \
                          such as 127.0.0.1:8080";
            reader.report(var::LISTEN.name, remedy);
        }
    }
    Some(AccessConfig {
        hosts: hosts.map(|hosts| if hosts.is_empty() { AllowedHost::loopback(listen) } else { hosts })?,
        origins: origins?,
        frames: frames?,
        secrets: secrets?,
        trusted_proxies: trusted_proxies?,
        trusted_user_header: trusted_user_header?,
        allow_anonymous: allow_anonymous?,
        rate_limit: NonZeroU32::new(rate_limit?),
    })
}

/// Whether a variable says who may ask, rightly or not: what is wrong with it is reported by itself.
fn is_mode_set<F: Fn(&str) -> Option<String>>(reader: &Reader<F>) -> bool {
    let variables = [&var::TRUSTED_PROXIES, &var::TRUSTED_USER_HEADER];
    is_token_set(reader) || variables.iter().any(|variable| reader.value(variable.name).is_some())
}

/// Whether there are tokens by which somebody may ask, rightly or not.
fn is_token_set<F: Fn(&str) -> Option<String>>(reader: &Reader<F>) -> bool {
    let secrets = [&var::ACCESS_TOKEN, &var::WIDGET_TOKEN_SECRET];
    secrets.iter().any(|secret| {
        let file = format!("{}_FILE", secret.name);
        reader.value(secret.name).or_else(|| reader.value(&file)).is_some()
    })
}

fn read_secrets<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<AccessSecrets> {
    let access_token = reader.read_optional_secret(&var::ACCESS_TOKEN, |token| {
        token.len() >= 16 && token.bytes().all(|byte| byte.is_ascii_graphic())
    });
    let widget_token_secret =
        reader.read_optional_secret(&var::WIDGET_TOKEN_SECRET, |secret| secret.len() >= 32);
    Some(AccessSecrets { access_token: access_token?, widget_token_secret: widget_token_secret? })
}

/// Entries have commas or white space between them.
fn read_list<T, F: Fn(&str) -> Option<String>>(
    reader: &mut Reader<F>,
    variable: &Variable,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<Vec<T>> {
    reader.read(variable, |text| {
        let entries = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|entry| !entry.is_empty());
        entries.map(parse).collect()
    })
}

/// A network of all addresses would let everybody name the user.
fn network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let network = text.parse().ok().or_else(address)?;
    unmapped(network).filter(|network| network.prefix_len() > 0)
}

/// Addresses of clients are compared as IPv4 where they are that within IPv6. `None` for a network that
/// holds all of these.
fn unmapped(network: IpNet) -> Option<IpNet> {
    let IpNet::V6(v6) = network else { return Some(network) };
    match (v6.network().to_ipv4_mapped(), v6.prefix_len().checked_sub(96)) {
        (Some(address), Some(length)) => Some(Ipv4Net::new(address, length).ok()?.into()),
        _ if v6.contains(&Ipv4Addr::UNSPECIFIED.to_ipv6_mapped()) => None,
        _ => Some(network),
    }
}

/// Proxies write the same name with a hyphen or an underscore, and some drop the latter.
fn user_header(text: &str) -> Option<HeaderName> {
    const OTHERS: [&str; 6] =
        ["authorization", "cookie", "host", "origin", "x-airalo-widget", "x-forwarded-for"];
    let name: HeaderName = text.parse().ok()?;
    let is_usable = name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_usable && !OTHERS.contains(&name.as_str())).then_some(name)
}
