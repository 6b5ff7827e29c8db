//! Bodies that a handler reads.

use super::*;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::post;

const HEAD: &[u8] = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";

/// Says what it was sent.
fn echo() -> Router {
    async fn echo(request: Request) -> Result<Bytes, Response> {
        read_body(request, 8).await
    }
    Router::new().route("/", post(echo))
}

#[tokio::test]
async fn a_body_that_does_not_come_in_time_does_not_keep_its_connection() {
    let (mut stream, _stage) = connect(Deadlines { head: SHORT, ..LONG_DEADLINES }, echo()).await;
    stream.write_all(HEAD).await.unwrap();
    stream.write_all(b"hell").await.unwrap();
    assert!(rest(&mut stream).await.is_empty());
}

#[tokio::test]
async fn after_a_body_the_connection_has_the_time_of_an_idle_one() {
    let (mut stream, _stage) = connect(Deadlines { head: SHORT, ..LONG_DEADLINES }, echo()).await;
    stream.write_all(HEAD).await.unwrap();
    sleep(SHORT / 6).await;
    stream.write_all(b"hello").await.unwrap();
    read_greeting(&mut stream).await;
    // Well after the deadline of a head would be over, and has been noticed.
    sleep(SHORT + 2 * SWEEP_INTERVAL).await;
    stream.write_all(&[HEAD, b"hello"].concat()).await.unwrap();
    read_greeting(&mut stream).await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_with_the_last_response_of_its_connection() {
    let (mut stream, _stage) = connect(LONG_DEADLINES, echo()).await;
    let head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n";
    stream.write_all(head).await.unwrap();
    let response = String::from_utf8(rest(&mut stream).await).unwrap();
    assert!(response.starts_with("HTTP/1.1 413 ") && response.contains("connection: close"), "{response}");
}
