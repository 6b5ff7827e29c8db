use crate::cluster::{Cluster, TTL_SECONDS};
use crate::free_port::free_port;
use crate::load::{Load, after_the_first_answer, client, failed, quantile, read};
use crate::process::ProxyProcess;
use crate::services::{REDIS, SlowLink, are_installed, redis};
use crate::wait::wait_until;
use airalo_balance_sandbox::Scenario;
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Nine seconds of a fetch, and three more.
const LEASE: Duration = Duration::from_secs(12);

fn urls(cluster: &Cluster) -> Vec<String> {
    cluster.ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_replica_that_asks_is_killed_another_one_asks_within_the_lease() {
    if !are_installed(&[REDIS]) {
        return;
    }
    let redis = redis(free_port());
    let mut cluster = Cluster::new(redis.port()).await;
    cluster.sandbox.state().set_scenario(Scenario::SlowHeaders);
    let holder = cluster.start(cluster.ports[0]);
    wait_until("the balance is requested", async || cluster.requests() == (1, 1)).await;
    // Dropping it is `kill -9`.
    drop(holder);
    let killed = Instant::now();
    cluster.sandbox.state().set_scenario(Scenario::Normal);
    cluster.start_all();
    let url = format!("{}/api/balance", urls(&cluster)[1]);
    let client = client();
    wait_until("a balance is served", async || read(&client, &url).await.result == Ok(200)).await;
    let recovered = killed.elapsed();
    eprintln!("recovered {recovered:?} after kill -9; requests {:?}", cluster.requests());
    assert!(recovered < LEASE + Duration::from_secs(2), "{recovered:?}");
    // The token that the killed replica had is known to the others.
    assert_eq!(cluster.requests(), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_is_slow_or_gone_reads_go_on() {
    if !are_installed(&[REDIS]) {
        return;
    }
    let port = free_port();
    let mut server = redis(port);
    let link = SlowLink::to(port).await;
    let mut cluster = Cluster::new(link.port).await;
    cluster.start_all();
    for (replica, url) in urls(&cluster).iter().enumerate() {
        cluster.replicas[replica].wait_for_line("listening on ");
        assert_eq!(read(&client(), &format!("{url}/api/balance")).await.result, Ok(200));
    }
    let phase = Duration::from_secs(2 * TTL_SECONDS);
    for what in ["well", "slow", "gone"] {
        match what {
            "slow" => link.set_delay(Duration::from_secs(2)),
            "gone" => server.kill(),
            _ => {}
        }
        let load = Load::start(&urls(&cluster));
        sleep(phase).await;
        let reads = load.stop().await;
        let answered = after_the_first_answer(&reads);
        eprintln!(
            "Redis is {what}: {} reads, p99 {:?}, requests so far {:?}",
            answered.len(),
            quantile(answered, 0.99),
            cluster.requests()
        );
        assert!(failed(&reads).is_empty(), "{what}: {:?}", failed(&reads).first());
        assert!(quantile(answered, 0.99) < Duration::from_secs(1), "{what}");
    }
    assert_eq!(cluster.requests().0, 1, "the token of each replica is still good");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_starts_while_redis_is_away_has_a_balance_for_its_first_reader() {
    if !are_installed(&[REDIS]) {
        return;
    }
    // Nobody listens there.
    let cluster = Cluster::new(free_port()).await;
    let mut replica = cluster.start(cluster.ports[0]);
    replica.wait_for_line("listening on ");
    assert_eq!(read(&client(), &format!("{}/api/balance", urls(&cluster)[0])).await.result, Ok(200));
    let log = replica.stop();
    assert_eq!(log.iter().filter(|line| line.contains("a little later")).count(), 1, "{log:#?}");
}

fn readyz(replica: &mut ProxyProcess) -> String {
    let line = replica.wait_for_line("health on ");
    line.split("health on ").nth(1).unwrap().split(',').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_makes_its_own_replicas_unready_and_no_other_one_and_costs_them_one_token_request() {
    if !are_installed(&[REDIS]) {
        return;
    }
    let redis = redis(free_port());
    let mut cluster = Cluster::new(redis.port()).await;
    let wrong = [("AIRALO_CLIENT_SECRET", "old-secret")];
    let mut refused = cluster.start_with(cluster.ports[3], &wrong);
    let refused_url = readyz(&mut refused);
    refused.wait_for_line("no balance from Airalo");
    assert_eq!(cluster.requests(), (1, 0));
    let mut also_refused = cluster.start_with(cluster.ports[4], &wrong);

    cluster.ports.truncate(3);
    cluster.start_all();
    let url = format!("{}/api/balance", urls(&cluster)[0]);
    wait_until("a replica with the right secret has a balance", async || {
        read(&client(), &url).await.result == Ok(200)
    })
    .await;
    // All have looked for a newer balance several times by then.
    sleep(Duration::from_secs(3 * TTL_SECONDS)).await;
    let client = client();
    for replica in &mut cluster.replicas {
        assert_eq!(read(&client, &readyz(replica)).await.result, Ok(200));
    }
    for url in [refused_url, readyz(&mut also_refused)] {
        assert_eq!(read(&client, &url).await.result, Ok(503));
    }
    assert_eq!(cluster.requests().0, 2, "one token was refused, and one was issued");
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_holds_no_secret_and_no_token_that_can_be_read() {
    if !are_installed(&[REDIS, "redis-cli"]) {
        return;
    }
    let redis = redis(free_port());
    let cluster = Cluster::new(redis.port()).await;
    let mut replica = cluster.start(cluster.ports[0]);
    replica.wait_for_line("listening on ");
    let url = format!("{}/api/balance", urls(&cluster)[0]);
    assert_eq!(read(&client(), &url).await.result, Ok(200));
    let cli = |arguments: &[&str]| {
        let output =
            Command::new("redis-cli").args(["-p", &redis.port().to_string()]).args(arguments).output();
        String::from_utf8_lossy(&output.unwrap().stdout).into_owned()
    };
    let keys = cli(&["KEYS", "*"]);
    let mut dump = keys.clone();
    for key in keys.lines() {
        dump.push_str(&cli(&["GET", key]));
    }
    assert!(dump.contains("225.35") && keys.contains(":token\n"), "{keys}");
    let tokens = cluster.sandbox.state().issued_tokens();
    for secret in tokens.iter().map(String::as_str).chain(["sandbox-secret"]) {
        assert!(!dump.contains(secret), "{secret} is in Redis");
    }
    // A key without a lifetime would stay for ever.
    assert!(keys.lines().all(|key| !cli(&["PTTL", key]).starts_with('-')), "{keys}");
}
