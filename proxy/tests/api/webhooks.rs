//! Airalo's own notice of used credit, as the stand-in sends it and as others forge it.

use crate::support::{Setup, TestProxy, contract, send_raw, spawn_proxy, wait_until};
use airalo_balance_sandbox::{Cents, Scenario};
use reqwest::{Method, Response, StatusCode};
use ring::hmac;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PATH: &str = "/webhooks/airalo";

fn sign(secret: &str, body: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, secret.as_bytes()), body);
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn credit() -> String {
    contract("partner-webhook-credit").trim_end().to_owned()
}

async fn post(proxy: &TestProxy, signature: &str, body: impl Into<reqwest::Body>) -> Response {
    let request = proxy.client.post(format!("{}{PATH}", proxy.url)).header("airalo-signature", signature);
    request.body(body).send().await.unwrap()
}

async fn post_signed(proxy: &TestProxy, secret: &str, body: &str) -> StatusCode {
    post(proxy, &sign(secret, body.as_bytes()), body.to_owned()).await.status()
}

/// Has the stand-in send a webhook of its own.
async fn simulate(proxy: &TestProxy, event: Value) -> Value {
    let token = proxy.sandbox.state().issued_tokens().pop().unwrap();
    let url = format!("{}/v2/simulator/webhook", proxy.sandbox.url());
    let mut event = event;
    event["webhook_url"] = json!(format!("{}{PATH}", proxy.url));
    let request = proxy.client.post(url).bearer_auth(token).json(&event);
    request.send().await.unwrap().json().await.unwrap()
}

/// A proxy that has a balance, which it would keep for an hour.
async fn with_balance(variables: &[(&'static str, &str)]) -> TestProxy {
    let hour = Duration::from_hours(1);
    let setup = Setup { balance_ttl: hour, max_stale: hour, ..Setup::variables(variables) };
    let proxy = spawn_proxy(setup).await;
    wait_until("there is a balance", async || proxy.upstream_requests() == (1, 1)).await;
    proxy
}

/// The same, once a notice is no longer delayed after the first fetch.
async fn with_older_balance(variables: &[(&'static str, &str)]) -> TestProxy {
    let proxy = with_balance(variables).await;
    let start = Instant::now();
    wait_until("a second is over", async || start.elapsed() > Duration::from_millis(1100)).await;
    proxy
}

/// What the cache holds. A reader of a fresh balance causes no request.
async fn amount(proxy: &TestProxy) -> f64 {
    let body = proxy.balance_with(&[("Authorization", "Bearer 0123456789abcdef")]).await;
    let body: Value = body.json().await.unwrap();
    body["data"]["balances"][0]["availableBalance"]["amount"].as_f64().unwrap()
}

#[tokio::test]
async fn a_true_webhook_brings_the_new_balance_within_two_seconds() {
    let proxy = with_older_balance(&[("ACCESS_TOKEN", "0123456789abcdef")]).await;
    assert_eq!(amount(&proxy).await.to_bits(), 225.35_f64.to_bits());
    proxy.sandbox.state().set_balance(Cents::new(100));
    let start = Instant::now();
    let answer = simulate(&proxy, json!({"event": "credit_limit_notification", "level": "80"})).await;
    assert_eq!(answer, json!({"success": "Notification sent"}));
    wait_until("the new balance is there", async || amount(&proxy).await < 2.0).await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(proxy.upstream_requests(), (1, 2));
}

#[tokio::test]
async fn whatever_is_not_signed_with_the_secret_is_refused_and_changes_nothing() {
    let proxy = with_older_balance(&[]).await;
    let body = credit();
    let signature = sign("sandbox-secret", body.as_bytes());
    let cut = body.get(..body.len() - 1).unwrap();
    for (signature, body) in [
        (sign("another-secret", body.as_bytes()), body.as_str()),
        (signature.clone(), cut),
        (signature.clone(), ""),
        (signature.clone(), r#"{"message":"Surpassed 90% of the credit limit balance","remaining":225.35}"#),
        (signature.get(..64).unwrap().to_owned(), &body),
        ("0".repeat(128), &body),
        (String::new(), &body),
    ] {
        let response = post(&proxy, &signature, body.to_owned()).await;
        assert_eq!(response.status(), 401, "{signature} {body}");
        assert_eq!(response.text().await.unwrap(), contract("problem-unauthorized").trim_end());
    }
    let without = proxy.client.post(format!("{}{PATH}", proxy.url)).body(body.clone());
    assert_eq!(without.send().await.unwrap().status(), 401);
    let twice = proxy.client.post(format!("{}{PATH}", proxy.url)).header("airalo-signature", &signature);
    let twice = twice.header("airalo-signature", &signature).body(body.clone()).send().await.unwrap();
    assert_eq!(twice.status(), 401);
    check_nothing_was_asked(&proxy).await;
}

/// A true webhook shows it: had Airalo been asked before, there would be a second request.
async fn check_nothing_was_asked(proxy: &TestProxy) {
    proxy.sandbox.state().set_balance(Cents::new(100));
    assert_eq!(post_signed(proxy, "sandbox-secret", &credit()).await, 200);
    wait_until("the new balance is there", async || amount(proxy).await < 2.0).await;
    assert_eq!(proxy.upstream_requests(), (1, 2));
}

#[tokio::test]
async fn a_long_body_is_refused_although_it_is_signed_and_one_of_unknown_length_is_not() {
    let proxy = with_balance(&[]).await;
    let long = format!("{:16384} ", credit());
    let response = post(&proxy, &sign("sandbox-secret", long.as_bytes()), long).await;
    assert_eq!(response.status(), 413);
    assert_eq!(response.headers()["connection"], "close");
    assert_eq!(response.text().await.unwrap(), contract("problem-body-too-large").trim_end());

    for (body, status) in [(credit(), 200), (format!("{:16385}", credit()), 413)] {
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\
             airalo-signature: {}\r\n\r\n",
            sign("sandbox-secret", body.as_bytes())
        );
        let request = format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
        let response = send_raw(&proxy.url, request.as_bytes()).await;
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{response}");
    }
}

#[tokio::test]
async fn a_body_that_the_sender_has_written_in_another_way_than_it_was_signed_is_true_too() {
    let proxy = with_balance(&[]).await;
    let signed = r#"{"message":"A\/B \u00e9","remaining":225.35}"#;
    let sent = r#"{ "message": "A/B é", "remaining": 225.35 }"#;
    let signature = sign("sandbox-secret", signed.as_bytes());
    assert_eq!(post(&proxy, &signature, sent).await.status(), 200);
    wait_until("Airalo is asked", async || proxy.upstream_requests() == (1, 2)).await;
}

// The pause is five seconds, and a busy machine may need some more.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_replays_has_airalo_asked_once_in_a_pause() {
    let proxy = with_balance(&[("RATE_LIMIT", "0")]).await;
    let (start, mut sent) = (Instant::now(), 0);
    while start.elapsed() < Duration::from_secs(4) {
        let flood = (0..20).map(|_| async { post_signed(&proxy, "sandbox-secret", &credit()).await });
        for status in futures_util::future::join_all(flood).await {
            assert_eq!(status, 200);
            sent += 1;
        }
    }
    let (tokens, balances) = proxy.upstream_requests();
    let pauses = start.elapsed().as_secs() / 5 + 1;
    assert!((2..=1 + pauses).contains(&balances), "{balances} requests for {sent} webhooks");
    assert_eq!(tokens, 1);
    // The last of them is not lost.
    proxy.sandbox.state().set_balance(Cents::new(100));
    post_signed(&proxy, "sandbox-secret", &credit()).await;
    wait_until("the new balance is there", async || {
        proxy.balance_json().await["data"]["balances"][0]["availableBalance"]["amount"] == 1
    })
    .await;
}

#[tokio::test]
async fn a_webhook_does_not_shorten_a_backoff() {
    let proxy = with_balance(&[("RATE_LIMIT", "0")]).await;
    proxy.sandbox.state().set_scenario(Scenario::RateLimited);
    let start = Instant::now();
    wait_until("Airalo is asked again", async || {
        assert_eq!(post_signed(&proxy, "sandbox-secret", &credit()).await, 200);
        proxy.upstream_requests().1 == 3
    })
    .await;
    // That is its `Retry-After`. Without it the pause would be over after five seconds.
    assert!(start.elapsed() >= Duration::from_secs(7), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_notice_of_an_esims_data_is_taken_and_causes_no_request() {
    let proxy = with_older_balance(&[]).await;
    let event = json!({"event": "low_data_notification", "type": "data_90"});
    assert_eq!(simulate(&proxy, event).await, json!({"success": "Notification sent"}));
    check_nothing_was_asked(&proxy).await;
}

#[tokio::test]
async fn airalo_finds_the_address_with_head_and_nothing_else_can_be_done_with_it() {
    let proxy = with_balance(&[("ACCESS_TOKEN", "0123456789abcdef")]).await;
    let send = async |method: Method| {
        proxy.client.request(method, format!("{}{PATH}", proxy.url)).send().await.unwrap()
    };
    assert_eq!(send(Method::HEAD).await.status(), 200);
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
        let response = send(method.clone()).await;
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(response.headers().get_all("allow").iter().count(), 1);
        assert_eq!(response.headers()["allow"], "HEAD, OPTIONS, POST");
        assert_eq!(response.text().await.unwrap(), contract("problem-method-not-allowed").trim_end());
    }
    let options = send(Method::OPTIONS).await;
    assert_eq!(
        (options.status(), &options.headers()["allow"]),
        (StatusCode::NO_CONTENT, &"HEAD, OPTIONS, POST".parse().unwrap())
    );
    let other_host = proxy.client.head(format!("{}{PATH}", proxy.url)).header("Host", "evil.example");
    assert_eq!(other_host.send().await.unwrap().status(), 421);
}

#[tokio::test]
async fn forged_webhooks_are_limited_by_address_and_keep_no_true_one_out() {
    let proxy = with_balance(&[("RATE_LIMIT", "3")]).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(post_signed(&proxy, "guess", &credit()).await.as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 429]);
    for expected in [200, 200, 200, 429] {
        assert_eq!(post_signed(&proxy, "sandbox-secret", &credit()).await, expected);
    }
}

#[tokio::test]
async fn after_a_reload_the_new_secret_counts_and_the_old_one_does_not() {
    let proxy = with_balance(&[]).await;
    assert_eq!(post_signed(&proxy, "new-secret", &credit()).await, 401);
    proxy.reload_with_secret("new-secret");
    assert_eq!(post_signed(&proxy, "new-secret", &credit()).await, 200);
    assert_eq!(post_signed(&proxy, "sandbox-secret", &credit()).await, 401);
}
