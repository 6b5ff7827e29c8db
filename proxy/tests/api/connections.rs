use crate::support::{Setup, send_raw, spawn_proxy};

#[tokio::test]
async fn headers_that_never_end_do_not_keep_a_connection_open() {
    let proxy = spawn_proxy(Setup::default()).await;
    let response = send_raw(&proxy.url, b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await;
    assert!(response.is_empty() || response.starts_with("HTTP/1.1 408"), "{response}");
}

#[tokio::test]
async fn headers_that_are_too_long_are_refused() {
    let proxy = spawn_proxy(Setup::default()).await;
    let request = format!("GET / HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n", "x".repeat(64 * 1024));
    let response = send_raw(&proxy.url, request.as_bytes()).await;
    assert!(response.is_empty() || response.starts_with("HTTP/1.1 431"), "{response}");
}

#[tokio::test]
async fn bytes_that_are_not_http_do_no_harm() {
    let proxy = spawn_proxy(Setup::default()).await;
    send_raw(&proxy.url, b"\x16\x03\x01 hello\r\n\r\n").await;
    assert_eq!(proxy.balance().await.status(), 200);
}
