//! `notifications`, from the command to the webhook: two programs and a stand-in.

use crate::support::{
    ProxyProcess, Setup, TestProxy, get_balance, http_client, proxy_command, spawn_proxy, wait_until,
};
use airalo_balance_sandbox::{Cents, Scenario};
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// What a command prints, and the status that it ends with.
#[derive(Debug, PartialEq)]
struct Ended {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

async fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut command = proxy_command(arguments, variables);
    // The stand-in runs in this process.
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { status: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

async fn notifications(proxy: &TestProxy, arguments: &[&str]) -> Ended {
    let url = proxy.sandbox.url();
    let variables = [
        ("AIRALO_BASE_URL", url.as_str()),
        ("AIRALO_CLIENT_ID", "sandbox"),
        ("AIRALO_CLIENT_SECRET", "sandbox-secret"),
    ];
    run(&[&["notifications"], arguments].concat(), &variables).await
}

fn ended(status: i32, stdout: &str) -> Ended {
    Ended { status: Some(status), stdout: format!("{stdout}\n"), stderr: String::new() }
}

#[tokio::test]
async fn after_an_opt_in_an_order_that_passes_a_level_brings_the_new_balance_and_after_an_opt_out_none() {
    let hour = Duration::from_hours(1);
    // The commands need tokens of their own.
    let mut setup = Setup { balance_ttl: hour, max_stale: hour, ..Setup::default() };
    setup.sandbox.tokens_per_minute = 9;
    let proxy = spawn_proxy(setup).await;
    proxy.first_requests().await;
    let url = format!("{}/webhooks/airalo", proxy.url);
    let notice = format!("Airalo sends a notice to {url} when 50 %, 90 % of the credit are used.");

    let none = ended(3, "Airalo sends no notice of used credit.");
    assert_eq!(notifications(&proxy, &["status"]).await, none);
    assert_eq!(
        notifications(&proxy, &["opt-in", "--url", &url, "--levels", "50,90"]).await,
        ended(0, &notice)
    );
    assert_eq!(notifications(&proxy, &["status"]).await, ended(0, &notice));

    proxy.sandbox.state().place_order(Cents::new(12_535)).unwrap();
    wait_until("the new balance is there", async || {
        proxy.balance_json().await["data"]["balances"][0]["availableBalance"]["amount"] == 100
    })
    .await;

    let ended_notice = ended(0, "Airalo sends no notice of used credit any more.");
    assert_eq!(notifications(&proxy, &["opt-out"]).await, ended_notice);
    assert_eq!(notifications(&proxy, &["status"]).await.status, Some(3));
}

#[tokio::test]
async fn the_command_says_what_airalo_refuses_and_why() {
    let mut setup = Setup::default();
    setup.sandbox.tokens_per_minute = 9;
    let proxy = spawn_proxy(setup).await;
    let nowhere = format!("{}/webhooks/nowhere", proxy.url);
    let refused = notifications(&proxy, &["opt-in", "--url", &nowhere]).await;
    assert_eq!((refused.status, refused.stdout.as_str()), (Some(1), ""));
    assert!(refused.stderr.contains("422") && refused.stderr.contains("HEAD"), "{}", refused.stderr);
    let url = format!("{}/webhooks/airalo", proxy.url);
    let refused = notifications(&proxy, &["opt-in", "--url", &url, "--levels", "60"]).await;
    assert!(refused.stderr.contains("50, 70, 80 and 90"), "{}", refused.stderr);

    proxy.sandbox.state().set_scenario(Scenario::CredentialsRefused);
    let refused = notifications(&proxy, &["status"]).await;
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("check AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("sandbox-secret"), "{}", refused.stderr);
}

/// The answer to a question for a notice that does not exist is not documented. This is the simulator's.
#[tokio::test]
async fn who_is_not_opted_in_may_be_told_so_by_an_error() {
    let server = MockServer::start().await;
    let token = r#"{"data":{"access_token":"t"},"meta":{"message":"success"}}"#;
    let answers = [
        ("POST", "/v2/token", ResponseTemplate::new(200).set_body_string(token)),
        (
            "GET",
            "/v2/notifications/opt-in",
            ResponseTemplate::new(400).set_body_string(r#"{"error":"User is not opted in"}"#),
        ),
    ];
    for (verb, to, answer) in answers {
        Mock::given(method(verb)).and(path(to)).respond_with(answer).mount(&server).await;
    }
    let variables = [
        ("AIRALO_BASE_URL", server.uri()),
        ("AIRALO_CLIENT_ID", "sandbox".to_owned()),
        ("AIRALO_CLIENT_SECRET", "sandbox-secret".to_owned()),
    ];
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    let none = ended(3, "Airalo sends no notice of used credit.");
    assert_eq!(run(&["notifications", "status"], &variables).await, none);
}

#[tokio::test]
async fn what_is_typed_wrong_is_refused_before_airalo_is_asked() {
    let proxy = spawn_proxy(Setup::default()).await;
    proxy.first_requests().await;
    for arguments in [
        &["opt-in"][..],
        &["opt-in", "--url", "balance.example"],
        &["opt-in", "--url", "ftp://balance.example/"],
        &["opt-in", "--url", "https://balance.example/", "--levels", "all"],
        &["pause"],
        &[],
    ] {
        assert_eq!(notifications(&proxy, arguments).await.status, Some(2), "{arguments:?}");
    }
    let without = run(&["notifications", "status"], &[]).await;
    assert_eq!(without.status, Some(1));
    assert!(without.stderr.contains("AIRALO_CLIENT_ID is missing"), "{}", without.stderr);
    let nobody = [
        ("AIRALO_BASE_URL", "http://127.0.0.1:1"),
        ("AIRALO_CLIENT_ID", "sandbox"),
        ("AIRALO_CLIENT_SECRET", "sandbox-secret"),
    ];
    let unreachable = run(&["notifications", "status"], &nobody).await;
    assert_eq!(unreachable.status, Some(1));
    assert!(unreachable.stderr.contains("the connection failed"), "{}", unreachable.stderr);
    assert_eq!(proxy.upstream_requests(), (1, 1));
}

#[tokio::test]
async fn with_the_sandbox_at_a_port_that_nobody_knows_it_says_what_to_set() {
    let url = "http://127.0.0.1:8080/webhooks/airalo";
    for arguments in [&["status"][..], &["opt-out"], &["opt-in", "--url", url]] {
        let refused = run(&[&["--sandbox", "notifications"], arguments].concat(), &[]).await;
        assert_eq!(refused.status, Some(1));
        let remedy = "set SANDBOX_LISTEN to that of the running proxy";
        assert!(refused.stderr.contains(remedy), "{}", refused.stderr);
    }
}

/// As somebody tries it without an account.
#[tokio::test]
async fn with_the_sandbox_it_asks_the_stand_in_of_the_running_proxy() {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().to_string();
    let variables = [("SANDBOX_LISTEN", free.as_str()), ("SANDBOX_ORDER_EVERY", "0")];
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &variables));
    let proxy_url = process.url();
    assert_eq!(get_balance(&http_client(), &proxy_url).await.status(), 200);
    let url = format!("{proxy_url}/webhooks/airalo");
    let opted_in = run(&["--sandbox", "notifications", "opt-in", "--url", &url], &variables).await;
    assert_eq!(opted_in.status, Some(0), "{}", opted_in.stderr);
    assert!(opted_in.stdout.contains("when 50 %, 70 %, 80 %, 90 % of the credit"), "{}", opted_in.stdout);
    assert_eq!(run(&["notifications", "status", "--sandbox"], &variables).await.status, Some(0));
    let client = http_client();
    let order = client.post(format!("http://{free}/_sandbox/order?amount=200")).send().await.unwrap();
    assert_eq!(order.status(), 200);
    wait_until("the new balance is there", async || {
        let text = get_balance(&client, &proxy_url).await.text().await.unwrap();
        text.contains(r#""amount":25.35,"#)
    })
    .await;
}
