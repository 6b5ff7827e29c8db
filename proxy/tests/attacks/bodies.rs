//! Bodies, of which the program wants none.

use crate::support::{Target, attacker, connect_from, request, send, watch_during};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

/// Request lines and headers.
const HEADS: [(&str, &str); 5] = [
    ("POST /", "Content-Length: 1000000\r\n"),
    ("POST /api/balance", "X-Airalo-Widget: 1\r\nContent-Length: 1000000\r\n"),
    ("GET /", "Content-Length: 1000000\r\n"),
    ("GET /", "Transfer-Encoding: chunked\r\n"),
    ("PUT /", "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n"),
];

/// The one body that is read. Its sender is waited for as for a head.
const WEBHOOK: (&str, &str) = ("POST /webhooks/airalo", "Content-Length: 1000\r\n");

#[tokio::test]
async fn a_body_that_is_long_or_of_unknown_length_is_refused_at_once() {
    let target = Target::start(640).await;
    for (line, headers) in HEADS {
        let head = request(target.address, line, headers);
        let response = send(target.address, head.as_bytes()).await.unwrap();
        let response = String::from_utf8_lossy(&response);
        assert!(response.starts_with("HTTP/1.1 413"), "{head}: {response}");
        assert!(!response.contains("100 Continue"), "{head}: {response}");
    }
    target.stop();
}

#[tokio::test]
async fn a_small_body_is_not_read() {
    let target = Target::start(640).await;
    for line in ["GET /", "POST /"] {
        let head = request(target.address, line, "Content-Length: 5\r\n");
        let response = send(target.address, head.as_bytes()).await.unwrap();
        assert!(response.starts_with(b"HTTP/1.1 "), "{head}");
    }
    target.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_trickle_do_not_keep_others_waiting() {
    let target = Target::start(256).await;
    let address = target.address;
    watch_during("600 bodies that trickle", &target, async {
        let trickle = |number: usize| async move {
            let heads = [&HEADS[..], &[WEBHOOK; 5]].concat();
            let (line, headers) = heads[number % heads.len()];
            let Ok(mut stream) = connect_from(attacker(number % 6), address).await else { return };
            let _ = stream.write_all(request(address, line, headers).as_bytes()).await;
            let mut response = Vec::new();
            for _ in 0..20 {
                sleep(Duration::from_millis(100)).await;
                if stream.write_all(b"x").await.is_err() {
                    return;
                }
                let _ = timeout(Duration::from_millis(1), stream.read_buf(&mut response)).await;
            }
        };
        let attack: Vec<_> = (0..600).map(|number| tokio::spawn(trickle(number))).collect();
        for trickle in attack {
            trickle.await.unwrap();
        }
    })
    .await;
    target.stop();
}
