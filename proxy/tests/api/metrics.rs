//! `/metrics` of a proxy that has seen everything.

use crate::routes;
use crate::support::{Setup, TestProxy, spawn_proxy};
use airalo_balance_sandbox::Scenario;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

async fn metrics(proxy: &TestProxy) -> String {
    let response = proxy.client.get(format!("{}/metrics", proxy.admin_url)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    response.text().await.unwrap()
}

/// Every series has at least one sample.
async fn used_proxy() -> TestProxy {
    let proxy = spawn_proxy(Setup { balance_ttl: Duration::ZERO, ..Setup::slow_at_first() }).await;
    proxy.balance().await;
    proxy.get("/").await;
    proxy.get("/nowhere-1").await;
    proxy.get("/nowhere-2?secret=1").await;
    proxy.sandbox.state().set_scenario(Scenario::Error500);
    proxy.balance().await;
    proxy.balance().await;
    proxy
}

#[tokio::test]
async fn every_documented_metric_is_there_with_its_labels() {
    let proxy = used_proxy().await;
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
    assert!(text.contains("\nairalo_balance_age_seconds "), "{text}");
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

#[tokio::test]
async fn promtool_finds_nothing_to_improve() {
    let proxy = used_proxy().await;
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
    assert!(output.status.success() && said.trim().is_empty(), "{said}\n{text}");
}
