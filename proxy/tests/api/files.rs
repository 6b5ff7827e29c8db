//! The files of the card, as they leave memory.

use crate::support::{ProxyProcess, built_card, http_client, proxy_command, spawn_proxy_with, wait_until};
use std::fs;

#[cfg(unix)]
#[tokio::test]
async fn no_path_of_any_length_or_bytes_is_more_than_a_404() {
    let directory = built_card();
    let assets_dir = directory.path().to_str().unwrap();
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &[("ASSETS_DIR", assets_dir)]));
    let (client, url) = (http_client(), process.url());
    let long = "a".repeat(256);
    for path in [
        format!("/{long}"),
        format!("/{long}.js"),
        format!("/card/{long}/airalo-balance.js"),
        format!("/{}", "a/".repeat(2000)),
        "/airalo-balance.js%00".to_owned(),
        "/%ff%fe".to_owned(),
        "//airalo-balance.js".to_owned(),
        "/./airalo-balance.js/.".to_owned(),
    ] {
        let response = client.get(format!("{url}{path}")).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
    }
    let log = process.stop();
    assert!(!log.iter().any(|line| line.contains("ERROR")), "{log:#?}");
}

#[cfg(unix)]
#[tokio::test]
async fn neither_hidden_files_nor_files_outside_the_directory_are_served() {
    let directory = built_card();
    fs::write(directory.path().join(".env"), "secret").unwrap();
    fs::create_dir(directory.path().join(".git")).unwrap();
    fs::write(directory.path().join(".git/HEAD"), "secret").unwrap();
    fs::write(directory.path().join("notes"), "secret").unwrap();
    std::os::unix::fs::symlink("/etc/hostname", directory.path().join("hostname.txt")).unwrap();
    std::os::unix::fs::symlink("/etc", directory.path().join("etc")).unwrap();
    let proxy = spawn_proxy_with(&directory).await;
    for path in ["/.env", "/.git/HEAD", "/notes", "/hostname.txt", "/etc/hostname", "/airalo-balance.js.br"] {
        assert_eq!(proxy.get(path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_304_repeats_what_a_cache_needs_and_each_encoding_has_its_own_tag() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    let get = async |encoding: &'static str, tag: &str| {
        let request = proxy.client.get(format!("{}/airalo-balance.js", proxy.url));
        request.header("Accept-Encoding", encoding).header("If-None-Match", tag).send().await.unwrap()
    };
    let plain = get("identity", "\"other\"").await;
    assert_eq!(plain.status(), 200);
    assert_eq!(plain.headers()["vary"], "accept-encoding, Origin");
    let tag = plain.headers()["etag"].to_str().unwrap().to_owned();
    assert!(tag.starts_with('"'), "{tag} is not a strong one");

    let known = get("identity", &format!("\"other\", {tag}")).await;
    assert_eq!(known.status(), 304);
    for name in ["etag", "cache-control", "vary", "cross-origin-resource-policy"] {
        assert_eq!(known.headers().get(name), plain.headers().get(name), "{name}");
    }
    assert!(!known.headers().contains_key("content-encoding"));
    assert_eq!(get("br", &tag).await.status(), 200);
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    // From then on the page has it.
    proxy.balance().await;
    for path in ["/", "/airalo-balance.js", "/airalo-balance_bg.wasm"] {
        let get = proxy.get(path).await;
        let head = proxy.client.head(format!("{}{path}", proxy.url)).send().await.unwrap();
        for name in ["content-type", "content-length", "etag", "cache-control", "vary"] {
            assert_eq!(head.headers().get(name), get.headers().get(name), "{path} {name}");
        }
        assert!(head.headers().contains_key("content-length"), "{path}");
        assert!(head.bytes().await.unwrap().is_empty());
    }
}

/// The build may be replaced while the proxy runs, and half a build is never served.
#[cfg(unix)]
#[tokio::test]
async fn a_new_build_is_served_after_sighup_and_a_lost_one_is_kept() {
    let directory = built_card();
    let assets_dir = directory.path().to_str().unwrap();
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &[("ASSETS_DIR", assets_dir)]));
    let (client, url) = (http_client(), process.url());
    let script =
        async || client.get(format!("{url}/airalo-balance.js")).send().await.unwrap().text().await.unwrap();
    let hang_up = |id: u32| {
        assert!(
            std::process::Command::new("kill").args(["-HUP", &id.to_string()]).status().unwrap().success()
        );
    };
    fs::write(directory.path().join("airalo-balance.js"), "new").unwrap();
    assert_eq!(script().await, "export {};");
    hang_up(process.id());
    wait_until("the new build is served", async || script().await == "new").await;

    fs::rename(directory.path(), directory.path().with_extension("gone")).unwrap();
    hang_up(process.id());
    process.wait_for_line("there is no built card");
    assert_eq!(script().await, "new");
    fs::rename(directory.path().with_extension("gone"), directory.path()).unwrap();
}

#[test]
fn without_a_build_the_log_says_so_once_at_the_start() {
    let mut process =
        ProxyProcess::start(proxy_command(&["--sandbox"], &[("ASSETS_DIR", "no-such-directory")]));
    let line = process.wait_for_line("there is no built card in ASSETS_DIR (no-such-directory)");
    assert!(line.contains("WARN"), "{line}");
    process.wait_for_line("listening on");
}
