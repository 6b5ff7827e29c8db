//! The history over real HTTP, in a real file.

use crate::support::{
    ProxyProcess, Setup, TestProxy, contract, http_client, proxy_command, spawn_proxy, wait_until,
};
use airalo_balance_sandbox::Cents;
use reqwest::Response;
use serde_json::Value;
use std::time::Duration;
use tempfile::TempDir;

const WIDGET: (&str, &str) = ("X-Airalo-Widget", "1");

fn setup(directory: &TempDir) -> Setup {
    let file = directory.path().join("history.db");
    let variables = [("HISTORY", file.to_str().unwrap()), ("RATE_LIMIT", "0")];
    Setup { balance_ttl: Duration::ZERO, ..Setup::variables(&variables) }
}

async fn get(proxy: &TestProxy, query: &str) -> Response {
    proxy.get_with(&format!("/api/balance/history{query}"), &[WIDGET]).await
}

async fn json(proxy: &TestProxy) -> Value {
    get(proxy, "").await.json().await.unwrap()
}

/// Reads the balance until the history has so many points.
async fn wait_for_points(proxy: &TestProxy, count: usize) -> Value {
    wait_until("the readings are recorded", async || {
        proxy.balance().await;
        json(proxy).await["data"]["points"].as_array().unwrap().len() == count
    })
    .await;
    json(proxy).await
}

fn set_balance(proxy: &TestProxy, cents: i64) {
    proxy.sandbox.state().set_balance(Cents::new(cents));
}

#[tokio::test]
async fn the_history_has_each_balance_and_each_top_up() {
    let directory = tempfile::tempdir().unwrap();
    let proxy = spawn_proxy(setup(&directory)).await;
    assert_eq!(proxy.balance_json().await["meta"]["history"], true);
    wait_for_points(&proxy, 1).await;
    set_balance(&proxy, 20_010);
    wait_for_points(&proxy, 2).await;
    set_balance(&proxy, 70_010);
    let json = wait_for_points(&proxy, 3).await;
    let data = &json["data"];
    let amounts: Vec<_> =
        data["points"].as_array().unwrap().iter().map(|point| point["amount"].to_string()).collect();
    assert_eq!(
        (data["currency"].as_str(), amounts),
        (Some("USD"), vec!["225.35".into(), "200.1".into(), "700.1".into()])
    );
    assert_eq!(data["credits"][0]["amount"].to_string(), "500");
    assert_eq!((&json["meta"]["message"], &json["meta"]["incomplete"]), (&"success".into(), &Value::Null));
}

#[tokio::test]
async fn without_a_history_there_is_none() {
    let proxy = spawn_proxy(Setup::default()).await;
    assert_eq!(proxy.balance_json().await["meta"].get("history"), None);
    let response = get(&proxy, "").await;
    assert_eq!(response.status(), 404);
    assert_eq!(response.text().await.unwrap(), contract("problem-not-found").trim_end());
    let metrics = proxy.client.get(format!("{}/metrics", proxy.admin_url)).send().await.unwrap();
    assert!(!metrics.text().await.unwrap().contains("airalo_spent"));
}

#[tokio::test]
async fn the_days_are_from_1_to_400_and_everything_else_is_refused_in_clear_words() {
    let directory = tempfile::tempdir().unwrap();
    let proxy = spawn_proxy(setup(&directory)).await;
    wait_for_points(&proxy, 1).await;
    for query in ["", "?days=1", "?days=400", "?format=json", "?days=30&format=csv", "?other=x"] {
        assert_eq!(get(&proxy, query).await.status(), 200, "{query}");
    }
    for query in [
        "?days=0",
        "?days=401",
        "?days=-1",
        "?days=1.5",
        "?days=x",
        "?days=",
        "?days=7&days=8",
        "?format=xml",
        "?days=%ff",
    ] {
        let response = get(&proxy, query).await;
        assert_eq!(response.status(), 400, "{query}");
        assert_eq!(response.text().await.unwrap(), contract("problem-invalid-query").trim_end(), "{query}");
    }
}

#[tokio::test]
async fn who_knows_the_tag_gets_304_until_there_is_a_new_sample() {
    let directory = tempfile::tempdir().unwrap();
    let proxy = spawn_proxy(setup(&directory)).await;
    wait_for_points(&proxy, 1).await;
    let first = get(&proxy, "?days=7").await;
    assert_eq!(first.headers()["cache-control"], "private, no-store");
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let unless =
        async || proxy.get_with("/api/balance/history?days=7", &[WIDGET, ("If-None-Match", &tag)]).await;
    let second = unless().await;
    assert_eq!((second.status().as_u16(), &second.headers()["etag"]), (304, &tag.parse().unwrap()));
    assert!(second.bytes().await.unwrap().is_empty());
    set_balance(&proxy, 1);
    wait_for_points(&proxy, 2).await;
    assert_eq!(unless().await.status(), 200);
}

#[tokio::test]
async fn finance_gets_every_sample_as_csv() {
    let directory = tempfile::tempdir().unwrap();
    let proxy = spawn_proxy(setup(&directory)).await;
    wait_for_points(&proxy, 1).await;
    let response = get(&proxy, "?format=csv").await;
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"airalo-balance.csv\"");
    let text = response.text().await.unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, "time,amount,currency"));
    assert!(lines[1].ends_with("Z,225.35,USD"), "{text}");
}

#[tokio::test]
async fn the_history_is_in_the_metrics() {
    let directory = tempfile::tempdir().unwrap();
    let proxy = spawn_proxy(setup(&directory)).await;
    wait_for_points(&proxy, 1).await;
    set_balance(&proxy, 20_010);
    wait_for_points(&proxy, 2).await;
    set_balance(&proxy, 70_010);
    wait_for_points(&proxy, 3).await;
    let metrics_url = format!("{}/metrics", proxy.admin_url);
    // Readers see a sample before it is written, and what is written is counted.
    wait_until("what was spent and credited is counted", async || {
        let text = proxy.client.get(&metrics_url).send().await.unwrap().text().await.unwrap();
        text.contains("\nairalo_spent_total 25.25\n") && text.contains("\nairalo_credited_total 500")
    })
    .await;
}

#[test]
fn a_file_that_cannot_be_used_keeps_the_proxy_from_starting_and_is_named_with_the_remedy() {
    let directory = tempfile::tempdir().unwrap();
    let notes = directory.path().join("notes.txt");
    std::fs::write(&notes, "somebody's notes ".repeat(100)).unwrap();
    let missing = directory.path().join("missing/history.db");
    for file in [&notes, &missing, &directory.path().to_owned()] {
        let file = file.to_str().unwrap();
        let output = proxy_command(&["--sandbox"], &[("HISTORY", file)]).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && stderr.contains(&format!("HISTORY: {file} cannot be used (")),
            "{stderr}"
        );
        assert!(stderr.contains("name a file in a directory that this program may write to"), "{stderr}");
    }
    assert!(std::fs::read_to_string(notes).unwrap().starts_with("somebody's notes"));
}

#[test]
fn a_second_process_may_use_the_file_while_the_first_one_ends() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("history.db");
    let variables = [("HISTORY", file.to_str().unwrap())];
    let mut first = ProxyProcess::start(proxy_command(&["--sandbox"], &variables));
    first.url();
    let mut second = ProxyProcess::start(proxy_command(&["--sandbox"], &variables));
    second.url();
}

#[tokio::test]
async fn the_history_of_the_stand_in_goes_on_after_a_restart_though_it_listens_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("history.db");
    let variables = [("HISTORY", file.to_str().unwrap()), ("SANDBOX_ORDER_EVERY", "0")];
    let amounts = || {
        let mut command = proxy_command(&["--sandbox", "history", "export"], &variables);
        let output = command.env("SANDBOX_LISTEN", "127.0.0.1:1").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (balance, expected) in [("900", &["900"][..]), ("800", &["900", "800"])] {
        let mut command = proxy_command(&["--sandbox"], &variables);
        command.env("SANDBOX_BALANCE", balance);
        let mut process = ProxyProcess::start(command);
        process.url();
        wait_until("the reading is recorded", async || amounts() == expected).await;
    }
}

#[tokio::test]
async fn the_stand_in_brings_sixty_invented_days_and_says_so() {
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &[("SANDBOX_ORDER_EVERY", "0")]));
    let (client, url) = (http_client(), process.url());
    let ask = async |days: u32| -> Value {
        let request = client.get(format!("{url}/api/balance/history?days={days}"));
        request.header(WIDGET.0, WIDGET.1).send().await.unwrap().json().await.unwrap()
    };
    let json = ask(400).await;
    assert_eq!(json["meta"]["invented"], true, "{json}");
    let length = |name: &str| json["data"][name].as_array().unwrap().len();
    assert!(
        (60..=61).contains(&length("days")) && length("points") <= 200 && length("credits") > 0,
        "{json}"
    );
    assert!(json["data"]["forecast"]["days_left"]["middle"].is_u64(), "{json}");
    assert_eq!(json["data"]["points"].as_array().unwrap().last().unwrap()["amount"].to_string(), "225.35");
}
