use crate::cluster::{Cluster, REPLICAS};
use crate::free_port::free_port;
use crate::load::{client, wait_until};
use crate::process::{ProxyProcess, proxy_command};
use crate::services::{REDIS, are_installed, redis};
use airalo_balance_sandbox::Cents;
use serde_json::Value;

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

/// What a replica has counted as spent.
async fn spent(replica: &mut ProxyProcess) -> f64 {
    let line = replica.wait_for_line("metrics on ");
    let text =
        client().get(line.split("metrics on ").nth(1).unwrap()).send().await.unwrap().text().await.unwrap();
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
        total += spent(replica).await;
    }
    assert!(
        (total - (SPENT * (READINGS - 1)) as f64 / 100.0).abs() < 0.001,
        "{REPLICAS} replicas count {total}"
    );
    assert_eq!(history(cluster.ports[0]).await["meta"].get("incomplete"), None);
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
