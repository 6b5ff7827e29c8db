use crate::cluster::{Cluster, REPLICAS};
use crate::free_port::free_port;
use crate::load::Load;
use crate::process::ProxyProcess;
use crate::receiver::{Mode, Receiver};
use crate::services::{REDIS, are_installed, redis};
use crate::wait::wait_until;
use airalo_balance_sandbox::Cents;
use std::time::{Duration, Instant};

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn start(cluster: &Cluster, receiver: &Receiver) -> Vec<ProxyProcess> {
    let variables =
        [("LOW_THRESHOLD", "200"), ("NOTIFY_WEBHOOK_URL", &*receiver.url()), ("NOTIFY_WEBHOOK_SECRET", KEY)];
    cluster.ports.iter().map(|port| cluster.start_with(*port, &variables)).collect()
}

/// A replica that is killed while it delivers leaves a lease of 15 s behind.
async fn wait_for(receiver: &Receiver, count: usize) {
    let end = Instant::now() + Duration::from_secs(120);
    while receiver.events().len() < count {
        assert!(Instant::now() < end, "{:?}", receiver.events());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_replicas_tell_each_change_once_also_when_they_are_killed_meanwhile() {
    if !are_installed(&[REDIS]) {
        return;
    }
    let redis = redis(free_port());
    let mut cluster = Cluster::new(redis.port()).await;
    let receiver = Receiver::start().await;
    let state = cluster.sandbox.state().clone();
    state.set_balance(Cents::new(90_000));
    cluster.replicas = start(&cluster, &receiver);
    let urls: Vec<_> = cluster.ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect();
    let load = Load::start(&urls);
    wait_until("the balance is read", async || cluster.requests().1 >= 2).await;

    state.set_balance(Cents::new(19_000));
    wait_for(&receiver, 1).await;
    // Nobody can receive while all replicas are killed and started again.
    receiver.set(Mode::Status(503));
    state.set_balance(Cents::new(0));
    wait_until("an attempt fails", async || receiver.attempts().len() >= 2).await;
    cluster.replicas.clear();
    receiver.set(Mode::Status(200));
    cluster.replicas = start(&cluster, &receiver);
    wait_for(&receiver, 2).await;
    state.set_balance(Cents::new(90_000));
    wait_for(&receiver, 3).await;
    let readings = cluster.requests().1;
    wait_until("it is read three times more", async || cluster.requests().1 >= readings + 3).await;
    load.stop().await;

    assert_eq!(receiver.events(), ["balance.low", "balance.critical", "balance.ok"]);
    let attempts = receiver.attempts();
    let mut ids: Vec<_> = attempts.iter().map(|attempt| attempt.id.clone()).collect();
    ids.sort();
    ids.dedup();
    eprintln!("{REPLICAS} replicas, {} attempts, {} alerts", attempts.len(), ids.len());
    assert_eq!(ids.len(), 3);
    assert!(attempts.iter().all(|attempt| attempt.is_signed_with(KEY)));
}
