//! Connections that trickle, never end, break off or close when they are used again.

use crate::double::{never_fresh, start_proxy};
use crate::raw::{BALANCE, Counts, Manner, spawn};
use crate::wait::wait_until;
use airalo_balance_proxy::{Config, Timeouts};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Longer than the pause between two bytes, and far shorter than what trickles would take.
fn short_timeouts(config: &mut Config) {
    config.timeouts = Timeouts {
        connect: Duration::from_secs(2),
        read: Duration::from_millis(1000),
        request: Duration::from_millis(1500),
        balance: Duration::from_millis(3000),
    };
}

async fn is_closed(counts: &Counts) {
    wait_until("the proxy closes the connection", async || counts.finished.load(Ordering::Relaxed) > 0).await;
}

#[tokio::test]
async fn an_answer_that_trickles_ends_at_the_deadline_wherever_it_trickles() {
    let body = concat!(
        "HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n",
        "                                                     "
    );
    let head =
        "HTTP/1.1 200 OK\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let cases = [("/v2/balance", body), ("/v2/balance", head), ("/v2/token", body), ("/v2/token", head)];
    // All at once, because each of them takes the whole deadline.
    let cases = cases.map(|(path, text)| async move {
        let (url, counts) = spawn(path, Manner::Trickle(text)).await;
        let proxy = start_proxy(&url, short_timeouts).await;
        proxy.check_problem(504, "upstream-timeout", path).await;
        is_closed(&counts).await;
    });
    let [a, b, c, d] = cases;
    tokio::join!(a, b, c, d);
}

#[tokio::test]
async fn a_body_that_never_ends_is_read_no_further_than_a_balance_could_be_long() {
    let spaces = "                                        ";
    for (start, more) in [
        ("HTTP/1.1 200 OK\r\n\r\n", spaces),
        ("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n", spaces),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "4\r\n    \r\n"),
    ] {
        for path in ["/v2/balance", "/v2/token"] {
            let (url, counts) = spawn(path, Manner::Endless(start, more)).await;
            let proxy = start_proxy(&url, |_| {}).await;
            proxy.check_problem(502, "invalid-response", start).await;
            is_closed(&counts).await;
            // The system buffers some megabytes on the way.
            let bytes = counts.bytes.load(Ordering::Relaxed);
            assert!(bytes < 32 << 20, "{bytes} bytes were accepted");
        }
    }
}

#[tokio::test]
async fn a_head_that_never_ends_is_a_failed_connection() {
    for more in ["x-more: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
        let (url, counts) = spawn("/v2/balance", Manner::Endless("HTTP/1.1 200 OK\r\nx: ", more)).await;
        let proxy = start_proxy(&url, |_| {}).await;
        proxy.check_problem(502, "upstream", more).await;
        is_closed(&counts).await;
    }
}

#[tokio::test]
async fn what_is_not_http_or_breaks_off_is_a_failed_connection() {
    for text in [
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"data\":",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\0\0\0\0",
    ] {
        let (url, _) = spawn("/v2/balance", Manner::Once(text)).await;
        start_proxy(&url, |_| {}).await.check_problem(502, "upstream", text).await;
    }
}

#[tokio::test]
async fn a_body_that_ends_with_its_connection_is_whole() {
    let text: &'static str = String::leak(format!("HTTP/1.0 200 OK\r\n\r\n{BALANCE}"));
    let (url, _) = spawn("/v2/balance", Manner::Once(text)).await;
    assert_eq!(start_proxy(&url, |_| {}).await.balance().await.status(), 200);
}

#[tokio::test]
async fn a_partner_that_closes_each_kept_connection_without_notice_never_causes_a_stale_answer() {
    let (url, counts) = spawn("/v2/balance", Manner::CloseAtReuse).await;
    let proxy = start_proxy(&url, never_fresh).await;
    wait_until("several balances are fetched", async || {
        let (status, body) = proxy.read().await;
        assert_eq!(status, 200, "{body}");
        let meta = &body["meta"];
        assert!(meta["stale"] == false || meta["reason"] == "refreshing", "{body}");
        counts.balances.load(Ordering::Relaxed) >= 5
    })
    .await;
}
