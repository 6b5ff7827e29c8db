//! A directory like that of a built card.

use super::proxy::{Setup, TestProxy, spawn_proxy};
use std::fs;
use tempfile::TempDir;

/// The page with the placeholders that the proxy fills.
pub(crate) const BUILT_PAGE: &str =
    "<!doctype html><body><!-- stand-in --><!-- history --><airalo-balance><!-- balance --></airalo-balance>";

/// Has a compressed copy of the script, and one folder whose name is a content hash.
pub(crate) fn built_card() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("index.html", BUILT_PAGE),
        ("card.html", BUILT_PAGE),
        ("airalo-balance.js", "export {};"),
        ("airalo-balance.js.br", "brotli"),
        ("airalo-balance_bg.wasm", "\0asm"),
    ] {
        fs::write(directory.path().join(name), text).unwrap();
    }
    for folder in ["0123456789abcdef", "not-of-the-build"] {
        let folder = directory.path().join("card").join(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("airalo-balance.js"), "export {};").unwrap();
    }
    directory
}

pub(crate) async fn spawn_proxy_with(directory: &TempDir) -> TestProxy {
    spawn_proxy(Setup { assets_dir: directory.path().to_owned(), ..Setup::default() }).await
}
