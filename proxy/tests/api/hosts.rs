//! The name that a request is for. A page that gives its own name the address of this server (DNS
//! rebinding) is told apart by it alone.

use crate::support::{Setup, built_card, contract, get_balance, send_raw, spawn_proxy, spawn_proxy_with};

fn port(url: &str) -> &str {
    url.rsplit(':').next().unwrap()
}

#[tokio::test]
async fn a_page_of_another_name_gets_neither_the_balance_nor_the_page_nor_a_file() {
    let directory = built_card();
    let proxy = spawn_proxy_with(&directory).await;
    assert_eq!(proxy.balance().await.status(), 200);
    let rebound = format!("evil.example:{}", port(&proxy.url));
    for path in ["/", "/index.html", "/card", "/api/balance", "/airalo-balance.js", "/nowhere"] {
        for host in
            [rebound.as_str(), "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0"]
        {
            let headers = [("Host", host), ("X-Airalo-Widget", "1"), ("Sec-Fetch-Site", "same-origin")];
            let response = proxy.get_with(path, &headers).await;
            assert_eq!(response.status(), 421, "{path} {host}");
            assert_eq!(response.headers()["content-type"], "application/problem+json", "{path} {host}");
            assert_eq!(response.text().await.unwrap(), contract("problem-unknown-host").trim_end());
        }
    }
}

#[tokio::test]
async fn a_page_of_another_name_reads_no_metrics_and_a_scraper_learns_the_remedy() {
    let proxy = spawn_proxy(Setup::default()).await;
    for (host, status) in [("evil.example", 421), ("localhost:1", 200), ("127.0.0.1", 200)] {
        let request = proxy.client.get(format!("{}/metrics", proxy.admin_url)).header("Host", host);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{host}");
        let text = response.text().await.unwrap();
        assert_eq!(text.contains("airalo_"), status == 200, "{text}");
        assert_eq!(text.contains("set ADMIN_LISTEN"), status == 421, "{text}");
    }
}

#[tokio::test]
async fn a_health_check_may_name_any_host_or_none() {
    let proxy = spawn_proxy(Setup::default()).await;
    for (path, head, status) in [
        ("/livez", "HTTP/1.0\r\n", 200),
        ("/readyz", "HTTP/1.0\r\n", 200),
        ("/readyz", "HTTP/1.1\r\nHost: balance.internal\r\n", 200),
        ("/metrics", "HTTP/1.0\r\n", 421),
    ] {
        let request = format!("GET {path} {head}Connection: close\r\n\r\n");
        let response = send_raw(&proxy.admin_url, request.as_bytes()).await;
        let line = response.lines().next().unwrap_or_default();
        assert_eq!(line.split(' ').nth(1), Some(status.to_string().as_str()), "{path} {head}: {response}");
    }
}

#[tokio::test]
async fn without_a_list_the_loopback_names_are_served_at_any_port() {
    let proxy = spawn_proxy(Setup::default()).await;
    for host in ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:8080"] {
        assert_eq!(proxy.balance_with(&[("Host", host)]).await.status(), 200, "{host}");
    }
}

#[tokio::test]
async fn a_list_takes_the_place_of_the_loopback_names() {
    let proxy =
        spawn_proxy(Setup::variables(&[("ALLOWED_HOSTS", "Panel.example.com, api.example:8443")])).await;
    for (host, status) in [
        ("panel.example.com", 200),
        ("panel.example.com:8080", 200),
        ("api.example:8443", 200),
        ("api.example", 421),
        ("127.0.0.1", 421),
    ] {
        assert_eq!(proxy.balance_with(&[("Host", host)]).await.status(), status, "{host}");
    }
    assert_eq!(get_balance(&proxy.client, &proxy.url).await.status(), 421);
}

#[tokio::test]
async fn a_request_names_its_host_exactly_once() {
    let proxy = spawn_proxy(Setup::default()).await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\n", 400),
        ("GET / HTTP/1.0\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n", 400),
        ("GET / HTTP/1.1\r\nHost:\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a@localhost\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: localhost, evil.example\r\n", 400),
        ("GET http://evil.example/api/balance HTTP/1.1\r\nHost: localhost\r\nX-Airalo-Widget: 1\r\n", 421),
        ("GET http://localhost/api/balance HTTP/1.1\r\nHost: evil.example\r\nX-Airalo-Widget: 1\r\n", 200),
        ("GET /api/balance HTTP/1.0\r\nHost: localhost\r\nX-Airalo-Widget: 1\r\n", 200),
    ] {
        let response = send_raw(&proxy.url, format!("{head}Connection: close\r\n\r\n").as_bytes()).await;
        let line = response.lines().next().unwrap_or_default();
        assert_eq!(line.split(' ').nth(1), Some(status.to_string().as_str()), "{head}: {response}");
        assert!(response.to_lowercase().contains("\r\nx-frame-options: deny\r\n"), "{head}: {response}");
        assert_eq!(response.contains("225.35"), status == 200, "{head}");
    }
}
