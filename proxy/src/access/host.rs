//! The host that a request is for.
//!
//! A page of another site can give its own name the address of this server (DNS rebinding), and then
//! asks it as its own origin. Only the name in the request tells that apart.

use super::single;
use axum::http::{HeaderMap, Uri, header};
use reqwest::Url;
use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A name that a request may be for, at any port or at one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllowedHost {
    name: String,
    port: Option<u16>,
}

/// Why a request is refused for its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostError {
    /// It names no host, several, or something that is none.
    Malformed,
    /// It is for a host that is not one of this server's.
    Unknown,
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl AllowedHost {
    /// A name or an address, with a port or without. Names of other scripts are encoded as browsers do.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Some(Self::from_address(address));
        }
        let (name, port) = split_port(text)?;
        let is_plain = !name.is_empty() && !name.contains(['/', '\\', '?', '#', '@', '*', '%']);
        let url = is_plain.then(|| Url::parse(&format!("http://{name}/")).ok())??;
        Some(Self { name: normalized(url.host_str()?)?.into_owned(), port })
    }

    fn from_address(address: IpAddr) -> Self {
        let name = match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        Self { name, port: None }
    }

    /// The names of this machine for itself, and an address that it listens on.
    pub(crate) fn loopback(listen: Option<SocketAddr>) -> Vec<Self> {
        let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let other = listen.map(|listen| listen.ip()).filter(|ip| !loopback.contains(ip));
        let addresses = loopback.into_iter().chain(other);
        Self::parse("localhost").into_iter().chain(addresses.map(Self::from_address)).collect()
    }

    /// Whether it is a name of this machine for itself.
    pub(crate) fn is_loopback(&self) -> bool {
        let address = self.name.trim_matches(['[', ']']).parse::<IpAddr>();
        address.map_or_else(|_| self.name == "localhost", |address| address.is_loopback())
    }

    fn matches(&self, name: &str, port: Option<u16>) -> bool {
        let fits = match (self.port, port) {
            (None, _) => true,
            // A browser leaves the port of its scheme out.
            (Some(allowed), None) => matches!(allowed, 80 | 443),
            (Some(allowed), Some(port)) => allowed == port,
        };
        fits && self.name == name
    }
}

/// Whether the host that a request is for is one of these.
pub(crate) fn check(allowed: &[AllowedHost], uri: &Uri, headers: &HeaderMap) -> Result<(), HostError> {
    let header = single(headers, &header::HOST).ok().flatten().ok_or(HostError::Malformed)?;
    // The target counts where it names the host too (RFC 9112, section 3.2.2).
    let text = match uri.authority() {
        Some(authority) => authority.as_str(),
        None => header.to_str().map_err(|_| HostError::Malformed)?,
    };
    let (name, port) = split_port(text).ok_or(HostError::Malformed)?;
    let name = normalized(name).ok_or(HostError::Malformed)?;
    let is_allowed = allowed.iter().any(|host| host.matches(&name, port));
    if is_allowed { Ok(()) } else { Err(HostError::Unknown) }
}

fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (text, None),
    };
    let Some(port) = port else { return Some((name, None)) };
    let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    Some((name, Some(is_number.then(|| port.parse().ok())??)))
}

/// In lower case, and an address in its one usual form.
fn normalized(name: &str) -> Option<Cow<'_, str>> {
    if let Some(rest) = name.strip_prefix('[') {
        let address: Ipv6Addr = rest.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]").into());
    }
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_name) {
        return None;
    }
    let is_lower = !name.bytes().any(|byte| byte.is_ascii_uppercase());
    Some(if is_lower { name.into() } else { name.to_ascii_lowercase().into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn result(allowed: &str, target: &str, hosts: &[&str]) -> Result<(), HostError> {
        let allowed: Vec<_> = allowed.split(' ').map(|text| AllowedHost::parse(text).unwrap()).collect();
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::try_from(*host).unwrap());
        }
        check(&allowed, &target.parse().unwrap(), &headers)
    }

    #[test]
    fn a_request_is_for_exactly_one_host_that_is_allowed() {
        let allowed =
            "panel.example.com b\u{fc}cher.example 192.0.2.1 [::1] only.example:8443 tls.example:443";
        let (malformed, unknown) = (Err(HostError::Malformed), Err(HostError::Unknown));
        for (host, expected) in [
            ("panel.example.com", Ok(())),
            ("PANEL.example.COM:8080", Ok(())),
            ("panel.example.com:65535", Ok(())),
            ("xn--bcher-kva.example", Ok(())),
            ("192.0.2.1:80", Ok(())),
            ("[::1]", Ok(())),
            ("[0:0::0:1]:8080", Ok(())),
            ("only.example:8443", Ok(())),
            ("tls.example", Ok(())),
            ("tls.example:443", Ok(())),
            ("only.example", unknown),
            ("only.example:8444", unknown),
            ("evil.example", unknown),
            ("panel.example.com.evil.example", unknown),
            ("evilpanel.example.com", unknown),
            ("panel.example.com.", unknown),
            ("example.com", unknown),
            ("192.0.2.10", unknown),
            ("3221225985", unknown),
            ("[::2]", unknown),
            ("", malformed),
            (":80", malformed),
            ("panel.example.com:", malformed),
            ("panel.example.com:x", malformed),
            ("panel.example.com:+80", malformed),
            ("panel.example.com:65536", malformed),
            ("user@panel.example.com", malformed),
            ("evil.example@panel.example.com", malformed),
            ("panel.example.com/", malformed),
            ("panel.example.com,evil.example", malformed),
            ("panel.example.com evil.example", malformed),
            ("panel%2eexample.com", malformed),
            ("::1", malformed),
            ("[::1", malformed),
            ("[panel.example.com]", malformed),
        ] {
            assert_eq!(result(allowed, "/", &[host]), expected, "{host}");
        }
        assert_eq!(result(allowed, "/", &[]), malformed);
        assert_eq!(result(allowed, "/", &["panel.example.com", "panel.example.com"]), malformed);
    }

    #[test]
    fn the_target_counts_where_it_names_the_host_too() {
        let result = |target, host| result("panel.example.com", target, &[host]);
        assert_eq!(result("http://panel.example.com/api/balance", "panel.example.com"), Ok(()));
        assert_eq!(result("http://panel.example.com:8080/", "evil.example"), Ok(()));
        assert_eq!(result("http://evil.example/", "panel.example.com"), Err(HostError::Unknown));
        assert_eq!(result("http://a@panel.example.com/", "panel.example.com"), Err(HostError::Malformed));
    }
}
