//! Every route there is, and that none of them escapes the rules.

use crate::support::{Setup, built_card, spawn_proxy};
use std::fs;

/// The paths that the sources of the public listener name.
pub(crate) fn paths() -> Vec<String> {
    let folder = format!("{}/src/routes", env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // Of the other listener, and of tests.
        if path.is_dir() || path.ends_with("health.rs") || path.ends_with("tests.rs") {
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        let calls = source.split(".route(").skip(1);
        paths.extend(calls.map(|call| call.split('"').nth(1).unwrap().to_owned()));
        assert!(!source.contains(".nest"), "the paths below are not in this list");
    }
    paths.sort();
    paths
}

#[test]
fn these_are_all_routes() {
    assert_eq!(
        paths(),
        [
            "/",
            "/api/balance",
            "/api/balance/history",
            "/card",
            "/card.html",
            "/index.html",
            "/webhooks/airalo"
        ]
    );
}

#[tokio::test]
async fn no_route_escapes_the_rules_of_host_headers_and_access() {
    let directory = built_card();
    let history = directory.path().join("history.db");
    let variables = [("ACCESS_TOKEN", "0123456789abcdef"), ("HISTORY", history.to_str().unwrap())];
    let setup = Setup::variables(&variables);
    let proxy = spawn_proxy(Setup { assets_dir: directory.path().to_owned(), ..setup }).await;
    let bearer = ("Authorization", "Bearer 0123456789abcdef");
    let widget = ("X-Airalo-Widget", "1");
    assert_eq!(proxy.get_with("/api/balance", &[bearer]).await.status(), 200);
    let others =
        ["/airalo-balance.js", "/card/0123456789abcdef/airalo-balance.js", "/nowhere"].map(String::from);
    for path in paths().into_iter().chain(others) {
        let path = path.as_str();
        assert_eq!(proxy.get_with(path, &[("Host", "evil.example"), bearer]).await.status(), 421, "{path}");
        if path.starts_with("/api/") {
            assert_eq!(proxy.get(path).await.status(), 403, "{path}");
            assert_eq!(proxy.get_with(path, &[widget]).await.status(), 401, "{path}");
            let cross_site = [widget, bearer, ("Sec-Fetch-Site", "cross-site")];
            assert_eq!(proxy.get_with(path, &cross_site).await.status(), 403, "{path}");
        }
        let response = proxy.get_with(path, &[widget]).await;
        for name in [
            "content-security-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "permissions-policy",
            "referrer-policy",
            "vary",
            "x-content-type-options",
            "x-frame-options",
        ] {
            assert_eq!(response.headers().get_all(name).iter().count(), 1, "{path}: {name}");
        }
        assert!(!response.text().await.unwrap().contains("225.35"), "{path}");
    }
}

/// The balance has one address, and neither another spelling nor a query is it.
#[tokio::test]
async fn another_spelling_of_a_path_reaches_nothing() {
    let directory = built_card();
    let setup = Setup::variables(&[("ACCESS_TOKEN", "0123456789abcdef")]);
    let proxy = spawn_proxy(Setup { assets_dir: directory.path().to_owned(), ..setup }).await;
    assert_eq!(
        proxy.get_with("/api/balance", &[("Authorization", "Bearer 0123456789abcdef")]).await.status(),
        200
    );
    for (path, status) in [
        ("/api%2fbalance", 404),
        ("/api%2Fbalance", 404),
        ("/%61pi/balance", 404),
        ("//api/balance", 404),
        ("/api//balance", 404),
        ("/API/balance", 404),
        ("/api/balance/", 404),
        ("/api/balance;x", 404),
        ("/api/balance%00", 404),
        ("/api/balance%20", 404),
        ("/x?path=/api/balance", 404),
        ("/api/balance?path=/livez", 401),
        ("/api/balance?path=/airalo-balance.js", 401),
    ] {
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Airalo-Widget: 1\r\nConnection: close\r\n\r\n"
        );
        let response = crate::support::send_raw(&proxy.url, head.as_bytes()).await;
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {response}");
        assert!(!response.contains("225.35"), "{path}");
    }
}
