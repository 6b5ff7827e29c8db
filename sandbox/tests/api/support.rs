//! Starts a sandbox for a test, and sends requests to it.

use airalo_balance_sandbox::{Config, Sandbox, serve};
use reqwest::{Client, RequestBuilder, Response};
use std::sync::Once;
use tokio::net::TcpListener;

/// A sandbox on a free port, and a client for it.
pub(crate) struct TestSandbox {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
}

pub(crate) async fn spawn_sandbox(config: Config) -> TestSandbox {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sandbox = serve(config, listener).unwrap();
    TestSandbox { sandbox, client: client() }
}

fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let builder = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.tls_certs_only([]).build().unwrap()
}

impl TestSandbox {
    pub(crate) fn url(&self, path: &str) -> String {
        self.sandbox.url() + path
    }

    pub(crate) async fn request_token(&self, form: &[(&str, &str)]) -> Response {
        self.client.post(self.url("/v2/token")).form(form).send().await.unwrap()
    }

    pub(crate) async fn request_valid_token(&self) -> Response {
        self.request_token(&[
            ("client_id", "sandbox"),
            ("client_secret", "sandbox-secret"),
            ("grant_type", "client_credentials"),
        ])
        .await
    }

    pub(crate) async fn token(&self) -> String {
        let body: serde_json::Value = self.request_valid_token().await.json().await.unwrap();
        body["data"]["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn balance_request(&self, token: &str) -> RequestBuilder {
        self.client.get(self.url("/v2/balance")).bearer_auth(token)
    }

    /// Posts to an admin endpoint.
    pub(crate) async fn admin(&self, path: &str) -> Response {
        self.client.post(self.url("/_sandbox/") + path).send().await.unwrap()
    }
}

/// The text of a file in `contract/`.
pub(crate) fn contract(name: &str) -> String {
    let path = format!("{}/../contract/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}
