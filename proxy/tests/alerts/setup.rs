//! A proxy inside the test, whose waits are short.

use crate::partner::Partner;
use crate::wait::wait_until;
use airalo_balance_proxy::{Config, Proxy, ReloadHandle, RetryPolicy, TaskEnded};
use reqwest::Client;
use std::path::Path;
use std::sync::Once;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Long enough for any machine. Only a test that fails waits this long.
const TIMEOUT: Duration = Duration::from_secs(120);

pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The delays are a thousandth of the usual ones.
pub(crate) const FAST: RetryPolicy = RetryPolicy {
    first_delay: Duration::from_millis(5),
    max_delay: Duration::from_millis(3_600),
    give_up_after: Duration::from_secs(600),
    lease_margin: Duration::ZERO,
    poll: Duration::from_millis(100),
};

/// A running proxy. It ends at once when it is dropped, as with `kill -9`.
pub(crate) struct TestProxy {
    client: Client,
    url: String,
    admin_url: String,
    pub(crate) reload: ReloadHandle,
    shutdown: Option<oneshot::Sender<()>>,
    server: JoinHandle<Result<(), TaskEnded>>,
}

impl Drop for TestProxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub(crate) fn read_config(partner: &Partner, history: &Path, variables: &[(&str, &str)]) -> Config {
    let config = Config::from_vars(false, |name| match name {
        "AIRALO_BASE_URL" => Some(partner.url()),
        "AIRALO_CLIENT_ID" | "AIRALO_CLIENT_SECRET" => Some("test".to_owned()),
        "LISTEN" | "ADMIN_LISTEN" => Some("127.0.0.1:0".to_owned()),
        "HISTORY" => Some(history.to_str().unwrap().to_owned()),
        "LOW_THRESHOLD" => Some("200".to_owned()),
        "CRITICAL_THRESHOLD" => Some("50".to_owned()),
        "RATE_LIMIT" => Some("0".to_owned()),
        _ => variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
    });
    config.unwrap()
}

/// Starts a proxy whose every reader causes a reading.
pub(crate) async fn start(
    partner: &Partner,
    history: &Path,
    variables: &[(&str, &str)],
    change: impl FnOnce(&mut Config),
) -> TestProxy {
    let mut config = read_config(partner, history, variables);
    config.balance_ttl = Duration::ZERO;
    config.alerts.as_mut().unwrap().retry = FAST;
    change(&mut config);
    let proxy = Proxy::bind(config).await.unwrap();
    let (url, admin_url) =
        (format!("http://{}", proxy.address()), format!("http://{}", proxy.admin_address().unwrap()));
    let reload = proxy.reload_handle();
    let (shutdown, signal) = oneshot::channel();
    let server = tokio::spawn(proxy.run_until(async {
        if signal.await.is_err() {
            std::future::pending().await
        }
    }));
    TestProxy { client: http_client(), url, admin_url, reload, shutdown: Some(shutdown), server }
}

pub(crate) fn http_client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder().no_proxy().timeout(TIMEOUT).tls_certs_only([]).build().unwrap()
}

impl TestProxy {
    /// Stops it as a signal does, and waits for its end.
    pub(crate) async fn stop(mut self) {
        self.shutdown.take().unwrap().send(()).unwrap();
        assert_eq!((&mut self.server).await.unwrap(), Ok(()));
    }

    /// Has the proxy read the balance, and waits for it.
    pub(crate) async fn read(&self) {
        let request = self.client.get(format!("{}/api/balance", self.url)).header("X-Airalo-Widget", "1");
        request.send().await.unwrap().bytes().await.unwrap();
    }

    pub(crate) async fn metrics(&self) -> String {
        let response = self.client.get(format!("{}/metrics", self.admin_url)).send().await.unwrap();
        response.text().await.unwrap()
    }

    async fn metric(&self, series: &str) -> u64 {
        let text = self.metrics().await;
        let line = text.lines().find_map(|line| line.strip_prefix(series));
        line.map_or(0, |value| value.trim().parse().unwrap())
    }

    pub(crate) async fn notifications(&self, channel: &str, outcome: &str) -> u64 {
        let labels = format!("{{channel=\"{channel}\",outcome=\"{outcome}\"}}");
        self.metric(&format!("airalo_notifications_total{labels}")).await
    }

    /// Reads the balance again and again until a condition is true.
    pub(crate) async fn read_until<F: AsyncFnMut() -> bool>(&self, what: &str, mut condition: F) {
        wait_until(what, async || {
            self.read().await;
            condition().await
        })
        .await;
    }
}
