//! The webhooks that Airalo sends, signed as it signs them.
//!
//! They are sent to loopback addresses only: the sandbox reaches no network.

use crate::cents::Cents;
use crate::state::SandboxState;
use axum::body::Body;
use axum::http::uri::{Authority, Scheme};
use axum::http::{Method, Request, StatusCode, Uri, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// The documented header. Its value is the HMAC-SHA512 of the body in hexadecimal digits.
const SIGNATURE: &str = "airalo-signature";

/// What is documented about webhooks that are not taken.
const RETRIES: u32 = 20;
const RETRY_AFTER: Duration = Duration::from_secs(15 * 60);

/// How long an address may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// An address on this machine, without TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoopbackUrl(Uri);

impl LoopbackUrl {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let is_plain = uri.scheme() == Some(&Scheme::HTTP);
        (is_plain && uri.authority().is_some_and(is_loopback)).then_some(Self(uri))
    }
}

impl fmt::Display for LoopbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether this is a name or an address of this machine.
pub(crate) fn is_loopback(authority: &Authority) -> bool {
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A webhook that is to be sent.
#[derive(Debug)]
pub(crate) struct Webhook {
    pub(crate) url: LoopbackUrl,
    pub(crate) body: String,
}

impl Webhook {
    /// The notice that so many per cent of the credit are used.
    pub(crate) fn of_used_credit(url: LoopbackUrl, level: u8, remaining: Cents) -> Self {
        #[derive(Serialize)]
        struct UsedCredit {
            message: String,
            remaining: Cents,
        }
        let message = format!("Surpassed {level}% of the credit limit balance");
        Self::new(url, &UsedCredit { message, remaining })
    }

    /// The notice of an eSIM's data, which the sandbox only simulates.
    pub(crate) fn of_low_data(url: LoopbackUrl, level: &str, iccid: &str) -> Self {
        #[derive(Serialize)]
        struct LowData<'a> {
            level: &'a str,
            package_name: &'static str,
            remaining_percentage: u8,
            iccid: &'a str,
        }
        let package_name = "change-7days-1gb";
        Self::new(url, &LowData { level, package_name, remaining_percentage: 25, iccid })
    }

    fn new(url: LoopbackUrl, payload: &impl Serialize) -> Self {
        // Texts and numbers can always be written.
        Self { url, body: serde_json::to_string(payload).unwrap_or_default() }
    }

    /// Sends it once. Airalo takes 200 to 203 for success.
    pub(crate) async fn send(&self, secret: &SecretString) -> bool {
        let request = Request::post(self.url.0.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(SIGNATURE, signature(secret, self.body.as_bytes()))
            .body(Body::from(self.body.clone()));
        let status = status_of(request).await;
        status.is_some_and(|status| (200..204).contains(&status.as_u16()))
    }
}

/// Airalo asks with HEAD before it accepts an address, and wants 200.
pub(crate) async fn answers(url: &LoopbackUrl) -> bool {
    let request = Request::builder().method(Method::HEAD).uri(url.0.clone()).body(Body::empty());
    status_of(request).await == Some(StatusCode::OK)
}

/// Sends the webhooks of the account until it is dropped.
pub(crate) async fn send_all(state: Arc<SandboxState>, mut webhooks: mpsc::Receiver<Webhook>) {
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            webhook = webhooks.recv() => match webhook {
                Some(webhook) => drop(tasks.spawn(send_with_retries(state.clone(), webhook))),
                None => return,
            },
            Some(_) = tasks.join_next() => {}
        }
    }
}

async fn send_with_retries(state: Arc<SandboxState>, webhook: Webhook) {
    for _ in 0..=RETRIES {
        let is_taken = webhook.send(&state.config().client_secret).await;
        state.count_webhook(is_taken);
        if is_taken {
            return;
        }
        sleep(RETRY_AFTER).await;
    }
}

/// The status of a response, or `None` where there is none in time.
async fn status_of(request: axum::http::Result<Request<Body>>) -> Option<StatusCode> {
    let client: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new()).build_http();
    Some(timeout(TIMEOUT, client.request(request.ok()?)).await.ok()?.ok()?.status())
}

fn signature(secret: &SecretString, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA512, secret.expose_secret().as_bytes());
    hmac::sign(&key, body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_is_the_documented_one() {
        let url = LoopbackUrl::parse("http://127.0.0.1:1/").unwrap();
        let credit = Webhook::of_used_credit(url.clone(), 80, Cents::new(22_535));
        assert_eq!(credit.body, include_str!("../../contract/partner-webhook-credit.json").trim_end());
        let data = Webhook::of_low_data(url, "3days", "87123123456889019");
        let names = ["level", "package_name", "remaining_percentage", "iccid"];
        assert!(names.iter().all(|name| data.body.contains(&format!(r#""{name}":"#))), "{}", data.body);
    }

    #[test]
    fn nothing_is_sent_to_another_machine() {
        for text in ["http://127.0.0.1:8080/webhooks/airalo", "http://localhost/", "http://[::1]:80/?a=b"] {
            assert_eq!(LoopbackUrl::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "https://127.0.0.1/",
            "http://balance.example/",
            "http://127.0.0.1.example/",
            "/",
            "",
            "http:///",
        ] {
            assert_eq!(LoopbackUrl::parse(text), None, "{text}");
        }
    }

    /// Computed with another implementation: `openssl dgst -sha512 -hmac key`.
    #[test]
    fn a_signature_is_the_hmac_sha512_in_hexadecimal_digits() {
        let text = signature(&"key".into(), b"The quick brown fox jumps over the lazy dog");
        assert_eq!(
            text,
            "b42af09057bac1e2d41708e48a902e09b5ff7f12ab428a4fe86653c73dd248fb82f948a549f7b791a5b41915ee4d1ec3935357e4e2317250d0372afa2ebeeb3a"
        );
    }
}
