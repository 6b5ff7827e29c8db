//! Readers do not wait for Airalo once there is a balance.

use crate::support::{Setup, TestProxy, get_balance, spawn_proxy, wait_until};
use airalo_balance_proxy::Timeouts;
use airalo_balance_sandbox::{Cents, Scenario};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Reads at this interval for a while, and returns the longest time that a read took and every body.
async fn read_for(proxy: &TestProxy, duration: Duration, every: Duration) -> (Duration, Vec<Value>) {
    let end = Instant::now() + duration;
    let mut readers = Vec::new();
    while Instant::now() < end {
        let (client, url) = (proxy.client.clone(), proxy.url.clone());
        readers.push(tokio::spawn(async move {
            let start = Instant::now();
            let response = get_balance(&client, &url).await;
            (start.elapsed(), response.json::<Value>().await.unwrap())
        }));
        tokio::time::sleep(every).await;
    }
    let (mut longest, mut bodies) = (Duration::ZERO, Vec::new());
    for reader in readers {
        let (time, body) = reader.await.unwrap();
        longest = longest.max(time);
        bodies.push(body);
    }
    (longest, bodies)
}

/// Nobody waits longer than 300 ms for Airalo once there is a balance; the rest is for a busy machine.
const LONGEST: Duration = Duration::from_millis(300 + 200);

#[tokio::test]
async fn airalo_is_asked_at_the_start_although_nobody_reads() {
    let proxy = spawn_proxy(Setup::default()).await;
    wait_until("Airalo is asked", async || proxy.upstream_requests() == (1, 1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_end_of_the_ttl_a_slow_airalo_keeps_no_reader_waiting() {
    let mut setup = Setup { balance_ttl: Duration::from_millis(700), ..Setup::default() };
    setup.sandbox.slow = Duration::from_millis(1500);
    let proxy = spawn_proxy(setup).await;
    proxy.balance().await;
    proxy.sandbox.state().set_scenario(Scenario::SlowHeaders);
    let (longest, bodies) = read_for(&proxy, Duration::from_millis(2000), Duration::from_millis(20)).await;
    assert!(longest < LONGEST, "{longest:?}");
    assert!(bodies.iter().any(|body| body["meta"]["reason"] == "refreshing"));
    assert!(bodies.iter().all(|body| body["meta"]["stale"] == body["meta"]["reason"].is_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_outage_no_reader_waits_and_all_get_the_last_balance_with_the_reason() {
    let timeouts = Timeouts { request: Duration::from_secs(1), ..Timeouts::default() };
    let mut setup = Setup { balance_ttl: Duration::from_millis(200), timeouts, ..Setup::default() };
    setup.sandbox.slow = Duration::from_secs(10);
    let proxy = spawn_proxy(setup).await;
    proxy.balance().await;
    for (scenario, reason) in [(Scenario::Error500, "upstream"), (Scenario::SlowHeaders, "upstream-timeout")]
    {
        proxy.sandbox.state().set_scenario(scenario);
        wait_until("the outage is noticed", async || proxy.balance_json().await["meta"]["reason"] == reason)
            .await;
        // Several probes fall into this time.
        let (longest, bodies) =
            read_for(&proxy, Duration::from_millis(3500), Duration::from_millis(50)).await;
        assert!(longest < LONGEST, "{scenario:?}: {longest:?}");
        for body in bodies {
            assert_eq!(body["data"]["balances"][0]["availableBalance"]["amount"], 225.35);
            assert_eq!((&body["meta"]["stale"], &body["meta"]["reason"]), (&true.into(), &reason.into()));
        }
    }
}

#[tokio::test]
async fn a_reader_waits_briefly_for_a_newer_balance_and_gets_it() {
    let proxy = spawn_proxy(Setup::zero_ttl()).await;
    proxy.balance().await;
    proxy.sandbox.state().set_balance(Cents::new(100));
    let body = proxy.balance_json().await;
    assert_eq!(body["data"]["balances"][0]["availableBalance"]["amount"], 1);
    assert_eq!(body["meta"]["stale"], false);
}

#[tokio::test]
async fn a_reload_with_the_same_credentials_keeps_the_token() {
    let proxy = spawn_proxy(Setup::zero_ttl()).await;
    proxy.balance().await;
    for _ in 0..3 {
        proxy.reload_with(&[]);
        let before = proxy.upstream_requests().1;
        wait_until("a balance is fetched", async || {
            assert_eq!(proxy.balance_json().await["meta"]["stale"], false);
            proxy.upstream_requests().1 > before
        })
        .await;
    }
    assert_eq!(proxy.upstream_requests().0, 1);
}

#[tokio::test]
async fn new_credentials_are_used_without_a_restart() {
    let proxy = spawn_proxy(Setup { client_secret: "wrong", ..Setup::zero_ttl() }).await;
    wait_until("the credentials are refused", async || proxy.balance().await.status() == 502).await;
    let ready = async || {
        let response = proxy.client.get(format!("{}/readyz", proxy.admin_url)).send().await.unwrap();
        response.status()
    };
    assert_eq!(ready().await, 503);

    proxy.reload_with(&[]);
    wait_until("the new secret is accepted", async || proxy.balance().await.status() == 200).await;
    assert_eq!(ready().await, 200);
}
