//! `/metrics` of a proxy that has seen everything.

use crate::routes;
use crate::support::{Setup, TestProxy, proxy_command, spawn_proxy, wait_until};
use airalo_balance_sandbox::Scenario;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

async fn metrics(proxy: &TestProxy) -> String {
    let response = proxy.client.get(format!("{}/metrics", proxy.admin_url)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    response.text().await.unwrap()
}

/// Every series has at least one sample. The directory has the file of the history.
async fn used_proxy() -> (TestProxy, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("history.db").to_str().unwrap().to_owned();
    let mut setup = Setup { balance_ttl: Duration::ZERO, ..Setup::slow_at_first() };
    setup.variables.extend([
        ("HISTORY", file.clone()),
        ("NOTIFY_WEBHOOK_URL", "http://127.0.0.1:1/nobody".to_owned()),
        ("NOTIFY_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()),
    ]);
    let proxy = spawn_proxy(setup).await;
    proxy.balance().await;
    import_two_days(&proxy, &file);
    proxy.get("/").await;
    proxy.get("/nowhere-1").await;
    proxy.get("/nowhere-2?secret=1").await;
    proxy.sandbox.state().set_scenario(Scenario::Error500);
    proxy.balance().await;
    proxy.balance().await;
    wait_until("a forecast", async || metrics(&proxy).await.contains("airalo_balance_days_left")).await;
    (proxy, directory)
}

/// A unit of money less each hour.
fn import_two_days(proxy: &TestProxy, file: &str) {
    let mut import = proxy_command(
        &["history", "import", "-"],
        &[
            ("HISTORY", file),
            ("AIRALO_BASE_URL", &proxy.sandbox.url()),
            ("AIRALO_CLIENT_ID", "sandbox"),
            ("AIRALO_CLIENT_SECRET", "sandbox-secret"),
        ],
    );
    let mut import = import.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut text = "time,amount,currency\n".to_owned();
    for hour in 1..=48 {
        let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hour);
        text += &format!("{},{}.35,USD\n", at.strftime("%Y-%m-%dT%H:%M:%SZ"), 225 + hour);
    }
    import.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
}

/// The names of the metrics in the documentation, with their labels.
fn documented() -> Vec<(String, BTreeSet<String>)> {
    let text = include_str!("../../../docs/operating.md");
    let (_, table) = text.split_once("| metric | |\n|---|---|\n").unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.split('|').nth(1).unwrap());
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let metric = |text: &str| {
        let (name, labels) = text.trim_end_matches('}').split_once('{').unwrap_or((text, ""));
        let labels = labels.split(',').filter(|label| !label.is_empty()).map(str::to_owned);
        (name.to_owned(), labels.collect())
    };
    names.map(metric).collect()
}

/// The names of the labels of each series of a metric. Of a histogram the count is looked at.
fn labels(text: &str, name: &str) -> Vec<BTreeSet<String>> {
    let series = text.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        rest.strip_prefix("_count").or(Some(rest)).filter(|rest| rest.starts_with([' ', '{']))
    });
    let names = |rest: &str| {
        let inside =
            rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map_or("", |(inside, _)| inside);
        inside.split(',').filter_map(|label| Some(label.split_once('=')?.0.to_owned())).collect()
    };
    series.map(names).collect()
}

#[tokio::test]
async fn every_documented_metric_is_there_with_its_labels_and_no_other_is() {
    let (proxy, _directory) = used_proxy().await;
    let text = metrics(&proxy).await;
    let documented = documented();
    assert!(documented.len() > 10, "{documented:?}");
    for (name, expected) in &documented {
        let found = labels(&text, name);
        assert!(
            !found.is_empty() && found.iter().all(|labels| labels == expected),
            "{name}: {found:?} in:\n{text}"
        );
    }
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = line.split(' ').next().unwrap();
        assert!(documented.iter().any(|(known, _)| known == name), "{name} is not documented");
    }
}

#[tokio::test]
async fn the_days_left_are_those_of_the_forecast() {
    let (proxy, _directory) = used_proxy().await;
    let history = proxy.get_with("/api/balance/history", &[("X-Airalo-Widget", "1")]).await;
    let history: Value = history.json().await.unwrap();
    let text = metrics(&proxy).await;
    for bound in ["low", "middle", "high"] {
        let days = history["data"]["forecast"]["days_left"][bound].as_u64().unwrap();
        let line = format!("airalo_balance_days_left{{bound=\"{bound}\"}} {days}");
        assert!(text.lines().any(|found| found == line), "{line} is not in:\n{text}");
    }
}

#[tokio::test]
async fn what_has_happened_is_counted_and_nothing_that_a_client_has_chosen_is_a_label() {
    let (proxy, _directory) = used_proxy().await;
    let text = metrics(&proxy).await;
    for line in [
        "airalo_balance_available{name=\"balance\",currency=\"USD\"} 225.35",
        "airalo_upstream_requests_total{endpoint=\"token\",outcome=\"ok\"} 1",
        "airalo_upstream_requests_total{endpoint=\"balance\",outcome=\"ok\"} 1",
        "airalo_upstream_requests_total{endpoint=\"balance\",outcome=\"upstream\"} 1",
        "airalo_upstream_request_duration_seconds_count 3",
        "airalo_token_renewals_total{reason=\"first\"} 1",
        "airalo_cache_total{result=\"miss\"} 1",
        "airalo_cache_total{result=\"stale\"} 1",
        "http_requests_total{route=\"/api/balance\",status=\"200\"} 3",
        "http_requests_total{route=\"/\",status=\"404\"} 1",
        "http_requests_total{route=\"other\",status=\"404\"} 2",
        "http_request_duration_seconds_count 6",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in:\n{text}");
    }
    assert!(!text.contains("nowhere") && !text.contains("secret"), "{text}");
}

#[tokio::test]
async fn each_route_is_counted_by_its_name() {
    let proxy = spawn_proxy(Setup::default()).await;
    for path in routes::paths() {
        proxy.get(&path).await;
        let text = metrics(&proxy).await;
        assert!(
            text.contains(&format!("http_requests_total{{route=\"{path}\",")),
            "{path} is not in:\n{text}"
        );
    }
}

#[tokio::test]
async fn metrics_are_not_on_the_public_listener() {
    let proxy = spawn_proxy(Setup::default()).await;
    assert_eq!(proxy.get("/metrics").await.status(), 404);
}

/// The one that `cargo xtask test` has unpacked, or else that of the machine.
fn promtool() -> PathBuf {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/servers/usr/bin/promtool");
    if unpacked.exists() { unpacked } else { "promtool".into() }
}

/// The forecast is one of days, as `LOW_DAYS` and the card have it.
const IN_DAYS: &str = "airalo_balance_days_left use base unit \"seconds\" instead of \"days\"";

#[tokio::test]
async fn promtool_finds_nothing_to_improve_but_the_unit_of_the_days() {
    let (proxy, _directory) = used_proxy().await;
    let text = metrics(&proxy).await;
    let promtool = Command::new(promtool())
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut promtool) = promtool else {
        eprintln!("skipped: promtool is not on this machine (Debian has it in the package prometheus)");
        return;
    };
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert_eq!(said.trim(), IN_DAYS, "{text}");
}
