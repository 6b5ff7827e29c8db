//! The documented partner API with answers of a test's choice, and a proxy that asks it.

use airalo_balance_proxy::{Config, Proxy, TaskEnded};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// Long enough for any machine. Only a test that fails waits this long.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) const CLIENT_ID: &str = "partner-client";
pub(crate) const CLIENT_SECRET: &str = "a secret & more=";

/// The partner API. It receives requests as long as it lives.
pub(crate) struct Partner(pub(crate) MockServer);

impl Partner {
    /// With answers for each of its two endpoints. Anything else is 404.
    pub(crate) async fn start(token: impl Respond + 'static, balance: impl Respond + 'static) -> Self {
        let server = MockServer::start().await;
        Mock::given(method("POST")).and(path("/v2/token")).respond_with(token).mount(&server).await;
        Mock::given(method("GET")).and(path("/v2/balance")).respond_with(balance).mount(&server).await;
        Self(server)
    }

    async fn requests(&self, path: &str) -> Vec<Request> {
        let all = self.0.received_requests().await.unwrap();
        all.into_iter().filter(|request| request.url.path() == path).collect()
    }

    pub(crate) async fn token_requests(&self) -> Vec<Request> {
        self.requests("/v2/token").await
    }

    pub(crate) async fn balance_requests(&self) -> Vec<Request> {
        self.requests("/v2/balance").await
    }
}

/// A proxy of this process. It stops when dropped.
pub(crate) struct TestProxy {
    client: Client,
    url: String,
    server: JoinHandle<Result<(), TaskEnded>>,
}

impl Drop for TestProxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Starts a proxy in front of a partner API at this URL.
pub(crate) async fn start_proxy(partner_url: &str, change: impl FnOnce(&mut Config)) -> TestProxy {
    let config = Config::from_vars(false, |name| match name {
        "AIRALO_BASE_URL" => Some(partner_url.to_owned()),
        "AIRALO_CLIENT_ID" => Some(CLIENT_ID.to_owned()),
        "AIRALO_CLIENT_SECRET" => Some(CLIENT_SECRET.to_owned()),
        "LISTEN" => Some("127.0.0.1:0".to_owned()),
        _ => None,
    });
    let mut config = config.unwrap();
    change(&mut config);
    let proxy = Proxy::bind(config).await.unwrap();
    let url = format!("http://{}/api/balance", proxy.address());
    let server = tokio::spawn(proxy.run_until(std::future::pending()));
    TestProxy { client: client(), url, server }
}

/// A proxy in front of this partner, with its usual settings.
pub(crate) async fn proxy_for(partner: &Partner) -> TestProxy {
    start_proxy(&partner.0.uri(), |_| {}).await
}

/// A balance is out of date at once, so every reader has it fetched again.
pub(crate) fn never_fresh(config: &mut Config) {
    config.balance_ttl = Duration::ZERO;
}

fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder().no_proxy().timeout(TIMEOUT).tls_certs_only([]).build().unwrap()
}

impl TestProxy {
    pub(crate) async fn balance(&self) -> Response {
        self.balance_with(&[]).await
    }

    /// Asks as the card does, with more headers.
    pub(crate) async fn balance_with(&self, headers: &[(&str, &str)]) -> Response {
        let request = self.client.get(&self.url).header("X-Airalo-Widget", "1");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().await.unwrap()
    }

    /// The status and the JSON.
    pub(crate) async fn read(&self) -> (u16, Value) {
        let response = self.balance().await;
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Checks that the answer is this problem.
    pub(crate) async fn check_problem(&self, status: u16, code: &str, what: &str) {
        let (answered, body) = self.read().await;
        assert_eq!((answered, &body["code"]), (status, &json!(code)), "{what}: {body}");
    }
}

/// The documented answer of the token endpoint.
pub(crate) fn token(access_token: &str, expires_in: &Value) -> ResponseTemplate {
    let data = json!({"token_type": "Bearer", "expires_in": expires_in, "access_token": access_token});
    ResponseTemplate::new(200).set_body_json(json!({"data": data, "meta": {"message": "success"}}))
}

/// A token that is another one each time: `token-1`, `token-2` and so on.
pub(crate) fn tokens() -> impl Respond {
    let issued = AtomicUsize::new(0);
    move |_: &Request| {
        token(&format!("token-{}", issued.fetch_add(1, Ordering::Relaxed) + 1), &json!(31_622_400))
    }
}

/// The documented answer of the balance endpoint, served as the documentation says.
pub(crate) fn balance(amount: &str) -> ResponseTemplate {
    let body = format!(
        r#"{{"data":{{"balances":{{"name":"balance","availableBalance":{{"amount":{amount},"currency":"USD"}}}}}},"meta":{{"message":"success"}}}}"#
    );
    ResponseTemplate::new(200).set_body_raw(body, "text/plain")
}

/// The documented shape of an error: a list or fields, and a message.
pub(crate) fn refusal(status: u16, data: &Value, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"data": data, "meta": {"message": message}}))
}
