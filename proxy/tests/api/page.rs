use crate::{Setup, Site, client, contract, spawn_proxy};
use airalo_balance_proxy::{Config, Proxy};
use reqwest::{Method, Response};
use std::fs;
use tempfile::TempDir;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; require-trusted-types-for 'script'";

const PAGE: &str = "<!doctype html><body><!-- stand-in --><airalo-balance><!-- balance --></airalo-balance>";

/// A card as it might be built, with a compressed copy of its script.
fn built() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("index.html", PAGE),
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

async fn site_with(directory: &TempDir) -> Site {
    spawn_proxy(Setup { assets_dir: directory.path().to_owned(), ..Setup::default() }).await
}

fn check_guards(response: &Response, path: &str) {
    assert_eq!(response.headers()["content-security-policy"], POLICY, "{path}");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{path}");
    assert_eq!(response.headers()["referrer-policy"], "no-referrer", "{path}");
}

#[tokio::test]
async fn every_answer_carries_the_guards() {
    let directory = built();
    let site = site_with(&directory).await;
    for path in [
        "/",
        "/index.html",
        "/airalo-balance.js",
        "/api/balance",
        "/api/nothing",
        "/nowhere",
        "/%00",
        "/../x",
    ] {
        check_guards(&site.get(path).await, path);
    }
    let response = site.client.post(&site.url).send().await.unwrap();
    check_guards(&response, "POST /");
    check_guards(&site.balance().await, "the balance");
}

#[tokio::test]
async fn the_files_of_the_card_have_their_types_and_may_be_embedded() {
    let directory = built();
    let site = site_with(&directory).await;
    for (path, kind) in
        [("/airalo-balance.js", "text/javascript"), ("/airalo-balance_bg.wasm", "application/wasm")]
    {
        let response = site.get(path).await;
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(kind), "{path}");
        assert_eq!(response.headers()["cross-origin-resource-policy"], "cross-origin");
        assert_eq!(response.headers()["cache-control"], "no-cache");
    }
}

#[tokio::test]
async fn what_is_named_after_its_contents_is_kept_for_ever_and_nothing_else_is() {
    let directory = built();
    let site = site_with(&directory).await;
    let keep = async |path: &str| site.get(path).await.headers().get("cache-control").cloned();
    let for_ever = keep("/card/0123456789abcdef/airalo-balance.js").await.unwrap();
    assert_eq!(for_ever, "public, max-age=31536000, immutable");
    assert_eq!(keep("/card/not-of-the-build/airalo-balance.js").await.unwrap(), "no-cache");
    // A file of another build: it may be there again tomorrow.
    for path in ["/card/fedcba9876543210/airalo-balance.js", "/card/0123456789abcdef/other.js"] {
        assert_eq!(site.get(path).await.status(), 404);
        assert_ne!(keep(path).await, Some(for_ever.clone()), "{path}");
    }
}

#[tokio::test]
async fn a_file_that_did_not_change_is_not_sent_twice() {
    let directory = built();
    let site = site_with(&directory).await;
    let first = site.get("/airalo-balance.js").await;
    let tag = first.headers()["etag"].clone();
    let request = site.client.get(format!("{}/airalo-balance.js", site.url)).header("If-None-Match", tag);
    let second = request.send().await.unwrap();
    assert_eq!(second.status(), 304);
    check_guards(&second, "304");
}

#[tokio::test]
async fn a_compressed_copy_is_preferred_where_it_is_understood() {
    let directory = built();
    let site = site_with(&directory).await;
    let request = site.client.get(format!("{}/airalo-balance.js", site.url)).header("Accept-Encoding", "br");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "br");
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/javascript"));
    assert_eq!(response.text().await.unwrap(), "brotli");
}

#[tokio::test]
async fn the_page_says_nothing_about_a_stand_in_unless_there_is_one() {
    let directory = built();
    let site = site_with(&directory).await;
    for path in ["/", "/index.html"] {
        let response = site.get(path).await;
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
        assert_eq!(response.text().await.unwrap(), "<!doctype html><body><airalo-balance></airalo-balance>");
    }
}

#[tokio::test]
async fn the_page_carries_a_balance_that_is_known_and_asks_for_none() {
    let directory = built();
    let site = site_with(&directory).await;
    let page = site.get("/").await;
    assert_eq!(page.headers()["cache-control"], "no-cache");
    assert!(!page.text().await.unwrap().contains("225.35"));
    assert_eq!(site.asked(), (0, 0));

    let answer = site.balance().await.text().await.unwrap();
    let page = site.get("/").await;
    assert_eq!(page.headers()["cache-control"], "private, no-store");
    let inside = format!("USD\u{a0}225.35<script type=\"application/json\">{answer}</script>");
    assert_eq!(
        page.text().await.unwrap(),
        format!("<!doctype html><body><airalo-balance>{inside}</airalo-balance>")
    );
    assert_eq!(site.asked(), (1, 1));
}

#[tokio::test]
async fn with_a_stand_in_the_page_says_so_and_leads_to_its_console() {
    let directory = built();
    let assets_dir = directory.path().to_str().unwrap().to_owned();
    let config = Config::from_vars(true, |name| match name {
        "LISTEN" => Some("127.0.0.1:0".to_owned()),
        "ASSETS_DIR" => Some(assets_dir.clone()),
        _ => None,
    });
    let proxy = Proxy::bind(config.unwrap()).await.unwrap();
    let url = format!("http://{}", proxy.address());
    let console = proxy.stand_in().unwrap().url();
    let server = tokio::spawn(proxy.run_until(std::future::pending()));

    let page = client().get(&url).send().await.unwrap().text().await.unwrap();
    let note = format!(
        r#"<p class="stand-in" role="note">These figures come from a built-in stand-in of the Airalo Partner API. <a href="{console}/">Change them in its console</a>.</p>"#
    );
    assert_eq!(page, PAGE.replace("<!-- stand-in -->", &note).replace("<!-- balance -->", ""));
    assert_eq!(client().get(format!("{console}/")).send().await.unwrap().status(), 200);
    assert!(crate::ask(&client(), &url).await.text().await.unwrap().contains("225.35"));
    server.abort();
}

#[tokio::test]
async fn without_a_built_card_the_balance_is_served_and_the_page_names_the_command() {
    let site = spawn_proxy(Setup::default()).await;
    let response = site.get("/").await;
    assert_eq!(response.status(), 404);
    assert!(response.text().await.unwrap().contains("cargo xtask demo"));
    assert_eq!(site.balance().await.status(), 200);
}

#[tokio::test]
async fn no_path_leads_out_of_the_directory_or_to_the_partner() {
    let directory = built();
    fs::create_dir(directory.path().join("inner")).unwrap();
    fs::write(directory.path().join("inner/index.html"), "inner").unwrap();
    let site = site_with(&directory).await;
    for path in [
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/v2/balance",
        "/v2/token",
        "/_sandbox/state",
        "/api/balance/",
        "/api",
        "/livez",
        "/inner",
        "/inner/",
        "/%00",
        "/x%ff",
        "/airalo-balance.js/x",
    ] {
        let response = site.get(path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(response.text().await.unwrap(), contract("problem-not-found").trim_end(), "{path}");
    }
    assert_eq!(site.asked(), (0, 0));
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let directory = built();
    let site = site_with(&directory).await;
    for path in ["/", "/api/balance", "/airalo-balance.js"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let request = site.client.request(method, format!("{}{path}", site.url));
            let response = request.header("X-Airalo-Widget", "1").send().await.unwrap();
            assert_eq!(response.status(), 405, "{path}");
            let allow = response.headers()["allow"].to_str().unwrap().replace(' ', "");
            assert_eq!(allow, "GET,HEAD", "{path}");
            assert_eq!(response.text().await.unwrap(), contract("problem-method-not-allowed").trim_end());
        }
        let head = site.client.head(format!("{}{path}", site.url)).header("X-Airalo-Widget", "1");
        assert_eq!(head.send().await.unwrap().status(), 200, "{path}");
    }
}
