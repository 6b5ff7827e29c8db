//! No secret leaves the process, except to Airalo.

use crate::support::{ProxyProcess, http_client, mint, now, proxy_command};
use airalo_balance_sandbox::{self as sandbox, Scenario};
use ring::hmac;
use serde_json::json;
use std::iter::repeat_with;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

fn random_text() -> String {
    repeat_with(fastrand::alphanumeric).take(24).collect()
}

const SCENARIOS: [Scenario; 10] = [
    Scenario::Normal,
    Scenario::ExpiredTokens,
    Scenario::TokenRefused,
    Scenario::CredentialsRefused,
    Scenario::TokenMissing,
    Scenario::AddressRefused,
    Scenario::RateLimited,
    Scenario::CutOff,
    Scenario::Reset,
    Scenario::Html,
];

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn at_the_trace_level_no_secret_is_in_logs_answers_health_or_metrics() {
    let mut processes = JoinSet::new();
    for scenario in SCENARIOS {
        processes.spawn(check(scenario, "text"));
        processes.spawn(check(scenario, "json"));
    }
    while let Some(checked) = processes.join_next().await {
        checked.unwrap();
    }
}

#[cfg(unix)]
async fn check(scenario: Scenario, format: &'static str) {
    let (client_id, client_secret) = (random_text(), random_text());
    let (access_token, key) = (random_text(), random_text() + &random_text());
    let config = sandbox::Config {
        scenario,
        client_id: client_id.clone().into(),
        client_secret: client_secret.clone().into(),
        ..sandbox::Config::default()
    };
    let sandbox = sandbox::serve(config, TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
    let mut process = ProxyProcess::start(proxy_command(
        &[],
        &[
            ("RUST_LOG", "trace"),
            ("LOG_FORMAT", format),
            ("BALANCE_TTL", "1"),
            ("ADMIN_LISTEN", "127.0.0.1:0"),
            ("AIRALO_BASE_URL", &sandbox.url()),
            ("AIRALO_CLIENT_ID", &client_id),
            ("AIRALO_CLIENT_SECRET", &client_secret),
            ("ACCESS_TOKEN", &access_token),
            ("WIDGET_TOKEN_SECRET", &key),
        ],
    ));
    let (client, url) = (http_client(), process.url());
    let claims = json!({"aud": "airalo-balance", "exp": now() + 60});
    let (widget_token, refused) = (mint(&key, &claims), mint(&random_text(), &claims));
    let mut answers = String::new();
    for token in [&access_token, &widget_token, &refused] {
        let request = client.get(format!("{url}/api/balance")).bearer_auth(token);
        answers += &request.header("X-Airalo-Widget", "1").send().await.unwrap().text().await.unwrap();
    }
    if scenario == Scenario::Normal {
        // In a second fetch the token that was valid is refused.
        sandbox.state().set_scenario(Scenario::ExpiredTokens);
        tokio::time::sleep(Duration::from_secs(1)).await;
        client.get(format!("{url}/api/balance")).bearer_auth(&access_token).send().await.unwrap();
    }
    // A webhook can be sent again by whoever knows its signature.
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, client_secret.as_bytes()), b"{}");
    let signature: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    for (signature, status) in [(signature.as_str(), 200), (&signature.replace('a', "b"), 401)] {
        let request = client.post(format!("{url}/webhooks/airalo")).header("airalo-signature", signature);
        let response = request.body("{}").send().await.unwrap();
        assert_eq!(response.status(), status);
        answers += &response.text().await.unwrap();
    }
    // What a client sends as a password for something else is not printed either.
    let password = random_text();
    let request = client.get(format!("{url}/{password}?token={password}")).bearer_auth(&password);
    answers += &request.header("Cookie", &password).send().await.unwrap().text().await.unwrap();
    let line = process.wait_for_line("health on ");
    let admin = line.split("health on ").nth(1).unwrap().split("/readyz").next().unwrap();
    for path in ["readyz", "livez", "metrics"] {
        let response = client.get(format!("{admin}/{path}")).send().await.unwrap();
        answers += &response.text().await.unwrap();
    }

    assert!(answers.contains("http_requests_total"), "{answers}");
    let log = tokio::task::spawn_blocking(|| process.stop()).await.unwrap();
    let output = log.join("\n") + &answers;
    assert!(output.contains("answered"), "nothing was logged: {output}");
    let tokens = sandbox.state().issued_tokens();
    let ours =
        [&client_id, &client_secret, &access_token, &key, &widget_token, &refused, &password, &signature];
    for secret in tokens.iter().chain(ours) {
        assert!(!output.contains(secret), "{scenario:?}: {output}");
    }
    for word in ["uthorization", "Bearer", &sandbox.address().to_string()] {
        assert!(!output.contains(word), "{scenario:?} prints {word}: {output}");
    }
}
