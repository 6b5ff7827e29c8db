//! The stand-in over real HTTP, as the proxy and a browser see it.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

mod balance;
mod doors;
mod orders;
mod program;
mod token;

use airalo_balance_sandbox::{Config, MARK, Sandbox, Scenario, serve};
use reqwest::{Client, RequestBuilder, Response};
use std::sync::Once;
use tokio::net::TcpListener;

/// A stand-in on a port of its own, and a client to ask it.
struct Desk {
    sandbox: Sandbox,
    client: Client,
}

async fn open(config: Config) -> Desk {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sandbox = serve(config, listener).unwrap();
    Desk { sandbox, client: client() }
}

fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let plain = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    plain.tls_certs_only([]).build().unwrap()
}

impl Desk {
    fn url(&self, path: &str) -> String {
        self.sandbox.url() + path
    }

    async fn ask_token(&self, fields: &[(&str, &str)]) -> Response {
        self.client.post(self.url("/v2/token")).form(fields).send().await.unwrap()
    }

    async fn ask_good_token(&self) -> Response {
        self.ask_token(&[
            ("client_id", "sandbox"),
            ("client_secret", "sandbox-secret"),
            ("grant_type", "client_credentials"),
        ])
        .await
    }

    async fn token(&self) -> String {
        let body: serde_json::Value = self.ask_good_token().await.json().await.unwrap();
        body["data"]["access_token"].as_str().unwrap().to_owned()
    }

    fn balance_with(&self, token: &str) -> RequestBuilder {
        self.client.get(self.url("/v2/balance")).bearer_auth(token)
    }

    async fn door(&self, path: &str) -> Response {
        self.client.post(self.url("/_sandbox/") + path).send().await.unwrap()
    }
}

fn contract(name: &str) -> String {
    let path = format!("{}/../contract/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn every_answer_is_marked_as_a_stand_ins() {
    let desk = open(Config::default()).await;
    for path in
        ["/", "/console.css", "/console.js", "/v2/balance", "/v2/token", "/_sandbox/state", "/nowhere"]
    {
        let response = desk.client.get(desk.url(path)).send().await.unwrap();
        assert_eq!(response.headers()[MARK], "1", "{path}");
    }
}

#[tokio::test]
async fn other_machines_cannot_reach_it() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let error = serve(Config::default(), listener).unwrap_err();
    assert!(error.to_string().contains("use a loopback address"), "{error}");
}

#[tokio::test]
async fn it_stops_when_dropped() {
    let desk = open(Config { scenario: Scenario::SlowHeaders, ..Config::default() }).await;
    let address = desk.sandbox.address();
    drop(desk);
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_slow_answer_does_not_keep_it_from_stopping() {
    let desk = open(Config { scenario: Scenario::SlowHeaders, ..Config::default() }).await;
    let request = desk.balance_with(&desk.token().await).send();
    let pending = tokio::spawn(request);
    while desk.sandbox.world().counts().balance_requests == 0 {
        tokio::task::yield_now().await;
    }
    desk.sandbox.shutdown().await;
    pending.abort();
}
