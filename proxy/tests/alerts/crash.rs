//! The program is killed at random moments, again and again.

use crate::partner::Partner;
use crate::process::{ProxyProcess, proxy_command};
use crate::receiver::Receiver;
use crate::setup::{SECRET, http_client};
use crate::wait::wait_until;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// How often it is killed.
const CRASHES: usize = 100;

/// The longest life of a process, from its start on. It reads the balance and delivers an alert
/// within half of that, unless the machine is busy.
const LONGEST_LIFE_MILLIS: u64 = 400;

fn start(partner: &Partner, receiver: &Receiver, history: &Path) -> ProxyProcess {
    let variables = [
        ("AIRALO_BASE_URL", &*partner.url()),
        ("AIRALO_CLIENT_ID", "test"),
        ("AIRALO_CLIENT_SECRET", "test"),
        ("BALANCE_TTL", "1"),
        ("HISTORY", history.to_str().unwrap()),
        ("NOTIFY_WEBHOOK_URL", &receiver.url()),
        ("NOTIFY_WEBHOOK_SECRET", SECRET),
        ("RATE_LIMIT", "0"),
    ];
    ProxyProcess::start(proxy_command(&[], &variables))
}

/// The balance is used up and topped up all the time, so the alerts have to take turns: one that is
/// lost or doubled would stand beside another one of its kind.
#[tokio::test(flavor = "multi_thread")]
async fn whenever_it_is_killed_no_alert_is_lost_or_doubled() {
    let (partner, receiver) = (Partner::start(0).await, Receiver::start().await);
    let directory = tempfile::tempdir().unwrap();
    let history = directory.path().join("history.db");
    for crash in 0..CRASHES {
        // It takes two readings to see that there is enough again, and one to see that there is nothing.
        partner.set_balance(if crash % 4 < 1 { 0 } else { 90_000 });
        let process = start(&partner, &receiver, &history);
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..LONGEST_LIFE_MILLIS))).await;
        // Dropping it is `kill -9`.
        drop(process);
    }
    partner.set_balance(90_000);
    let mut process = start(&partner, &receiver, &history);
    let (client, url) = (http_client(), format!("{}/api/balance", process.url()));
    let read = async || {
        let response = client.get(&url).header("X-Airalo-Widget", "1").send().await.unwrap();
        response.json::<Value>().await.unwrap()
    };
    // Three times, to be sure that there is enough. Then the queue ends with an amount of its own.
    let mut readings = BTreeSet::new();
    wait_until("three readings of this process", async || {
        let body = read().await;
        if body["data"]["balances"][0]["availableBalance"]["amount"] == 900 {
            readings.insert(body["meta"]["fetched_at"].to_string());
        }
        readings.len() >= 3
    })
    .await;
    partner.set_balance(-12_345);
    let is_over = |(_, text): &(String, String)| text.contains("USD -123.45");
    // The lease of a process that was killed while it delivered has to end first.
    wait_until("the last alert arrives", async || {
        read().await;
        in_order(&receiver).last().is_some_and(is_over)
    })
    .await;
    let told = in_order(&receiver);
    eprintln!("{CRASHES} crashes: {} alerts in {} deliveries", told.len(), receiver.accepted().len());
    assert!(told.len() > CRASHES / 10, "too few to say anything: {told:?}");
    for (index, (_, text)) in told.iter().enumerate() {
        let expected =
            if index % 2 == 0 { "Airalo credit is used up" } else { "Airalo credit is enough again" };
        assert!(text.starts_with(expected), "{index}: {told:#?}");
    }
}

/// The alerts as they came, each once. A delivery that was cut off before it was recorded is
/// repeated with the same id.
fn in_order(receiver: &Receiver) -> Vec<(String, String)> {
    let mut alerts: Vec<(String, String)> = Vec::new();
    for delivery in receiver.accepted() {
        if !alerts.iter().any(|(id, _)| *id == delivery.id) {
            let text = delivery.json()["text"].as_str().unwrap().to_owned();
            alerts.push((delivery.id, text));
        }
    }
    alerts
}
