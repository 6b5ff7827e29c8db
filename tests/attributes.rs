//! The card reads an attribute as the class of the element does (`www/attributes.test.mjs`).

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails, which is what it is for")]

use airalo_balance::model::Config;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// What the card makes of an attribute, in the form of the table.
fn meaning(attribute: &str, value: Option<&str>) -> Value {
    let read = |name: &str| value.filter(|_| name == attribute).map(str::to_owned);
    let config = Config::read(read).0;
    match attribute {
        "refresh-interval" => (config.refresh_interval.unwrap_or_default() / 1_000).into(),
        "request-timeout" => (config.request_timeout / 1_000).into(),
        "no-refresh" => (!config.refresh_button).into(),
        "no-top-up" => config.top_up_url.is_none().into(),
        "no-trend" => (!config.trend).into(),
        "low-days" => config.low_days.into(),
        "critical-days" => config.critical_days.into(),
        "history-url" => config.history_url.into(),
        "low-threshold" => config.low_threshold.map(|amount| amount.to_string()).into(),
        "critical-threshold" => config.critical_threshold.map(|amount| amount.to_string()).into(),
        "proxy-url" => config.proxy_url.ok().into(),
        "credentials" => config.credentials.as_str().into(),
        _ => panic!("{attribute} has no meaning here"),
    }
}

#[test]
fn the_card_reads_attributes_as_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attributes.json");
    let rows: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    for row in rows {
        let meaning = meaning(row["attribute"].as_str().unwrap(), row["value"].as_str());
        assert_eq!(meaning, row["means"], "{row}");
    }
}
