//! What the tests share.

mod card;
mod process;
mod proxy;
mod raw;
mod tls;
mod token;

pub(crate) use card::{BUILT_PAGE, built_card, spawn_proxy_with};
pub(crate) use process::{ProxyProcess, proxy_command};
pub(crate) use proxy::{Setup, TIMEOUT, TestProxy, get_balance, http_client, spawn_proxy};
pub(crate) use raw::send_raw;
pub(crate) use tls::{Certificates, TOKEN, spawn_partner, spawn_tunnels};
pub(crate) use token::{mint, mint_with, now};

use std::time::Duration;

/// Waits until a condition is true, however slow the machine is.
pub(crate) async fn wait_until<F: AsyncFnMut() -> bool>(what: &str, mut condition: F) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(TIMEOUT, wait).await.is_ok(), "never happened: {what}");
}

/// The text of a file in `contract/`.
pub(crate) fn contract(name: &str) -> String {
    let path = format!("{}/../contract/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}
