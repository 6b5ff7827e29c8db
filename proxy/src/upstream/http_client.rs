//! What every HTTP client of the proxy has in common.

use crate::config::OutgoingProxy;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};

/// A client for one address: it follows no redirect, and reaches it directly or through this proxy,
/// whatever the environment says.
pub(crate) fn http_client(url: &Url, proxy: Option<&OutgoingProxy>) -> reqwest::Result<ClientBuilder> {
    // This fails when a provider is installed already, which then is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let encrypted = url.scheme() == "https";
    let mut client = Client::builder()
        .user_agent(concat!("airalo-balance-proxy/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        // One request a minute gains nothing by a kept connection, which the server may close at
        // the very moment at which it is used again.
        .pool_max_idle_per_host(0)
        .https_only(encrypted);
    if !encrypted {
        // Plain HTTP on loopback also works on machines without root certificates.
        client = client.tls_certs_only([]);
    }
    match proxy {
        Some(proxy) => Ok(client.proxy(proxy.to_rule()?)),
        None => Ok(client),
    }
}
