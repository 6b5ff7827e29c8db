//! Who may ask for the balance.

use crate::support::{Setup, TestProxy, built_card, contract, spawn_proxy};
use reqwest::Response;

const TOKEN: (&str, &str) = ("ACCESS_TOKEN", "0123456789abcdef");
const BEARER: (&str, &str) = ("Authorization", "Bearer 0123456789abcdef");
const USER: (&str, &str) = ("TRUSTED_USER_HEADER", "X-Remote-User");
const WIDGET: (&str, &str) = ("X-Airalo-Widget", "1");

async fn check_unauthorized(response: Response, context: &str) {
    assert_eq!(response.status(), 401, "{context}");
    assert_eq!(response.headers()["www-authenticate"], "Bearer", "{context}");
    assert_eq!(response.headers()["content-type"], "application/problem+json", "{context}");
    assert_eq!(response.headers()["cache-control"], "private, no-store", "{context}");
    assert_eq!(response.text().await.unwrap(), contract("problem-unauthorized").trim_end(), "{context}");
}

#[tokio::test]
async fn a_server_asks_with_the_access_token_and_nothing_else() {
    let proxy = spawn_proxy(Setup::variables(&[TOKEN])).await;
    assert_eq!(proxy.get_with("/api/balance", &[BEARER]).await.status(), 200);
    for value in [
        "Bearer 0123456789abcdeF",
        "Bearer 0123456789abcde",
        "Bearer 0123456789abcdef0",
        "Bearer",
        "Bearer ",
        "Basic 0123456789abcdef",
        "0123456789abcdef",
    ] {
        let response = proxy.balance_with(&[("Authorization", value)]).await;
        check_unauthorized(response, value).await;
    }
    check_unauthorized(proxy.get_with("/api/balance", &[("Authorization", "Bearer wrong")]).await, "wrong")
        .await;
    check_unauthorized(proxy.balance().await, "none").await;
    check_unauthorized(proxy.balance_with(&[BEARER, BEARER]).await, "twice").await;
    // Where a token may stand is the header alone.
    check_unauthorized(
        proxy.get_with("/api/balance?access_token=0123456789abcdef", &[WIDGET]).await,
        "query",
    )
    .await;
    // A page that has the token is a page all the same.
    let page = proxy.get_with("/api/balance", &[BEARER, ("Sec-Fetch-Site", "cross-site")]).await;
    assert_eq!(page.status(), 403);
    assert_eq!(proxy.upstream_requests(), (1, 1));
}

#[tokio::test]
async fn without_credentials_a_browser_is_told_of_the_missing_header_first() {
    let proxy = spawn_proxy(Setup::variables(&[TOKEN])).await;
    let response = proxy.get("/api/balance").await;
    assert_eq!(response.status(), 403);
    assert_eq!(response.text().await.unwrap(), contract("problem-missing-widget-header").trim_end());
}

#[tokio::test]
async fn a_user_is_who_a_trusted_proxy_names_in_exactly_one_header() {
    let proxy = spawn_proxy(Setup::variables(&[("TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.1"), USER])).await;
    for (headers, expected) in [
        (&[("X-Remote-User", "ada")][..], 200),
        (&[("x-remote-USER", "ada")], 200),
        (&[("X-Remote-User", "ada"), ("X_Remote_User", "eve")], 200),
        (&[], 401),
        (&[("X-Remote-User", "")], 401),
        (&[("X-Remote-User", " ")], 401),
        (&[("X-Remote-User", "ada"), ("X-Remote-User", "eve")], 401),
        (&[("X-Remote-User", "ada"), ("x-remote-user", "ada")], 401),
        (&[("X_Remote_User", "ada")], 401),
        (&[("X-Remote_User", "ada")], 401),
        (&[("X-Remote-User-", "ada")], 401),
        (&[("Remote-User", "ada")], 401),
        (&[("X-Forwarded-For", "10.0.0.1")], 401),
    ] {
        assert_eq!(proxy.balance_with(headers).await.status(), expected, "{headers:?}");
    }
}

#[tokio::test]
async fn nobody_but_a_trusted_proxy_can_name_the_user() {
    let proxy = spawn_proxy(Setup::variables(&[("TRUSTED_PROXIES", "10.0.0.0/8,::1"), USER])).await;
    for forwarded in ["10.0.0.1", "127.0.0.1", "10.0.0.1, 10.0.0.2"] {
        let headers = [("X-Remote-User", "ada"), ("X-Forwarded-For", forwarded), ("X-Real-IP", forwarded)];
        check_unauthorized(proxy.balance_with(&headers).await, forwarded).await;
    }
}

#[tokio::test]
async fn any_of_several_modes_lets_a_request_through() {
    let trusted = ("TRUSTED_PROXIES", "127.0.0.1");
    let proxy = spawn_proxy(Setup::variables(&[TOKEN, trusted, USER])).await;
    assert_eq!(proxy.get_with("/api/balance", &[BEARER]).await.status(), 200);
    assert_eq!(proxy.balance_with(&[("X-Remote-User", "ada")]).await.status(), 200);
    let both = proxy.balance_with(&[("X-Remote-User", "ada"), ("Authorization", "Bearer other")]).await;
    assert_eq!(both.status(), 200);
    assert_eq!(proxy.balance().await.status(), 401);

    let proxy = spawn_proxy(Setup::variables(&[TOKEN, ("ALLOW_ANONYMOUS", "1")])).await;
    assert_eq!(proxy.balance().await.status(), 200);
    assert_eq!(proxy.balance_with(&[("Authorization", "Bearer other")]).await.status(), 200);
    assert_eq!(proxy.get("/api/balance").await.status(), 403);
}

async fn embeds(proxy: &TestProxy, path: &str, headers: &[(&str, &str)]) -> bool {
    let response = proxy.get_with(path, headers).await;
    assert_eq!(response.status(), 200, "{path} {headers:?}");
    let cache_control = response.headers()["cache-control"].clone();
    let embeds = response.text().await.unwrap().contains("225.35");
    assert_eq!(cache_control, if embeds { "private, no-store" } else { "no-cache" });
    embeds
}

#[tokio::test]
async fn a_page_embeds_the_balance_only_for_who_may_ask() {
    let directory = built_card();
    let variables = Setup::variables(&[TOKEN, ("TRUSTED_PROXIES", "127.0.0.1"), USER]);
    let proxy = spawn_proxy(Setup { assets_dir: directory.path().to_owned(), ..variables }).await;
    assert_eq!(proxy.get_with("/api/balance", &[BEARER]).await.status(), 200);
    for path in ["/", "/index.html", "/card", "/card.html"] {
        assert!(!embeds(&proxy, path, &[]).await, "{path}");
        assert!(!embeds(&proxy, path, &[("Authorization", "Bearer wrong")]).await, "{path}");
        assert!(embeds(&proxy, path, &[BEARER]).await, "{path}");
        assert!(embeds(&proxy, path, &[("X-Remote-User", "ada")]).await, "{path}");
    }
}

#[tokio::test]
async fn other_sites_may_link_to_the_page_and_see_nothing_of_it() {
    let directory = built_card();
    let proxy = spawn_proxy(Setup { assets_dir: directory.path().to_owned(), ..Setup::default() }).await;
    assert_eq!(proxy.balance().await.status(), 200);
    for path in ["/", "/card"] {
        for (site, destination, expected) in [
            ("none", "document", true),
            ("same-origin", "document", true),
            ("same-origin", "empty", true),
            ("same-site", "document", true),
            ("cross-site", "document", true),
            ("cross-site", "iframe", false),
            ("same-site", "iframe", false),
            ("cross-site", "frame", false),
            ("cross-site", "embed", false),
            ("cross-site", "object", false),
            ("cross-site", "empty", false),
            ("cross-site", "image", false),
            ("cross-site", "script", false),
        ] {
            let headers = [("Sec-Fetch-Site", site), ("Sec-Fetch-Dest", destination)];
            assert_eq!(embeds(&proxy, path, &headers).await, expected, "{path} {site} {destination}");
        }
        assert!(!embeds(&proxy, path, &[("Sec-Fetch-Site", "cross-site")]).await);
    }
}
