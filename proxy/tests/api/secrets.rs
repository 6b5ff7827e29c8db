//! No secret leaves the process, except to Airalo.

use crate::support::{ProxyProcess, http_client, mint, now, proxy_command};
use airalo_balance_proxy::secret_variables;
use airalo_balance_sandbox::{self as sandbox, Scenario};
use ring::hmac;
use serde_json::json;
use std::collections::BTreeMap;
use std::iter::repeat_with;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::{JoinSet, spawn_blocking};

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
        processes.spawn(check(scenario, "text", Store::File));
        processes.spawn(check(scenario, "json", Store::File));
    }
    processes.spawn(check(Scenario::Normal, "text", Store::Redis));
    processes.spawn(check(Scenario::Normal, "json", Store::Redis));
    while let Some(checked) = processes.join_next().await {
        checked.unwrap();
    }
}

/// Where the alerts are kept. In a Redis that cannot be reached there are none.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Store {
    File,
    Redis,
}

/// A value of every secret variable, and what in it nobody else may learn. Nobody listens on port 1.
fn secrets() -> BTreeMap<&'static str, (String, String)> {
    let secret = |name| {
        let text = random_text() + &random_text();
        let value = match name {
            "AIRALO_CLIENT_ID" | "AIRALO_CLIENT_SECRET" | "ACCESS_TOKEN" | "WIDGET_TOKEN_SECRET" => {
                text.clone()
            }
            "REDIS_URL" => format!("redis://user:{text}@127.0.0.1:1"),
            "NOTIFY_WEBHOOK_URL" => format!("http://127.0.0.1:1/{text}"),
            "NOTIFY_WEBHOOK_SECRET" => format!("whsec_{text}"),
            "NOTIFY_SMTP_URL" => format!("smtp://user:{text}@127.0.0.1:1"),
            _ => panic!("{name} is a secret, and not tested here"),
        };
        (name, (value, text))
    };
    secret_variables().map(secret).collect()
}

#[cfg(unix)]
async fn check(scenario: Scenario, format: &'static str, store: Store) {
    let secrets = secrets();
    let [client_id, client_secret, access_token, key] =
        ["AIRALO_CLIENT_ID", "AIRALO_CLIENT_SECRET", "ACCESS_TOKEN", "WIDGET_TOKEN_SECRET"]
            .map(|name| secrets[name].0.clone());
    let config = sandbox::Config {
        scenario,
        client_id: client_id.into(),
        client_secret: client_secret.clone().into(),
        ..sandbox::Config::default()
    };
    let sandbox = sandbox::serve(config, TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let mut command = proxy_command(
        &[],
        &[
            ("RUST_LOG", "trace"),
            ("LOG_FORMAT", format),
            ("BALANCE_TTL", "1"),
            ("ADMIN_LISTEN", "127.0.0.1:0"),
            ("AIRALO_BASE_URL", &sandbox.url()),
            // The balance of the stand-in is below it.
            ("LOW_THRESHOLD", "1000"),
            ("NOTIFY_MAIL_FROM", "balance@example.com"),
            ("NOTIFY_MAIL_TO", "finance@example.com"),
        ],
    );
    command.envs(secrets.iter().map(|(name, (value, _))| (*name, value)));
    if store == Store::File {
        command.env_remove("REDIS_URL").env("HISTORY", directory.path().join("history.db"));
    }
    let (mut process, url, admin) = spawn_blocking(|| {
        let mut process = ProxyProcess::start(command);
        let url = process.url();
        let line = process.wait_for_line("health on ");
        (process, url, line.split("health on ").nth(1).unwrap().split("/readyz").next().unwrap().to_owned())
    })
    .await
    .unwrap();
    let client = http_client();
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
    for path in ["readyz", "livez", "metrics"] {
        let response = client.get(format!("{admin}/{path}")).send().await.unwrap();
        answers += &response.text().await.unwrap();
    }

    assert!(answers.contains("http_requests_total"), "{answers}");
    let log = spawn_blocking(move || {
        if (scenario, store) == (Scenario::Normal, Store::File) {
            // Once on each channel.
            process.wait_for_line("an alert could not be delivered");
            process.wait_for_line("an alert could not be delivered");
        }
        process.stop()
    });
    let log = log.await.unwrap();
    let output = log.join("\n") + &answers;
    assert!(output.contains("answered"), "nothing was logged: {output}");
    assert_eq!(output.contains("REDIS_URL cannot be used"), store == Store::Redis);
    let tokens = sandbox.state().issued_tokens();
    let set = secrets.values().map(|(_, text)| text);
    for secret in tokens.iter().chain(set).chain([&widget_token, &refused, &password, &signature]) {
        assert!(!output.contains(secret), "{scenario:?}, {store:?}: {output}");
    }
    for word in ["uthorization", "Bearer", &sandbox.address().to_string()] {
        assert!(!output.contains(word), "{scenario:?} prints {word}: {output}");
    }
}
