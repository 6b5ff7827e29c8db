//! Who may ask for the balance, decided from the headers of a request and the address of its peer.
//!
//! Nothing here answers a request: that is in `routes/access.rs`.

mod client_address;
mod host;
mod jwt;
mod origin;
mod principal;
mod rate_limit;
mod signature;

pub(crate) use host::{AllowedHost, HostError, check as check_host};
pub(crate) use origin::Origin;
pub(crate) use principal::{Principal, Unidentified};
pub(crate) use signature::SignatureKey;

use crate::config::{AccessConfig, AccessSecrets};
use crate::server::Clients;
use arc_swap::ArcSwap;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use rate_limit::RateLimit;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// The rules of who may ask. Clones share them, and the counts of the rate limit.
#[derive(Clone, Debug)]
pub(crate) struct Access(Arc<Rules>);

#[derive(Debug)]
struct Rules {
    config: AccessConfig,
    /// Replaced when the secrets are read again.
    secrets: ArcSwap<AccessSecrets>,
    requests: RateLimit<Principal>,
    /// Requests whose credentials are missing or not valid, by address.
    failures: RateLimit<Principal>,
}

impl Clients for Access {
    fn is_trusted_proxy(&self, peer: IpAddr) -> bool {
        client_address::is_trusted(peer, &self.0.config.trusted_proxies)
    }

    fn client(&self, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
        client_address::of(headers, peer, &self.0.config.trusted_proxies)
    }
}

impl Access {
    pub(crate) fn new(config: AccessConfig) -> Self {
        jwt::install_cryptography();
        let secrets = ArcSwap::from_pointee(config.secrets.clone());
        let (requests, failures) = (RateLimit::new(config.rate_limit), RateLimit::new(config.rate_limit));
        Self(Arc::new(Rules { config, secrets, requests, failures }))
    }

    /// Takes other secrets. Requests that come later need them.
    ///
    /// Which modes of access there are does not change: without a secret its mode lets nobody in.
    pub(crate) fn replace_secrets(&self, secrets: AccessSecrets) {
        self.0.secrets.store(Arc::new(secrets));
    }

    /// Whether the host that the request is for is one of this server's.
    pub(crate) fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), HostError> {
        host::check(&self.0.config.hosts, uri, headers)
    }

    /// The value of the `Origin` header, if it is one of the origins that may ask.
    pub(crate) fn allowed_origin<'a>(&self, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
        origin::allowed(&self.0.config.origins, headers)
    }

    /// Whether the page that sends the request may ask: it is of this server or of an allowed
    /// origin, or there is none.
    pub(crate) fn is_page_allowed(&self, headers: &HeaderMap) -> bool {
        self.allowed_origin(headers).is_some() || origin::is_same_origin(headers)
    }

    /// The origins that may frame the page of one card, as they stand in a `frame-ancestors`.
    pub(crate) fn frame_ancestors(&self) -> Option<String> {
        let frames: Vec<_> = self.0.config.frames.iter().map(Origin::as_str).collect();
        (!frames.is_empty()).then(|| frames.join(" "))
    }

    /// Who sends the request, as far as this server accepts the credentials.
    pub(crate) fn identify(&self, headers: &HeaderMap, peer: IpAddr) -> Result<Principal, Unidentified> {
        principal::identify(&self.0.config, &self.0.secrets.load(), headers, peer)
    }

    /// Counts a request of this principal. The error is the time to wait.
    pub(crate) fn count(&self, principal: &Principal) -> Result<(), Duration> {
        self.0.requests.count(principal)
    }

    /// Counts a request without valid credentials. The error is the time to wait.
    pub(crate) fn count_failure(&self, headers: &HeaderMap, peer: IpAddr) -> Result<(), Duration> {
        let address = client_address::of(headers, peer, &self.0.config.trusted_proxies);
        self.0.failures.count(&Principal::from_address(address))
    }
}

/// The value of a header that must not be there twice.
pub(crate) fn single<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a HeaderValue>, Repeated> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() { Err(Repeated) } else { Ok(first) }
}

/// A header is there more than once.
#[derive(Debug)]
pub(crate) struct Repeated;

/// The token of `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = single(headers, &header::AUTHORIZATION).ok()??.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_matches(' '))
}
