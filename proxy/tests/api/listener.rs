use crate::{PATIENCE, Setup, spawn_proxy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

async fn talk(url: &str, words: &[u8]) -> String {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(words).await.unwrap();
    let mut answer = Vec::new();
    // A reset instead of a polite end is an end as well.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the connection was left open");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_head_that_never_ends_does_not_hold_its_connection() {
    let site = spawn_proxy(Setup::default()).await;
    let answer = talk(&site.url, b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let site = spawn_proxy(Setup::default()).await;
    let head = format!("GET / HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n", "x".repeat(64 * 1024));
    let answer = talk(&site.url, head.as_bytes()).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn what_is_not_http_does_no_harm() {
    let site = spawn_proxy(Setup::default()).await;
    talk(&site.url, b"\x16\x03\x01 hello\r\n\r\n").await;
    assert_eq!(site.balance().await.status(), 200);
}
