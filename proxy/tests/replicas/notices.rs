//! Airalo's webhooks, each of which reaches one of the replicas.

use crate::cluster::{Cluster, REPLICAS};
use crate::free_port::free_port;
use crate::load::client;
use crate::services::{REDIS, are_installed, redis};
use crate::wait::wait_until;
use airalo_balance_sandbox::Cents;
use reqwest::Client;
use ring::hmac;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const BODY: &str = r#"{"message":"Surpassed 80% of the credit limit balance","remaining":1}"#;

async fn notify(client: &Client, port: u16) {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, b"sandbox-secret"), BODY.as_bytes());
    let signature: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let request = client.post(format!("http://127.0.0.1:{port}/webhooks/airalo"));
    let response = request.header("airalo-signature", signature).body(BODY).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_to_one_replica_is_one_request_and_a_flood_to_all_is_one_a_second_at_most() {
    if !are_installed(&[REDIS]) {
        return;
    }
    let redis = redis(free_port());
    let mut cluster = Cluster::new(redis.port()).await;
    cluster.start_all();
    for replica in &mut cluster.replicas {
        replica.wait_for_line("listening on ");
    }
    wait_until("there is a balance", async || cluster.requests() == (1, 1)).await;
    // A notice right after a fetch waits for a second.
    sleep(Duration::from_millis(1100)).await;
    let client = client();

    cluster.sandbox.state().set_balance(Cents::new(100));
    let start = Instant::now();
    notify(&client, cluster.ports[3]).await;
    wait_until("Airalo is asked", async || cluster.requests() == (1, 2)).await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    // All others get it from the store, since theirs is as old as the TTL by now.
    sleep(Duration::from_secs(4)).await;
    for port in &cluster.ports {
        let url = format!("http://127.0.0.1:{port}/api/balance");
        let request = || client.get(&url).header("X-Airalo-Widget", "1").send();
        wait_until("each replica has the new balance", async || {
            request().await.unwrap().text().await.unwrap().contains(r#""amount":1,"#)
        })
        .await;
    }

    let ((_, before), start) = (cluster.requests(), Instant::now());
    while start.elapsed() < Duration::from_secs(8) {
        for replica in 0..REPLICAS {
            notify(&client, cluster.ports[replica]).await;
        }
    }
    let (tokens, after) = cluster.requests();
    let seconds = start.elapsed().as_secs();
    assert!((1..=seconds + 1).contains(&(after - before)), "{} requests in {seconds} s", after - before);
    assert_eq!(tokens, 1);
}
