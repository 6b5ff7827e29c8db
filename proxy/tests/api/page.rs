use crate::support::{
    BUILT_PAGE, Setup, built_card, get_balance, http_client, spawn_proxy, spawn_proxy_with, wait_until,
};
use airalo_balance_proxy::{Config, Proxy};
use airalo_balance_sandbox::Scenario;

#[tokio::test]
async fn the_page_has_no_note_about_a_stand_in_unless_there_is_one() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    for path in ["/", "/index.html"] {
        let response = proxy.get(path).await;
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
        assert!(response.text().await.unwrap().starts_with("<!doctype html><body><airalo-balance>"));
    }
}

#[tokio::test]
async fn the_page_embeds_a_cached_balance_and_requests_none() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    let json = proxy.balance().await.text().await.unwrap();
    let page = proxy.get("/").await;
    assert_eq!(page.headers()["cache-control"], "private, no-store");
    let content = format!("USD 225.35<script type=\"application/json\">{json}</script>");
    assert_eq!(
        page.text().await.unwrap(),
        format!("<!doctype html><body><airalo-balance>{content}</airalo-balance>")
    );
    assert_eq!(proxy.upstream_requests(), (1, 1));
}

#[tokio::test]
async fn the_page_does_not_wait_for_airalo() {
    let directory = built_card();
    let setup = Setup { assets_dir: directory.path().to_owned(), ..Setup::scenario(Scenario::SlowHeaders) };
    let proxy = spawn_proxy(setup).await;
    let page = proxy.get("/").await;
    assert_eq!(page.headers()["cache-control"], "no-cache");
    assert_eq!(page.text().await.unwrap(), "<!doctype html><body><airalo-balance></airalo-balance>");
}

#[tokio::test]
async fn the_page_has_the_last_balance_although_it_is_old() {
    let directory = built_card();
    let proxy = spawn_proxy(Setup { assets_dir: directory.path().to_owned(), ..Setup::zero_ttl() }).await;
    proxy.balance().await;
    proxy.sandbox.state().set_scenario(Scenario::Error500);
    wait_until("the page says why its balance is old", async || {
        let page = proxy.get("/").await.text().await.unwrap();
        assert!(page.contains("USD 225.35<script"), "{page}");
        page.contains(r#""stale":true,"reason":"upstream""#)
    })
    .await;
}

#[tokio::test]
async fn with_the_sandbox_the_page_says_so_and_links_to_its_console() {
    let directory = built_card();
    let assets_dir = directory.path().to_str().unwrap().to_owned();
    let config = Config::from_vars(true, |name| match name {
        "LISTEN" => Some("127.0.0.1:0".to_owned()),
        "ASSETS_DIR" => Some(assets_dir.clone()),
        _ => None,
    });
    let proxy = Proxy::bind(config.unwrap()).await.unwrap();
    let url = format!("http://{}", proxy.address());
    let console = proxy.sandbox().unwrap().url();
    let server = tokio::spawn(proxy.run_until(std::future::pending()));

    let page = http_client().get(&url).send().await.unwrap().text().await.unwrap();
    let note = format!(
        r#"<p class="stand-in" role="note">These figures come from a built-in stand-in of the Airalo Partner API. <a href="{console}/">Change them in its console</a>.</p>"#
    );
    let (before, after) = BUILT_PAGE.split_once("<!-- balance -->").unwrap();
    let link = r#"<a href="./history.html">History</a>"#;
    let before = before.replace("<!-- stand-in -->", &note).replace("<!-- history -->", link);
    assert!(page.starts_with(&before), "the stand-in has a history: {page}");
    assert!(page.ends_with(after), "{page}");
    assert_eq!(http_client().get(format!("{console}/")).send().await.unwrap().status(), 200);
    assert!(get_balance(&http_client(), &url).await.text().await.unwrap().contains("225.35"));
    server.abort();
}

#[tokio::test]
async fn every_page_links_to_the_history_where_one_is_kept() {
    let directory = built_card();
    let nav = "<nav><!-- history --></nav>";
    std::fs::create_dir(directory.path().join("docs")).unwrap();
    for name in ["gallery.html", "gallery.html.br", "docs/index.html"] {
        std::fs::write(directory.path().join(name), nav).unwrap();
    }
    let assets_dir = directory.path().to_str().unwrap().to_owned();
    let expect_links = async |url: &str, [beside, above]: [&str; 2]| {
        for (path, link) in [("gallery.html", beside), ("docs/", above)] {
            let response = http_client().get(format!("{url}/{path}")).send().await.unwrap();
            assert_eq!(response.text().await.unwrap(), format!("<nav>{link}</nav>"));
        }
    };
    let without = spawn_proxy_with(&directory).await;
    expect_links(&without.url, ["<!-- history -->"; 2]).await;

    let config = Config::from_vars(true, |name| match name {
        "LISTEN" => Some("127.0.0.1:0".to_owned()),
        "ASSETS_DIR" => Some(assets_dir.clone()),
        _ => None,
    });
    let with = Proxy::bind(config.unwrap()).await.unwrap();
    let url = format!("http://{}", with.address());
    let server = tokio::spawn(with.run_until(std::future::pending()));
    let links = [r#"<a href="./history.html">History</a>"#, r#"<a href="../history.html">History</a>"#];
    expect_links(&url, links).await;
    // The compressed copy knows nothing of the link.
    let request = http_client().get(format!("{url}/gallery.html")).header("accept-encoding", "br");
    assert!(request.send().await.unwrap().headers().get("content-encoding").is_none());
    server.abort();
}

#[tokio::test]
async fn without_a_built_card_the_balance_is_served_and_the_page_names_the_build_command() {
    let proxy = spawn_proxy(Setup::default()).await;
    let response = proxy.get("/").await;
    assert_eq!(response.status(), 404);
    assert!(response.text().await.unwrap().contains("cargo xtask demo"));
    assert_eq!(proxy.balance().await.status(), 200);
}
