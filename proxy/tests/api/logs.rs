//! The log, its two forms, and the ids of requests.

use crate::support::{ProxyProcess, Setup, get_balance, http_client, proxy_command, spawn_proxy};
use serde_json::Value;

#[cfg(unix)]
#[tokio::test]
async fn in_json_each_line_is_an_object_and_each_request_has_a_line_with_its_id() {
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &[("LOG_FORMAT", "json")]));
    let (client, url) = (http_client(), process.url());
    let request = client.get(format!("{url}/api/balance?secret=1")).header("X-Airalo-Widget", "1");
    let response = request.header("X-Request-Id", "abc-1").send().await.unwrap();
    assert_eq!(response.headers()["x-request-id"], "abc-1");
    let length = response.bytes().await.unwrap().len();
    client.get(format!("{url}/secret")).send().await.unwrap();

    let log = process.stop();
    let lines: Vec<Value> = log.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let access: Vec<_> =
        lines.iter().filter(|line| line["target"] == "airalo_balance_proxy::access").collect();
    assert_eq!(access.len(), 2, "{log:#?}");
    let balance = access[0];
    assert_eq!(balance["span"]["id"], "abc-1");
    assert_eq!((&balance["level"], &balance["method"]), (&"INFO".into(), &"GET".into()));
    assert_eq!((&balance["route"], &balance["status"]), (&"/api/balance".into(), &200.into()));
    assert_eq!(balance["bytes"], length);
    assert!(balance["duration_ms"].as_f64().unwrap() > 0.0);
    assert_eq!((&access[1]["route"], &access[1]["status"]), (&"other".into(), &404.into()));
    assert!(!log.iter().any(|line| line.contains("secret")), "{log:#?}");
}

#[cfg(unix)]
#[tokio::test]
async fn in_text_the_access_log_is_off_unless_rust_log_asks_for_it() {
    for (rust_log, is_on) in [("", false), ("info", true), ("info,airalo_balance_proxy::access=off", false)] {
        let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &[("RUST_LOG", rust_log)]));
        let url = process.url();
        get_balance(&http_client(), &url).await;
        let log = process.stop();
        assert_eq!(log.iter().any(|line| line.contains("answered")), is_on, "{rust_log}: {log:#?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_id_is_there_at_any_level_and_a_method_of_a_clients_own_is_not_repeated() {
    let variables = [("LOG_FORMAT", "json"), ("RUST_LOG", "info,airalo_balance_proxy::routes=error")];
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &variables));
    let (client, url) = (http_client(), process.url());
    let request = client.request("SECRET".parse().unwrap(), &url).header("X-Request-Id", "abc-1");
    assert_eq!(request.send().await.unwrap().status(), 405);
    let log = process.stop();
    let line = log.iter().find(|line| line.contains("answered")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!((&line["span"]["id"], &line["method"]), (&"abc-1".into(), &"other".into()));
}

#[tokio::test]
async fn every_response_has_an_id_and_an_id_that_is_not_plain_is_replaced() {
    let proxy = spawn_proxy(Setup::default()).await;
    let long = "a".repeat(65);
    for (path, sent) in [("/api/balance", None), ("/nowhere", Some("a b")), ("/", Some(long.as_str()))] {
        let mut request = proxy.client.get(format!("{}{path}", proxy.url));
        if let Some(sent) = sent {
            request = request.header("X-Request-Id", sent);
        }
        let response = request.send().await.unwrap();
        let id = response.headers()["x-request-id"].to_str().unwrap();
        assert!(!id.is_empty() && Some(id) != sent, "{path}: {id}");
    }
}

#[test]
fn a_log_format_that_is_none_is_reported() {
    let output = proxy_command(&["--sandbox"], &[("LOG_FORMAT", "xml")]).output().unwrap();
    assert!(!output.status.success());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("LOG_FORMAT must be text or json"), "{stderr}");
}
