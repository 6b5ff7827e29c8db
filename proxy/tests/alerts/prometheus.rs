//! The rules and the dashboard in `examples/`, with promtool and the metrics of a real proxy.

use crate::partner::Partner;
use crate::receiver::Receiver;
use crate::setup::{SECRET, start};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One sample of Prometheus is looked for this far back, so it needs one as often.
const STEP: i64 = 300;

/// Longer than any `for` or `keep_firing_for` of these rules, in seconds.
const LONG: i64 = 2 * 3_600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rules() -> PathBuf {
    root().join("examples/prometheus/airalo-balance.rules.yml").canonicalize().unwrap()
}

/// Runs the promtool that `cargo xtask test` has unpacked, or that of the machine.
fn promtool(arguments: &[&str], file: &Path) {
    let unpacked = root().join("target/servers/usr/bin/promtool");
    let program = if unpacked.exists() { unpacked } else { "promtool".into() };
    let Ok(output) = Command::new(program).args(arguments).arg(file).output() else {
        eprintln!("skipped: promtool is not on this machine (Debian has it in the package prometheus)");
        return;
    };
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{said}");
}

#[test]
fn the_rules_do_what_their_own_tests_say() {
    promtool(&["test", "rules"], &root().join("examples/prometheus/tests.yml"));
}

/// How much of the end of a series is looked at: promtool evaluates every rule at every step.
const DAYS: i64 = 8;

/// A balance as a step function, from the time of its first sample on.
struct Series(Vec<(i64, f64)>);

impl Series {
    /// Only the samples of a clock that runs forward.
    fn of(case: &Value) -> Self {
        let mut series: Vec<(i64, f64)> = Vec::new();
        for sample in case["samples"].as_array().unwrap() {
            let (at, amount) = (sample[0].as_i64().unwrap(), sample[1].as_str().unwrap().parse().unwrap());
            if series.last().is_none_or(|(last, _)| at >= last + STEP) {
                series.push((at, amount));
            }
        }
        let end = series.last().unwrap().0;
        series.retain(|(at, _)| *at >= end - DAYS * 86_400);
        Self(series)
    }

    fn steps(&self) -> i64 {
        (self.0.last().unwrap().0 - self.0[0].0) / STEP + 2 * LONG / STEP
    }

    fn at(&self, step: i64) -> f64 {
        let time = self.0[0].0 + step * STEP;
        self.0.iter().rfind(|(at, _)| *at <= time).unwrap().1
    }

    /// In the notation of promtool: `5x3` is 5 four times.
    fn values(&self) -> String {
        let mut values: Vec<(f64, i64)> = Vec::new();
        for step in 0..=self.steps() {
            match values.last_mut() {
                Some((value, count)) if *value == self.at(step) => *count += 1,
                _ => values.push((self.at(step), 0)),
            }
        }
        let text = |(value, count): &(f64, i64)| format!("{value}x{count}");
        values.iter().map(text).collect::<Vec<_>>().join(" ")
    }

    /// Steps at which there is no doubt: for hours the balance has been at or below this amount, or
    /// above it. A few of each.
    fn certain(&self, threshold: f64) -> Vec<(i64, bool)> {
        let (mut certain, mut since, mut was_low) = (Vec::new(), 0, None);
        for step in 0..=self.steps() {
            let is_low = self.at(step) <= threshold;
            if was_low != Some(is_low) {
                (since, was_low) = (step, Some(is_low));
            }
            if step - since == LONG / STEP {
                certain.push((step, is_low));
            }
        }
        certain
    }
}

fn firing(summary: &str, severity: &str, amount: f64) -> Value {
    json!([{
        "exp_labels": {"severity": severity, "name": "balance", "currency": "USD"},
        "exp_annotations": {
            "summary": summary,
            "description": format!("{amount:.2} USD left. Top up: https://app.partners.airalo.com"),
        },
    }])
}

fn test_of(case: &Value) -> Value {
    let series = Series::of(case);
    let mut tests = Vec::new();
    for (name, threshold, severity, summary) in [
        ("AiraloCreditLow", 200.0, "warning", "Airalo credit is low"),
        ("AiraloCreditCritical", 50.0, "critical", "Airalo credit is nearly used up"),
    ] {
        for (step, fires) in series.certain(threshold) {
            let alerts = if fires { firing(summary, severity, series.at(step)) } else { json!([]) };
            tests.push(
                json!({"alertname": name, "eval_time": format!("{}s", step * STEP), "exp_alerts": alerts}),
            );
        }
    }
    let mut input = vec![
        json!({
            "series": "airalo_balance_available{instance=\"a\",name=\"balance\",currency=\"USD\"}",
            "values": series.values(),
        }),
        json!({"series": "airalo_balance_age_seconds{instance=\"a\"}", "values": format!("30x{}", series.steps())}),
    ];
    let days = case["forecast"]["days_left"][1].as_i64();
    if let Some(days) = days {
        let values = format!("{days}x{}", series.steps());
        input.push(
            json!({"series": "airalo_balance_days_left{instance=\"a\",bound=\"middle\"}", "values": values}),
        );
    }
    let runs_out = days.filter(|days| *days <= 3).map_or(json!([]), |days| {
        json!([{
            "exp_labels": {"severity": "warning"},
            "exp_annotations": {
                "summary": "Airalo credit lasts a few days more",
                "description": format!("About {days} days left. Top up: https://app.partners.airalo.com"),
            },
        }])
    });
    tests.push(json!({
        "alertname": "AiraloCreditRunsOut", "eval_time": format!("{LONG}s"), "exp_alerts": runs_out,
    }));
    json!({"name": case["name"], "interval": format!("{STEP}s"), "input_series": input, "alert_rule_test": tests})
}

#[test]
fn on_the_golden_series_of_the_forecast_the_rules_fire_when_they_should_and_only_then() {
    let text = fs::read_to_string(root().join("tests/forecast/golden.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let tests: Vec<_> = cases.iter().map(test_of).collect();
    let expected = |alert: &str| {
        let all = tests.iter().flat_map(|test| test["alert_rule_test"].as_array().unwrap());
        let fire = |test: &&Value| test["alertname"] == alert && test["exp_alerts"] != json!([]);
        all.filter(fire).count()
    };
    let counts = ["AiraloCreditLow", "AiraloCreditCritical", "AiraloCreditRunsOut"].map(expected);
    assert!(counts.iter().all(|count| *count > 0), "one rule never fires: {counts:?}");
    // JSON is YAML, too.
    let file = json!({"rule_files": [rules()], "evaluation_interval": format!("{STEP}s"), "tests": tests});
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("golden.json");
    fs::write(&path, file.to_string()).unwrap();
    promtool(&["test", "rules"], &path);
}

/// The names of metrics in an expression.
fn metrics(expression: &str) -> BTreeSet<String> {
    let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':');
    let is_metric = |word: &&str| word.starts_with("airalo_") || word.starts_with("http_");
    words.filter(is_metric).map(str::to_owned).collect()
}

fn dashboard() -> Vec<String> {
    let text = fs::read_to_string(root().join("examples/grafana/airalo-balance.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_expression_of_the_dashboard_is_one_that_prometheus_understands() {
    let rules: Vec<_> = dashboard()
        .into_iter()
        .enumerate()
        // Grafana puts a duration there.
        .map(|(index, expr)| json!({"record": format!("panel:{index}"), "expr": expr.replace("$__rate_interval", "5m")}))
        .collect();
    assert!(rules.len() > 10);
    let file = json!({"groups": [{"name": "dashboard", "rules": rules}]});
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("dashboard.json");
    fs::write(&path, file.to_string()).unwrap();
    promtool(&["check", "rules"], &path);
}

#[tokio::test]
async fn rules_and_dashboard_name_only_metrics_that_there_are() {
    let (partner, receiver) = (Partner::start(18_000).await, Receiver::start().await);
    let directory = tempfile::tempdir().unwrap();
    let variables = [("NOTIFY_WEBHOOK_URL", &*receiver.url()), ("NOTIFY_WEBHOOK_SECRET", SECRET)];
    let proxy = start(&partner, &directory.path().join("history.db"), &variables, |_| {}).await;
    proxy.read_until("an alert", async || receiver.events().len() == 1).await;
    let page = proxy.metrics().await;
    let mut used = metrics(&fs::read_to_string(rules()).unwrap());
    used.extend(dashboard().iter().flat_map(|expression| metrics(expression)));
    // There is no forecast after a minute; `proxy/tests/api/metrics.rs` imports two days for it.
    used.remove("airalo_balance_days_left");
    assert!(used.len() > 8, "{used:?}");
    for name in used {
        let is_series =
            |line: &str| line.strip_prefix(&*name).is_some_and(|rest| rest.starts_with([' ', '{']));
        assert!(page.lines().any(is_series), "{name} is not in:\n{page}");
    }
}
