//! The program, as somebody starts it from a command line.

use crate::support::{ProxyProcess, get_balance, http_client, proxy_command};
use std::process::Output;

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (Output, String) {
    let output = proxy_command(arguments, variables).output().unwrap();
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    (output, stderr)
}

#[test]
fn started_without_credentials_it_names_every_missing_variable() {
    let (output, stderr) = run(&[], &[]);
    assert!(!output.status.success());
    for name in [
        "AIRALO_CLIENT_ID is missing",
        "AIRALO_CLIENT_SECRET is missing",
        "AIRALO_CLIENT_SECRET_FILE",
        "--sandbox",
    ] {
        assert!(stderr.contains(name), "{name} is not in: {stderr}");
    }
}

#[test]
fn an_address_in_use_is_named_by_its_variable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (output, stderr) = run(&["--sandbox"], &[("SANDBOX_LISTEN", &address)]);
    assert!(!output.status.success());
    assert!(stderr.contains("SANDBOX_LISTEN: the address cannot be used"), "{stderr}");
}

#[test]
fn a_log_filter_that_would_log_nothing_by_mistake_is_refused_with_the_levels() {
    for filter in ["warning", "airalo=loudly"] {
        let (output, stderr) = run(&["--sandbox"], &[("RUST_LOG", filter)]);
        assert!(!output.status.success(), "{filter}");
        assert!(stderr.contains("RUST_LOG must be error, warn, info, debug, trace or off"), "{stderr}");
    }
}

#[test]
fn help_is_the_documentation() {
    let (output, _) = run(&["--help"], &[]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    for word in ["--sandbox", "AIRALO_CLIENT_SECRET_FILE", "BALANCE_TTL", "[default: 127.0.0.1:8080]"] {
        assert!(stdout.contains(word), "{word} is not in: {stdout}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn with_the_sandbox_it_runs_and_stops_on_a_signal() {
    let mut process = ProxyProcess::start(proxy_command(
        &["--sandbox"],
        &[("SANDBOX_BALANCE", "12.34"), ("SANDBOX_ORDER_EVERY", "0")],
    ));
    let url = process.url();
    process.wait_for_line("its console is http://127.0.0.1:");
    let body = get_balance(&http_client(), &url).await.text().await.unwrap();
    assert!(body.contains("12.34"), "{body}");
    let log = process.stop();
    assert!(log.iter().any(|line| line.contains("stopping")), "{log:#?}");
}
