use crate::cluster::{Cluster, REPLICAS, TTL_SECONDS};
use crate::free_port::free_port;
use crate::load::client;
use crate::process::{ProxyProcess, proxy_command};
use crate::services::{REDIS, are_installed, redis};
use crate::wait::wait_until;
use airalo_balance_sandbox::Cents;
use serde_json::Value;
use std::time::Duration;

/// How many balances Airalo is asked for, each another one.
const READINGS: i64 = 4;

const START: i64 = 100_000;
const SPENT: i64 = 2_550;

async fn history(port: u16) -> Value {
    let url = format!("http://127.0.0.1:{port}/api/balance/history");
    let request = client().get(url).header("X-Airalo-Widget", "1");
    request.send().await.unwrap().json().await.unwrap()
}

fn amounts(history: &Value) -> Vec<String> {
    let points = history["data"]["points"].as_array().unwrap();
    points.iter().map(|point| point["amount"].to_string()).collect()
}

fn metrics_url(replica: &mut ProxyProcess) -> String {
    replica.wait_for_line("metrics on ").split("metrics on ").nth(1).unwrap().to_owned()
}

/// What a replica has counted as spent.
async fn spent(url: &str) -> f64 {
    let text = client().get(url).send().await.unwrap().text().await.unwrap();
    let value = text.lines().find_map(|line| line.strip_prefix("airalo_spent_total "));
    value.map_or(0.0, |value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn five_replicas_record_each_reading_once_and_all_of_them_show_it() {
    if !are_installed(&[REDIS]) {
        return;
    }
    let redis = redis(free_port());
    let mut cluster = Cluster::new(redis.port()).await;
    let state = cluster.sandbox.state().clone();
    let balances: Vec<_> = (0..READINGS).map(|number| Cents::new(START - SPENT * number)).collect();
    state.set_balance(balances[0]);
    cluster.start_all();
    for (number, next) in (1..).zip(&balances[1..]) {
        wait_until("Airalo is asked again", async || cluster.requests().1 == number).await;
        state.set_balance(*next);
    }
    let expected: Vec<_> = balances.iter().map(Cents::to_string).collect();
    for port in &cluster.ports {
        wait_until("a replica shows what all have recorded", async || {
            amounts(&history(*port).await) == expected
        })
        .await;
    }
    let mut total = 0.0;
    for replica in &mut cluster.replicas {
        total += spent(&metrics_url(replica)).await;
    }
    assert!(
        (total - (SPENT * (READINGS - 1)) as f64 / 100.0).abs() < 0.001,
        "{REPLICAS} replicas count {total}"
    );
    assert_eq!(history(cluster.ports[0]).await["meta"].get("incomplete"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_replicas_have_read_while_redis_was_away_is_kept_and_what_was_spent_is_counted_once() {
    if !are_installed(&[REDIS]) {
        return;
    }
    let mut server = redis(free_port());
    let mut cluster = Cluster::new(server.port()).await;
    let state = cluster.sandbox.state().clone();
    state.set_balance(Cents::new(START));
    // With different times, so that no two replicas read in the same second only.
    let start = |(port, ttl): (&u16, u64)| cluster.start_with(*port, &[("BALANCE_TTL", &ttl.to_string())]);
    cluster.replicas = cluster.ports.iter().zip(TTL_SECONDS..).map(start).collect();
    let urls: Vec<_> = cluster.replicas.iter_mut().map(metrics_url).collect();
    let all_show = async |amount: Cents| {
        for port in &cluster.ports {
            wait_until("a replica has read the balance", async || {
                amounts(&history(*port).await).last() == Some(&amount.to_string())
            })
            .await;
        }
    };
    all_show(Cents::new(START)).await;

    server.kill();
    let away = [1, 2].map(|number| Cents::new(START - SPENT * number));
    for balance in away {
        state.set_balance(balance);
        all_show(balance).await;
    }
    let server = server.restart_redis();
    let expected = [Cents::new(START), away[0], away[1]].map(|balance| balance.to_string());
    for port in &cluster.ports {
        wait_until("a replica has what all have read", async || {
            let history = history(*port).await;
            // Each replica has read each of them.
            let mut amounts = amounts(&history);
            amounts.dedup();
            amounts == expected && history["meta"].get("incomplete").is_none()
        })
        .await;
    }
    let spent_in_all = async || {
        let mut total = 0.0;
        for url in &urls {
            total += spent(url).await;
        }
        total
    };
    let expected = (SPENT * 2) as f64 / 100.0;
    wait_until("all is counted", async || spent_in_all().await > expected - 0.001).await;
    // Each replica has written what it has read by then.
    tokio::time::sleep(Duration::from_secs(12)).await;
    let total = spent_in_all().await;
    assert!((total - expected).abs() < 0.001, "{REPLICAS} replicas count {total}");

    // Nobody has lost what was only in memory: a replica that starts reads it from Redis.
    let port = free_port();
    let mut newcomer = cluster.start(port);
    newcomer.wait_for_line("listening on ");
    wait_until("the newcomer shows all", async || {
        let mut amounts = amounts(&history(port).await);
        amounts.dedup();
        amounts.len() == 3
    })
    .await;
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_is_shown_by_replicas_that_run_and_a_history_that_cannot_be_read_says_so() {
    if !are_installed(&[REDIS]) {
        return;
    }
    let mut server = redis(free_port());
    let cluster = Cluster::new(server.port()).await;
    let replica = cluster.start(cluster.ports[0]);
    let port = cluster.ports[0];
    wait_until("the first reading is shown", async || {
        cluster.requests().1 == 1 && amounts(&history(port).await).len() == 1
    })
    .await;

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("import.csv");
    let yesterday = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
    let yesterday = jiff::Timestamp::from_second(yesterday.as_second()).unwrap();
    let csv = format!("time,amount,currency\n{yesterday},12345678901234.56,USD\n");
    std::fs::write(&file, &csv).unwrap();
    let (url, sandbox) = (format!("redis://127.0.0.1:{}", server.port()), cluster.sandbox.url());
    let command = |arguments: &[&str]| {
        let variables = [
            ("AIRALO_BASE_URL", sandbox.as_str()),
            ("AIRALO_CLIENT_ID", "sandbox"),
            ("AIRALO_CLIENT_SECRET", "sandbox-secret"),
            ("REDIS_URL", &url),
        ];
        let output = proxy_command(&[&["history"], arguments].concat(), &variables).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    command(&["import", file.to_str().unwrap()]);
    assert!(command(&["export"]).starts_with(&csv));
    wait_until("the import is shown", async || {
        amounts(&history(port).await).first().is_some_and(|one| one == "12345678901234.56")
    })
    .await;

    server.kill();
    wait_until("it says that it may be incomplete", async || {
        history(port).await["meta"]["incomplete"] == true
    })
    .await;
    assert!(amounts(&history(port).await).len() >= 2, "what was read is still shown");
    drop(replica);
}
