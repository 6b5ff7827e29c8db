//! Parsers for the values of variables. `None` means that the value is invalid.

use reqwest::Url;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

/// An address of the partner API. The token can place orders, so it must not travel unencrypted
/// beyond this machine.
pub(super) fn base_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let has_origin_only = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let has_no_user = url.username().is_empty() && url.password().is_none();
    let is_safe = match url.scheme() {
        "https" => true,
        "http" => is_loopback(url.host_str()?),
        _ => false,
    };
    (has_origin_only && has_no_user && is_safe).then_some(url)
}

pub(super) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

pub(super) fn loopback_address(text: &str) -> Option<SocketAddr> {
    text.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback())
}

/// Whether only one of two sockets can have its address. With port 0 each gets a port of its own.
pub(super) fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    let covers = |all: IpAddr, ip: IpAddr| all.is_unspecified() && (all.is_ipv6() || ip.is_ipv4());
    let (a, b) = (one.ip(), other.ip());
    one.port() == other.port() && one.port() != 0 && (a == b || covers(a, b) || covers(b, a))
}

pub(super) fn seconds(text: &str, range: RangeInclusive<u64>) -> Option<Duration> {
    text.parse().ok().filter(|seconds| range.contains(seconds)).map(Duration::from_secs)
}

pub(super) fn is_redis_url(text: &str) -> bool {
    redis::parse_redis_url(text).is_some() && redis::Client::open(text).is_ok()
}

pub(super) fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}
