//! What the tests share.

mod card;
mod process;
mod proxy;
mod raw;
mod tls;
mod token;
mod wait;

pub(crate) use card::{BUILT_PAGE, built_card, spawn_proxy_with};
pub(crate) use process::{ProxyProcess, proxy_command};
pub(crate) use proxy::{Setup, TIMEOUT, TestProxy, get_balance, http_client, spawn_proxy};
pub(crate) use raw::send_raw;
pub(crate) use tls::{Certificates, TOKEN, spawn_partner, spawn_tunnels};
pub(crate) use token::{mint, mint_with, now};
pub(crate) use wait::wait_until;

/// The text of a file in `contract/`.
pub(crate) fn contract(name: &str) -> String {
    let path = format!("{}/../contract/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}
