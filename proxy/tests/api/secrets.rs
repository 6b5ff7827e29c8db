//! Nothing secret is ever printed, however closely one listens.

use crate::program::{Running, program};
use airalo_balance_sandbox::{self as sandbox, Scenario};
use std::iter::repeat_with;
use tokio::net::TcpListener;

fn random() -> String {
    repeat_with(fastrand::alphanumeric).take(24).collect()
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn at_the_finest_level_no_secret_and_no_token_is_in_the_log() {
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
        let (client_id, client_secret) = (random(), random());
        let config = sandbox::Config {
            scenario,
            client_id: client_id.clone().into(),
            client_secret: client_secret.clone().into(),
            ..sandbox::Config::default()
        };
        let sandbox = sandbox::serve(config, TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
        let mut running = Running::start(program(
            &[],
            &[
                ("RUST_LOG", "trace"),
                ("AIRALO_BASE_URL", &sandbox.url()),
                ("AIRALO_CLIENT_ID", &client_id),
                ("AIRALO_CLIENT_SECRET", &client_secret),
            ],
        ));
        let url = running.url();
        let body = crate::ask(&crate::client(), &url).await.text().await.unwrap();
        if scenario == Scenario::Normal {
            // One more round, in which the token that was good is refused.
            sandbox.state().set_scenario(Scenario::ExpiredTokens);
            crate::ask(&crate::client(), &url).await;
        }

        let said = running.stop().join("\n") + &body;
        assert!(said.contains("answered"), "nothing was logged: {said}");
        let tokens = sandbox.state().issued_tokens();
        for secret in tokens.iter().chain([&client_id, &client_secret]) {
            assert!(!said.contains(secret), "{scenario:?}: {said}");
        }
        for word in ["uthorization", "Bearer", &sandbox.address().to_string()] {
            assert!(!said.contains(word), "{scenario:?} prints {word}: {said}");
        }
    }
}
