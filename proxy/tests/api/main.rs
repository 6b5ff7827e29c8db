//! The proxy over real HTTP, with the real stand-in behind it.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

mod balance;
mod health;
mod listener;
mod page;
mod program;
mod secrets;
mod token;
mod tree;
mod troubles;

use airalo_balance_proxy::{Config, Proxy, Timeouts};
use airalo_balance_sandbox::{self as sandbox, Sandbox, Scenario};
use reqwest::{Client, Response};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Once;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Long enough for any machine; only a test that fails waits for so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A proxy, the stand-in that it asks, and a client to ask it.
struct Site {
    sandbox: Sandbox,
    client: Client,
    url: String,
    admin: String,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

/// What differs from the defaults.
struct Setup {
    sandbox: sandbox::Config,
    secret: &'static str,
    balance_ttl: Duration,
    max_stale: Duration,
    timeouts: Timeouts,
    assets_dir: PathBuf,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            sandbox: sandbox::Config::default(),
            secret: "sandbox-secret",
            balance_ttl: Duration::from_secs(60),
            max_stale: Duration::from_secs(3600),
            timeouts: Timeouts::default(),
            assets_dir: "no-such-directory".into(),
        }
    }
}

impl Setup {
    /// Every request asks Airalo, unless a pause after a failure forbids it.
    fn never_fresh() -> Self {
        Self { balance_ttl: Duration::ZERO, ..Self::default() }
    }

    fn playing(scenario: Scenario) -> Self {
        Self { sandbox: sandbox::Config { scenario, ..sandbox::Config::default() }, ..Self::never_fresh() }
    }
}

async fn spawn_proxy(setup: Setup) -> Site {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sandbox = sandbox::serve(setup.sandbox, listener).unwrap();
    let config = Config::from_vars(false, |name| match name {
        "AIRALO_BASE_URL" => Some(sandbox.url()),
        "AIRALO_CLIENT_ID" => Some("sandbox".to_owned()),
        "AIRALO_CLIENT_SECRET" => Some(setup.secret.to_owned()),
        "LISTEN" | "ADMIN_LISTEN" => Some("127.0.0.1:0".to_owned()),
        _ => None,
    });
    let proxy = Proxy::bind(Config {
        balance_ttl: setup.balance_ttl,
        max_stale: setup.max_stale,
        timeouts: setup.timeouts,
        assets_dir: setup.assets_dir,
        ..config.unwrap()
    })
    .await
    .unwrap();
    let url = format!("http://{}", proxy.address());
    let admin = format!("http://{}", proxy.admin_address().unwrap());
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(proxy.run_until(async { drop(stopped.await) }));
    Site { sandbox, client: client(), url, admin, stop: Some(stop), server }
}

fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder().no_proxy().timeout(PATIENCE).tls_certs_only([]).build().unwrap()
}

impl Site {
    async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    /// Asks for the balance as the card does.
    async fn balance(&self) -> Response {
        ask(&self.client, &self.url).await
    }

    async fn balance_json(&self) -> Value {
        self.balance().await.json().await.unwrap()
    }

    /// How often the stand-in was asked for a token and for a balance.
    fn asked(&self) -> (u64, u64) {
        let counts = self.sandbox.state().counts();
        (counts.token_requests, counts.balance_requests)
    }
}

async fn ask(client: &Client, url: &str) -> Response {
    let request = client.get(format!("{url}/api/balance")).header("X-Airalo-Widget", "1");
    request.send().await.unwrap()
}

/// Waits until something is the case, however long a slow machine takes.
async fn until<F: AsyncFnMut() -> bool>(what: &str, mut is_the_case: F) {
    let wait = async {
        while !is_the_case().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "never happened: {what}");
}

fn contract(name: &str) -> String {
    let path = format!("{}/../contract/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}
