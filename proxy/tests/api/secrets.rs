//! No secret is ever logged, at any level.

use crate::support::{ProxyProcess, http_client, mint, now, proxy_command};
use airalo_balance_sandbox::{self as sandbox, Scenario};
use serde_json::json;
use std::iter::repeat_with;
use tokio::net::TcpListener;

fn random_text() -> String {
    repeat_with(fastrand::alphanumeric).take(24).collect()
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn at_the_trace_level_no_secret_and_no_token_is_in_the_log() {
    for scenario in [
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
    ] {
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
                ("AIRALO_BASE_URL", &sandbox.url()),
                ("AIRALO_CLIENT_ID", &client_id),
                ("AIRALO_CLIENT_SECRET", &client_secret),
                ("ACCESS_TOKEN", &access_token),
                ("WIDGET_TOKEN_SECRET", &key),
            ],
        ));
        let url = process.url();
        let claims = json!({"aud": "airalo-balance", "exp": now() + 60});
        let (widget_token, refused) = (mint(&key, &claims), mint(&random_text(), &claims));
        let mut body = String::new();
        for token in [&access_token, &widget_token, &refused] {
            let request = http_client().get(format!("{url}/api/balance")).bearer_auth(token);
            body += &request.header("X-Airalo-Widget", "1").send().await.unwrap().text().await.unwrap();
        }
        if scenario == Scenario::Normal {
            // In a second fetch the token that was valid is refused.
            sandbox.state().set_scenario(Scenario::ExpiredTokens);
            http_client().get(format!("{url}/api/balance")).bearer_auth(&access_token).send().await.unwrap();
        }

        let output = process.stop().join("\n") + &body;
        assert!(output.contains("answered"), "nothing was logged: {output}");
        let tokens = sandbox.state().issued_tokens();
        let ours = [&client_id, &client_secret, &access_token, &key, &widget_token, &refused];
        for secret in tokens.iter().chain(ours) {
            assert!(!output.contains(secret), "{scenario:?}: {output}");
        }
        for word in ["uthorization", "Bearer", &sandbox.address().to_string()] {
            assert!(!output.contains(word), "{scenario:?} prints {word}: {output}");
        }
    }
}
