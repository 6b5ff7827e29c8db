//! Conditional requests for the balance, and what the cache says about them.

use crate::support::{Setup, TestProxy, spawn_proxy, wait_until};
use airalo_balance_proxy::Timeouts;
use airalo_balance_sandbox::{Cents, Scenario};
use reqwest::Response;
use std::time::Duration;

async fn balance_unless(proxy: &TestProxy, tag: &str) -> Response {
    let request = proxy.client.get(format!("{}/api/balance", proxy.url)).header("X-Airalo-Widget", "1");
    request.header("If-None-Match", tag).send().await.unwrap()
}

fn header(response: &Response, name: &str) -> String {
    response.headers()[name].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_server_that_polls_gets_the_balance_again_only_when_it_has_changed() {
    let proxy = spawn_proxy(Setup::zero_ttl()).await;
    let first = proxy.balance().await;
    let (tag, cache_control) = (header(&first, "etag"), header(&first, "cache-control"));

    let second = balance_unless(&proxy, &tag).await;
    assert_eq!(second.status(), 304);
    assert_eq!((header(&second, "etag"), header(&second, "cache-control")), (tag.clone(), cache_control));
    // The time of the fetch is not lost with the body.
    assert!(header(&second, "last-modified").ends_with(" GMT"));
    assert!(second.headers().contains_key("date"));
    assert!(second.bytes().await.unwrap().is_empty());

    proxy.sandbox.state().set_balance(Cents::new(100));
    let third = balance_unless(&proxy, &tag).await;
    assert_eq!(third.status(), 200);
    assert_ne!(header(&third, "etag"), tag);
}

#[tokio::test]
async fn a_balance_that_became_stale_is_another_answer() {
    let proxy = spawn_proxy(Setup::zero_ttl()).await;
    let tag = header(&proxy.balance().await, "etag");
    proxy.sandbox.state().set_scenario(Scenario::Error500);
    let stale = balance_unless(&proxy, &tag).await;
    assert_eq!(stale.status(), 200);
    assert_ne!(header(&stale, "etag"), tag);
}

#[tokio::test]
async fn cache_status_says_where_the_balance_came_from() {
    let ttl = Duration::from_millis(300);
    let proxy = spawn_proxy(Setup { balance_ttl: ttl, ..Setup::slow_at_first() }).await;
    let status = async || header(&proxy.balance().await, "cache-status");
    assert_eq!(status().await, "airalo-balance; fwd=miss");
    proxy.sandbox.state().set_scenario(Scenario::Normal);
    wait_until("a balance comes from the cache", async || status().await == "airalo-balance; hit").await;
    wait_until("it has expired", async || status().await == "airalo-balance; fwd=stale").await;

    proxy.sandbox.state().set_scenario(Scenario::RateLimited);
    wait_until("a stale balance is served", async || {
        status().await.starts_with("airalo-balance; hit; detail=")
    })
    .await;
}

#[tokio::test]
async fn a_problem_that_the_cache_repeats_is_a_hit_too() {
    let timeouts = Timeouts { balance: Duration::from_millis(500), ..Timeouts::default() };
    let proxy = spawn_proxy(Setup { timeouts, ..Setup::scenario(Scenario::SlowHeaders) }).await;
    let first = proxy.balance().await;
    assert_eq!(header(&first, "cache-status"), "airalo-balance; fwd=miss; detail=upstream-timeout");
    let second = proxy.balance().await;
    assert_eq!(header(&second, "cache-status"), "airalo-balance; hit; detail=upstream-timeout");
}
