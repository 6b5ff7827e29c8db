//! `/card`, one card alone for a frame on another site.

use crate::support::{Setup, TestProxy, built_card, spawn_proxy};
use tempfile::TempDir;

const FRAMES: (&str, &str) = ("ALLOWED_FRAMES", "https://panel.example.com,http://localhost:3000");

async fn proxy_with(directory: &TempDir, variables: &[(&'static str, &str)]) -> TestProxy {
    let setup = Setup { assets_dir: directory.path().to_owned(), ..Setup::variables(variables) };
    let proxy = spawn_proxy(setup).await;
    assert_eq!(proxy.balance().await.status(), 200);
    proxy
}

#[tokio::test]
async fn only_the_card_may_be_framed_and_only_by_the_origins_of_the_list() {
    let directory = built_card();
    let proxy = proxy_with(&directory, &[FRAMES]).await;
    for path in ["/card", "/card.html", "/card?variant=compact&theme=dark"] {
        let response = proxy.get(path).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.ends_with("; frame-ancestors https://panel.example.com http://localhost:3000"),
            "{policy}"
        );
        assert!(!response.headers().contains_key("x-frame-options"), "{path}");
    }
    for path in ["/", "/index.html", "/airalo-balance.js", "/card/", "/nowhere"] {
        let response = proxy.get(path).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.ends_with("; frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(response.headers()["x-frame-options"], "DENY", "{path}");
    }
}

#[tokio::test]
async fn a_frame_on_another_site_shows_the_balance_only_if_frames_are_allowed() {
    let directory = built_card();
    let frame = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "iframe")];
    for (variables, path, expected) in
        [(&[FRAMES][..], "/card", true), (&[FRAMES], "/", false), (&[], "/card", false), (&[], "/", false)]
    {
        let proxy = proxy_with(&directory, variables).await;
        let page = proxy.get_with(path, &frame).await.text().await.unwrap();
        assert_eq!(page.contains("225.35"), expected, "{path} {variables:?}");
    }
    let proxy = proxy_with(&directory, &[FRAMES]).await;
    for destination in ["embed", "object", "image", "empty"] {
        let headers = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", destination)];
        let page = proxy.get_with("/card", &headers).await.text().await.unwrap();
        assert!(!page.contains("225.35"), "{destination}");
    }
}
