//! The partner API with a balance of the test's choice, and without a limit of tokens: a proxy that
//! is started again asks for a new one.

use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// What the balance is while Airalo fails.
const FAILS: i64 = i64::MIN;

pub(crate) struct Partner {
    server: MockServer,
    cents: Arc<AtomicI64>,
}

impl Partner {
    pub(crate) async fn start(cents: i64) -> Self {
        let (server, cents) = (MockServer::start().await, Arc::new(AtomicI64::new(cents)));
        let token =
            json!({"data": {"access_token": "token", "expires_in": 86_400}, "meta": {"message": "success"}});
        let token = ResponseTemplate::new(200).set_body_json(token);
        Mock::given(method("POST")).and(path("/v2/token")).respond_with(token).mount(&server).await;
        let current = cents.clone();
        let balance = move |_: &Request| match current.load(Ordering::Relaxed) {
            FAILS => ResponseTemplate::new(503),
            cents => {
                let amount = cents as f64 / 100.0;
                let balance =
                    json!({"name": "balance", "availableBalance": {"amount": amount, "currency": "USD"}});
                let body = json!({"data": {"balances": balance}, "meta": {"message": "success"}});
                ResponseTemplate::new(200).set_body_json(body)
            }
        };
        Mock::given(method("GET")).and(path("/v2/balance")).respond_with(balance).mount(&server).await;
        Self { server, cents }
    }

    pub(crate) fn url(&self) -> String {
        self.server.uri()
    }

    pub(crate) fn set_balance(&self, cents: i64) {
        self.cents.store(cents, Ordering::Relaxed);
    }

    pub(crate) fn fail(&self) {
        self.set_balance(FAILS);
    }
}
