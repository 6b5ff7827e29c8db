use crate::support::{built_card, contract, send_raw, spawn_proxy_with};
use reqwest::{Method, Response};
use std::fs;

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; frame-ancestors 'none'";

fn check_security_headers(response: &Response, path: &str) {
    assert_eq!(response.headers()["content-security-policy"], CONTENT_SECURITY_POLICY, "{path}");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{path}");
    assert_eq!(response.headers()["referrer-policy"], "no-referrer", "{path}");
    assert_eq!(response.headers()["x-frame-options"], "DENY", "{path}");
    assert_eq!(response.headers()["cross-origin-opener-policy"], "same-origin", "{path}");
    assert!(response.headers()["permissions-policy"].to_str().unwrap().contains("camera=()"), "{path}");
}

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    for path in [
        "/",
        "/index.html",
        "/card",
        "/airalo-balance.js",
        "/api/balance",
        "/api/nothing",
        "/nowhere",
        "/%00",
        "/../x",
    ] {
        check_security_headers(&proxy.get(path).await, path);
    }
    let response = proxy.client.post(&proxy.url).send().await.unwrap();
    check_security_headers(&response, "POST /");
    check_security_headers(&proxy.balance().await, "the balance");
}

#[tokio::test]
async fn the_files_of_the_card_have_content_types_and_may_be_embedded() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    for (path, content_type) in
        [("/airalo-balance.js", "text/javascript"), ("/airalo-balance_bg.wasm", "application/wasm")]
    {
        let response = proxy.get(path).await;
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(content_type), "{path}");
        assert_eq!(response.headers()["cross-origin-resource-policy"], "cross-origin");
        assert_eq!(response.headers()["cache-control"], "no-cache");
    }
}

#[tokio::test]
async fn files_with_a_content_hash_in_their_path_are_immutable_and_no_others_are() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    let cache_control = async |path: &str| proxy.get(path).await.headers().get("cache-control").cloned();
    let immutable = cache_control("/card/0123456789abcdef/airalo-balance.js").await.unwrap();
    assert_eq!(immutable, "public, max-age=31536000, immutable");
    assert_eq!(cache_control("/card/not-of-the-build/airalo-balance.js").await.unwrap(), "no-cache");
    // These files may exist in another build, so a 404 must not be kept.
    for path in ["/card/fedcba9876543210/airalo-balance.js", "/card/0123456789abcdef/other.js"] {
        assert_eq!(proxy.get(path).await.status(), 404);
        assert_ne!(cache_control(path).await, Some(immutable.clone()), "{path}");
    }
}

#[tokio::test]
async fn a_file_that_has_not_changed_is_not_sent_again() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    let first = proxy.get("/airalo-balance.js").await;
    let tag = first.headers()["etag"].clone();
    let request = proxy.client.get(format!("{}/airalo-balance.js", proxy.url)).header("If-None-Match", tag);
    let second = request.send().await.unwrap();
    assert_eq!(second.status(), 304);
    check_security_headers(&second, "304");
}

#[tokio::test]
async fn a_compressed_copy_is_served_to_clients_that_accept_it() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    let request =
        proxy.client.get(format!("{}/airalo-balance.js", proxy.url)).header("Accept-Encoding", "br");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "br");
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/javascript"));
    assert_eq!(response.text().await.unwrap(), "brotli");
}

#[tokio::test]
async fn a_folder_has_its_page_below_its_slash_and_its_name_leads_there() {
    let directory = built_card();
    fs::create_dir_all(directory.path().join("docs/more")).unwrap();
    fs::write(directory.path().join("docs/index.html"), "the documentation").unwrap();
    fs::write(directory.path().join("docs/more/index.html"), "more of it").unwrap();
    let proxy = spawn_proxy_with(&directory).await;
    for (path, text, location) in
        [("/docs", "the documentation", "docs/"), ("/docs/more", "more of it", "more/")]
    {
        let page = proxy.get(&format!("{path}/")).await;
        assert_eq!(page.status(), 200, "{path}/");
        assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{path}/");
        check_security_headers(&page, path);
        assert_eq!(page.text().await.unwrap(), text);

        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let redirect = send_raw(&proxy.url, request.as_bytes()).await;
        assert!(redirect.starts_with("HTTP/1.1 308 "), "{redirect}");
        assert!(redirect.contains(&format!("\r\nlocation: {location}\r\n")), "{redirect}");
        // A browser, and whoever adds a path in front of it, finds the page by it.
        assert_eq!(proxy.get(path).await.text().await.unwrap(), text);
    }
    let redirect =
        send_raw(&proxy.url, b"GET /docs?a=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    assert!(redirect.contains("\r\nlocation: docs/?a=1\r\n"), "{redirect}");
    for path in ["//docs", "/docs//", "/docs/more/again", "//evil.example/.."] {
        assert_eq!(proxy.get(path).await.status(), 404, "{path}");
    }
    let post = proxy.client.post(format!("{}/docs", proxy.url)).send().await.unwrap();
    assert_eq!(post.status(), 405);
}

#[tokio::test]
async fn no_path_reaches_a_file_outside_the_directory_or_the_partner_api() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    for path in [
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/v2/balance",
        "/v2/token",
        "/_sandbox/state",
        "/api/balance/",
        "/api",
        "/livez",
        "/card/",
        "/card/0123456789abcdef",
        "/card/0123456789abcdef/",
        "/%00",
        "/x%ff",
        "/airalo-balance.js/x",
    ] {
        let response = proxy.get(path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(response.text().await.unwrap(), contract("problem-not-found").trim_end(), "{path}");
    }
    assert!(proxy.upstream_requests() <= (1, 1), "{:?}", proxy.upstream_requests());
}

#[tokio::test]
async fn only_get_head_and_options_are_allowed() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    for path in ["/", "/api/balance", "/airalo-balance.js"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
            let request = proxy.client.request(method, format!("{}{path}", proxy.url));
            let response = request.header("X-Airalo-Widget", "1").send().await.unwrap();
            assert_eq!(response.status(), 405, "{path}");
            assert_eq!(response.headers()["allow"], "GET, HEAD, OPTIONS", "{path}");
            assert_eq!(response.text().await.unwrap(), contract("problem-method-not-allowed").trim_end());
        }
        let options =
            proxy.client.request(Method::OPTIONS, format!("{}{path}", proxy.url)).send().await.unwrap();
        assert_eq!(
            (options.status().as_u16(), &options.headers()["allow"]),
            (204, &"GET, HEAD, OPTIONS".parse().unwrap())
        );
        let head = proxy.client.head(format!("{}{path}", proxy.url)).header("X-Airalo-Widget", "1");
        assert_eq!(head.send().await.unwrap().status(), 200, "{path}");
    }
}
