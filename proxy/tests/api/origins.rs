//! Pages of other origins.

use crate::support::{Setup, TestProxy, built_card, contract, spawn_proxy};
use reqwest::{Method, Response};

const PANEL: &str = "https://panel.example.com";

/// One allowed origin with the port of its scheme, one with a port of its own, one of another script.
const ORIGINS: (&str, &str) = (
    "ALLOWED_ORIGINS",
    "https://panel.example.com http://panel.example.com:3000 https://b\u{fc}cher.example",
);

async fn preflight(proxy: &TestProxy, path: &str, origin: &str) -> Response {
    let request = proxy.client.request(Method::OPTIONS, format!("{}{path}", proxy.url));
    let request = request.header("Origin", origin).header("Access-Control-Request-Method", "GET");
    request.header("Access-Control-Request-Headers", "x-airalo-widget").send().await.unwrap()
}

fn check_not_shared(response: &Response, context: &str) {
    assert!(!response.headers().contains_key("access-control-allow-origin"), "{context}");
    assert!(!response.headers().contains_key("access-control-allow-credentials"), "{context}");
    assert_eq!(response.headers()["vary"], "Origin", "{context}");
}

#[tokio::test]
async fn an_origin_is_allowed_only_if_it_is_exactly_one_of_the_list() {
    let proxy = spawn_proxy(Setup::variables(&[ORIGINS])).await;
    for origin in [PANEL, "http://panel.example.com:3000", "https://xn--bcher-kva.example"] {
        for site in ["cross-site", "same-site"] {
            let response = proxy.balance_with(&[("Origin", origin), ("Sec-Fetch-Site", site)]).await;
            assert_eq!(response.status(), 200, "{origin}");
            assert_eq!(response.headers()["access-control-allow-origin"], origin);
            assert_eq!(response.headers()["access-control-allow-credentials"], "true");
            assert_eq!(response.headers()["access-control-expose-headers"], "Date, ETag, Retry-After");
            assert_eq!(response.headers()["vary"], "Origin");
            assert_eq!(response.headers()["cross-origin-resource-policy"], "same-origin");
        }
    }
    for origin in [
        "null",
        "",
        "*",
        "https://panel.example.com.evil.tld",
        "https://evilpanel.example.com",
        "https://evil.panel.example.com",
        "https://example.com",
        "https://panel.example.com:444",
        "https://panel.example.com:443",
        "https://panel.example.com.",
        "https://panel.example.com/",
        "https://panel.example.com@evil.tld",
        "http://panel.example.com",
        "http://panel.example.com:3001",
        "HTTPS://PANEL.EXAMPLE.COM",
        "https://Panel.example.com",
        "https://b\u{fc}cher.example",
        "https://panel.example.com https://evil.tld",
        "https://panel.example.com, https://panel.example.com",
        "panel.example.com",
    ] {
        for site in [Some("cross-site"), Some("same-site"), Some("none"), None] {
            let mut headers = vec![("Origin", origin)];
            headers.extend(site.map(|site| ("Sec-Fetch-Site", site)));
            let response = proxy.balance_with(&headers).await;
            assert_eq!(response.status(), 403, "{origin} {site:?}");
            check_not_shared(&response, origin);
            assert_eq!(response.text().await.unwrap(), contract("problem-forbidden-origin").trim_end());
        }
        let response = preflight(&proxy, "/api/balance", origin).await;
        assert_eq!(response.status(), 403, "{origin}");
        check_not_shared(&response, origin);
    }
    let repeated = proxy.balance_with(&[("Origin", PANEL), ("Origin", PANEL)]).await;
    assert_eq!(repeated.status(), 403);
    check_not_shared(&repeated, "twice");
    assert_eq!(proxy.upstream_requests(), (1, 1));
}

#[tokio::test]
async fn without_an_allowed_origin_only_pages_of_this_server_may_ask() {
    let proxy = spawn_proxy(Setup::default()).await;
    let own = proxy.url.as_str();
    for (headers, status) in [
        (&[][..], 200),
        (&[("Sec-Fetch-Site", "same-origin")], 200),
        (&[("Sec-Fetch-Site", "none")], 200),
        (&[("Origin", own)], 200),
        (&[("Origin", own), ("Sec-Fetch-Site", "same-origin")], 200),
        (&[("Sec-Fetch-Site", "cross-site")], 403),
        (&[("Sec-Fetch-Site", "same-site")], 403),
        (&[("Sec-Fetch-Site", "")], 403),
        (&[("Sec-Fetch-Site", "Same-Origin")], 403),
        (&[("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")], 403),
        (&[("Sec-Fetch-Site", "same-origin, cross-site")], 403),
        (&[("Origin", own), ("Sec-Fetch-Site", "cross-site")], 403),
        (&[("Origin", "http://127.0.0.1:1")], 403),
        (&[("Origin", "http://localhost")], 403),
        (&[("Origin", "null")], 403),
    ] {
        assert_eq!(proxy.balance_with(headers).await.status(), status, "{headers:?}");
    }
}

#[tokio::test]
async fn a_preflight_is_answered_before_anybody_is_asked_who_they_are() {
    let token = ("ACCESS_TOKEN", "0123456789abcdef");
    let proxy = spawn_proxy(Setup::variables(&[ORIGINS, token, ("RATE_LIMIT", "1")])).await;
    for _ in 0..5 {
        let response = preflight(&proxy, "/api/balance", PANEL).await;
        assert_eq!(response.status(), 204);
        for (name, value) in [
            ("access-control-allow-origin", PANEL),
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "GET, HEAD"),
            ("access-control-max-age", "600"),
            ("vary", "Origin"),
        ] {
            assert_eq!(response.headers()[name], value);
        }
        let allowed = response.headers()["access-control-allow-headers"].to_str().unwrap().to_owned();
        let allowed: Vec<_> = allowed.split(", ").collect();
        for name in [
            "accept",
            "authorization",
            "content-type",
            "if-none-match",
            "x-airalo-widget",
            "x-csrf-token",
            "x-requested-with",
            "x-xsrf-token",
        ] {
            assert!(allowed.contains(&name), "{name}");
        }
        assert_eq!(allowed.len(), 8);
    }
}

#[tokio::test]
async fn a_cache_keeps_the_answers_for_each_origin_apart_whatever_they_are() {
    let directory = built_card();
    let variables = Setup::variables(&[ORIGINS, ("RATE_LIMIT", "1")]);
    let proxy = spawn_proxy(Setup { assets_dir: directory.path().to_owned(), ..variables }).await;
    let tag = proxy.get("/airalo-balance.js").await.headers()["etag"].to_str().unwrap().to_owned();
    let widget = ("X-Airalo-Widget", "1");
    for (path, headers, status) in [
        ("/", &[][..], 200),
        ("/card", &[], 200),
        ("/airalo-balance.js", &[], 200),
        ("/airalo-balance.js", &[("If-None-Match", tag.as_str())], 304),
        ("/nowhere", &[], 404),
        ("/api/balance", &[], 403),
        ("/", &[("Host", "evil.example")], 421),
        ("/api/balance", &[widget], 200),
        ("/api/balance", &[widget], 429),
    ] {
        for origin in [PANEL, "https://evil.example"] {
            if path == "/api/balance" && origin != PANEL {
                continue;
            }
            let response = proxy.get_with(path, &[headers, &[("Origin", origin)]].concat()).await;
            assert_eq!(response.status(), status, "{path}");
            let vary = response.headers()["vary"].to_str().unwrap();
            assert!(vary.split(", ").any(|name| name == "Origin"), "{path} {status}: {vary}");
            let shared = response.headers().get("access-control-allow-origin");
            assert_eq!(shared.is_some_and(|value| value == PANEL), origin == PANEL, "{path} {status}");
        }
    }
    let compressed = proxy.get_with("/airalo-balance.js", &[("Accept-Encoding", "br")]).await;
    let vary = compressed.headers()["vary"].to_str().unwrap().to_lowercase();
    assert!(vary.contains("accept-encoding") && vary.ends_with(", origin"), "{vary}");
}

/// A page of another origin has the card by one script, as long as it is a module: browsers load
/// modules, and what these load, with CORS.
#[tokio::test]
async fn pages_of_every_origin_may_load_the_files_and_nothing_else() {
    let directory = built_card();
    let setup = Setup::variables(&[ORIGINS]);
    let proxy = spawn_proxy(Setup { assets_dir: directory.path().to_owned(), ..setup }).await;
    let tag = proxy.get("/airalo-balance.js").await.headers()["etag"].to_str().unwrap().to_owned();
    let other = ("Origin", "https://evil.example");
    for (path, headers) in [
        ("/airalo-balance.js", vec![]),
        ("/airalo-balance.js", vec![other]),
        ("/airalo-balance.js", vec![("Origin", "null")]),
        ("/airalo-balance.js", vec![other, ("If-None-Match", tag.as_str())]),
        ("/airalo-balance_bg.wasm", vec![other]),
        ("/card/0123456789abcdef/airalo-balance.js", vec![other]),
    ] {
        let response = proxy.get_with(path, &headers).await;
        assert_eq!(response.headers()["access-control-allow-origin"], "*", "{path} {headers:?}");
        assert!(!response.headers().contains_key("access-control-allow-credentials"), "{path} {headers:?}");
    }
    // With credentials no browser would take a `*`.
    let allowed = proxy.get_with("/airalo-balance.js", &[("Origin", PANEL)]).await;
    assert_eq!(allowed.headers()["access-control-allow-origin"], PANEL);
    assert_eq!(allowed.headers()["access-control-allow-credentials"], "true");

    let widget = ("X-Airalo-Widget", "1");
    for path in crate::routes::paths().iter().map(String::as_str).chain(["/nowhere", "/card/nowhere.js"]) {
        for headers in [vec![widget], vec![widget, other], vec![("Host", "evil.example"), other]] {
            let response = proxy.get_with(path, &headers).await;
            assert!(!response.headers().contains_key("access-control-allow-origin"), "{path} {headers:?}");
        }
    }
}
