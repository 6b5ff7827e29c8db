//! Starts a proxy inside the test, with a sandbox as its upstream.

use airalo_balance_proxy::{CardSource, Config, ConfigErrors, Proxy, ReloadHandle, TaskEnded, Timeouts};
use airalo_balance_sandbox::{self as sandbox, Sandbox, Scenario};
use reqwest::{Client, Response};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Once;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Long enough for any machine. Only a test that fails waits this long.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// A running proxy, its upstream, and a client for it.
pub(crate) struct TestProxy {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) admin_url: String,
    pub(crate) reload: ReloadHandle,
    pub(crate) shutdown: Option<oneshot::Sender<()>>,
    pub(crate) server: JoinHandle<Result<(), TaskEnded>>,
}

/// The configuration of a test.
pub(crate) struct Setup {
    pub(crate) sandbox: sandbox::Config,
    pub(crate) client_secret: &'static str,
    pub(crate) balance_ttl: Duration,
    pub(crate) max_stale: Duration,
    pub(crate) timeouts: Timeouts,
    pub(crate) assets_dir: PathBuf,
    /// Variables besides those that every test needs.
    pub(crate) variables: Vec<(&'static str, String)>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            sandbox: sandbox::Config::default(),
            client_secret: "sandbox-secret",
            balance_ttl: Duration::from_secs(60),
            max_stale: Duration::from_secs(3600),
            timeouts: Timeouts::default(),
            assets_dir: "no-such-directory".into(),
            // Many tests ask again and again until something is true.
            variables: vec![("RATE_LIMIT", "0".to_owned())],
        }
    }
}

impl Setup {
    /// With a TTL of zero every request asks the upstream, unless a backoff prevents it.
    pub(crate) fn zero_ttl() -> Self {
        Self { balance_ttl: Duration::ZERO, ..Self::default() }
    }

    /// With these variables set, and the default limit of requests.
    pub(crate) fn variables(variables: &[(&'static str, &str)]) -> Self {
        let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { variables, ..Self::default() }
    }

    /// An upstream whose first answer, which is asked for at the start, comes after the first reader.
    pub(crate) fn slow_at_first() -> Self {
        let slow = Duration::from_millis(500);
        let sandbox = sandbox::Config { scenario: Scenario::SlowHeaders, slow, ..sandbox::Config::default() };
        Self { sandbox, ..Self::default() }
    }

    /// A TTL of zero, and an upstream that behaves like this.
    pub(crate) fn scenario(scenario: Scenario) -> Self {
        Self { sandbox: sandbox::Config { scenario, ..sandbox::Config::default() }, ..Self::zero_ttl() }
    }
}

pub(crate) async fn spawn_proxy(setup: Setup) -> TestProxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sandbox = sandbox::serve(setup.sandbox, listener).unwrap();
    let config = read_config(&sandbox.url(), setup.client_secret, &setup.variables);
    let proxy = Proxy::bind(Config {
        balance_ttl: setup.balance_ttl,
        max_stale: setup.max_stale,
        timeouts: setup.timeouts,
        card: CardSource::Directory(setup.assets_dir),
        ..config.unwrap()
    })
    .await
    .unwrap();
    let url = format!("http://{}", proxy.address());
    let admin_url = format!("http://{}", proxy.admin_address().unwrap());
    let reload = proxy.reload_handle();
    let (shutdown, requested) = oneshot::channel();
    let server = tokio::spawn(proxy.run_until(async { drop(requested.await) }));
    TestProxy { sandbox, client: http_client(), url, admin_url, reload, shutdown: Some(shutdown), server }
}

fn read_config(
    base_url: &str,
    client_secret: &str,
    variables: &[(&str, String)],
) -> Result<Config, ConfigErrors> {
    Config::from_vars(false, |name| match name {
        "AIRALO_BASE_URL" => Some(base_url.to_owned()),
        "AIRALO_CLIENT_ID" => Some("sandbox".to_owned()),
        "AIRALO_CLIENT_SECRET" => Some(client_secret.to_owned()),
        "LISTEN" | "ADMIN_LISTEN" => Some("127.0.0.1:0".to_owned()),
        _ => variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()),
    })
}

pub(crate) fn http_client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder().no_proxy().timeout(TIMEOUT).tls_certs_only([]).build().unwrap()
}

impl TestProxy {
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    /// Requests a path with these headers and no others but those of every client.
    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = self.client.get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// Requests the balance as the card does, with these headers too.
    pub(crate) async fn balance_with(&self, headers: &[(&str, &str)]) -> Response {
        self.get_with("/api/balance", &[&[("X-Airalo-Widget", "1")], headers].concat()).await
    }

    /// Has the proxy read its variables again: good credentials and these.
    pub(crate) fn reload_with(&self, variables: &[(&str, &str)]) {
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.reload.reload(read_config(&self.sandbox.url(), "sandbox-secret", &variables));
    }

    /// Has the proxy read its variables again, with another client secret.
    pub(crate) fn reload_with_secret(&self, secret: &str) {
        self.reload.reload(read_config(&self.sandbox.url(), secret, &[]));
    }

    /// Requests the balance as the card does.
    pub(crate) async fn balance(&self) -> Response {
        get_balance(&self.client, &self.url).await
    }

    /// Requests a balance, and returns what the upstream has received by then. The proxy asks it at
    /// the start by itself, and this balance may come from that request or from another one.
    pub(crate) async fn first_requests(&self) -> (u64, u64) {
        self.balance().await;
        self.upstream_requests()
    }

    pub(crate) async fn balance_json(&self) -> Value {
        self.balance().await.json().await.unwrap()
    }

    /// How many token requests and balance requests the upstream has received.
    pub(crate) fn upstream_requests(&self) -> (u64, u64) {
        let counts = self.sandbox.state().counts();
        (counts.token_requests, counts.balance_requests)
    }
}

/// Requests the balance as the card does, from a proxy at any URL.
pub(crate) async fn get_balance(client: &Client, url: &str) -> Response {
    let request = client.get(format!("{url}/api/balance")).header("X-Airalo-Widget", "1");
    request.send().await.unwrap()
}
