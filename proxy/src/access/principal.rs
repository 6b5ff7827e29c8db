//! Who sends a request.

use super::{bearer, client_address, jwt, single};
use crate::config::{AccessConfig, AccessSecrets};
use crate::server::network_of;
use axum::http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};
use std::net::IpAddr;
use subtle::ConstantTimeEq;

/// Whom a request is counted for.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) enum Principal {
    /// A server with the access token.
    Server,
    /// Airalo, whose webhooks are signed.
    Airalo,
    /// The `sub` of a widget token.
    Subject(String),
    /// The user whom a trusted proxy names.
    User(Vec<u8>),
    /// Whoever is at this address.
    Address(IpAddr),
}

/// The request has no credentials that are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unidentified {
    /// It has a token.
    pub(crate) has_token: bool,
    /// Why the token of a page is not accepted, for the log.
    pub(crate) reason: Option<&'static str>,
}

impl Principal {
    pub(super) fn from_address(address: IpAddr) -> Self {
        Self::Address(network_of(address))
    }
}

/// The first mode that is configured and fits.
pub(super) fn identify(
    config: &AccessConfig,
    secrets: &AccessSecrets,
    headers: &HeaderMap,
    peer: IpAddr,
) -> Result<Principal, Unidentified> {
    let token = bearer(headers);
    let mut unidentified = Unidentified { has_token: token.is_some(), reason: None };
    let address = || Principal::from_address(client_address::of(headers, peer, &config.trusted_proxies));
    if let (Some(token), Some(secret)) = (token, &secrets.access_token)
        && is_equal(token, secret)
    {
        return Ok(Principal::Server);
    }
    if let (Some(token), Some(secret)) = (token, &secrets.widget_token_secret) {
        let origin = single(headers, &header::ORIGIN).map_err(|_| unidentified)?;
        match jwt::verify(token, secret, origin) {
            Ok(accepted) => return Ok(accepted.subject.map_or_else(address, Principal::Subject)),
            Err(reason) => unidentified.reason = Some(reason),
        }
    }
    if let Some(name) = &config.trusted_user_header
        && client_address::is_trusted(peer, &config.trusted_proxies)
    {
        // A client that smuggles a second value past the proxy may name anybody.
        let user = single(headers, name).map_err(|_| unidentified)?;
        if let Some(user) = user.map(|user| user.as_bytes().trim_ascii()).filter(|user| !user.is_empty()) {
            return Ok(Principal::User(user.to_vec()));
        }
    }
    if config.is_open() { Ok(address()) } else { Err(unidentified) }
}

/// In a time that does not tell how many bytes are right.
fn is_equal(token: &str, secret: &SecretString) -> bool {
    token.as_bytes().ct_eq(secret.expose_secret().as_bytes()).into()
}
