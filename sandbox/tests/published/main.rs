//! The stand-in held against what Airalo publishes about its partner API.
//!
//! [`facts::FACTS`] is that description as requests and answers: each fact has a number and the
//! page that states it, at developers.partners.airalo.com or, where that page is not open, in the
//! public repository `api-evangelist/airalo`. [`facts::UNDOCUMENTED`] is what the stand-in does
//! where the description says nothing, so that nobody takes it for Airalo's word.

#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod facts;
mod receiver;

use airalo_balance_sandbox::{Cents, Config, Sandbox, serve};
use facts::{Ask, Auth, FACTS, Fact, UNDOCUMENTED};
use receiver::Receiver;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Once;
use tokio::net::TcpListener;

const CREDENTIALS: [(&str, &str); 3] =
    [("client_id", "sandbox"), ("client_secret", "sandbox-secret"), ("grant_type", "client_credentials")];

async fn start(config: Config) -> Sandbox {
    serve(config, TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap()
}

fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let builder = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.tls_certs_only([]).build().unwrap()
}

async fn post_form(client: &Client, sandbox: &Sandbox, form: &[(&str, &str)]) -> Response {
    let request = client.post(sandbox.url() + "/v2/token").header("Accept", "application/json");
    request.form(form).send().await.unwrap()
}

async fn token(client: &Client, sandbox: &Sandbox) -> String {
    let body: Value = post_form(client, sandbox, &CREDENTIALS).await.json().await.unwrap();
    body["data"]["access_token"].as_str().unwrap().to_owned()
}

async fn ask(client: &Client, sandbox: &Sandbox, ask: &Ask) -> Response {
    match ask {
        Ask::Token(form) => post_form(client, sandbox, form).await,
        Ask::FourthToken => {
            for _ in 0..3 {
                assert_eq!(post_form(client, sandbox, &CREDENTIALS).await.status(), 200);
            }
            post_form(client, sandbox, &CREDENTIALS).await
        }
        Ask::Balance(auth) => {
            let request = client.get(sandbox.url() + "/v2/balance").header("Accept", "application/json");
            let request = match auth {
                Auth::None => request,
                Auth::MadeUp => request.bearer_auth("made-up"),
                Auth::Valid => request.bearer_auth(token(client, sandbox).await),
            };
            request.send().await.unwrap()
        }
        Ask::Order(package_id) => {
            let form = [("package_id", *package_id), ("quantity", "1")];
            let request = client.post(sandbox.url() + "/v2/orders").bearer_auth(token(client, sandbox).await);
            request.form(&form).send().await.unwrap()
        }
        Ask::Post(path, body) => post_json(client, sandbox, path, body).await,
        Ask::Notification => {
            let (path, body) =
                ("/v2/notifications/opt-in", r#"{"type":"webhook_credit_limit","webhook_url":"URL"}"#);
            assert_eq!(post_json(client, sandbox, path, body).await.status(), 200);
            let request = client.get(sandbox.url() + path).bearer_auth(token(client, sandbox).await);
            request.send().await.unwrap()
        }
    }
}

/// Posts JSON in which `URL` is the address of a receiver.
async fn post_json(client: &Client, sandbox: &Sandbox, path: &str, body: &str) -> Response {
    let receiver = Receiver::start().await;
    let request = client.post(sandbox.url() + path).bearer_auth(token(client, sandbox).await);
    let request = request.header("Content-Type", "application/json").body(body.replace("URL", &receiver.url));
    request.send().await.unwrap()
}

/// Whether an answer is as expected. In what is expected, `"<text>"` is any text and `"<text>…"`
/// any text that begins so; everything else has to be equal, with no field more or less.
fn is_like(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::String(expected), Value::String(actual)) => match expected.strip_suffix('…') {
            Some(beginning) => actual.starts_with(beginning) && actual.len() > beginning.len(),
            None => expected == "<text>" && !actual.is_empty() || expected == actual,
        },
        (Value::Object(expected), Value::Object(actual)) => {
            expected.len() == actual.len()
                && expected.iter().all(|(name, value)| actual.get(name).is_some_and(|it| is_like(value, it)))
        }
        _ => expected == actual,
    }
}

async fn check(fact: &Fact) {
    let client = client();
    let config = Config { balance: Cents::new(fact.cents), scenario: fact.scenario, ..Config::default() };
    let sandbox = start(config).await;
    let response = ask(&client, &sandbox, &fact.ask).await;
    let name = format!("{} ({}): {}", fact.number, fact.page, fact.says);
    assert_eq!(response.status(), fact.status, "{name}");
    for (header, value) in fact.headers {
        let actual = response.headers().get(*header).unwrap_or_else(|| panic!("{name}: no {header}"));
        assert!(actual.to_str().unwrap().starts_with(value), "{name}: {header}: {actual:?}");
    }
    let text = response.text().await.unwrap();
    match serde_json::from_str::<Value>(fact.answer) {
        Ok(expected) => {
            let actual =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}: {text}"));
            assert!(is_like(&expected, &actual), "{name}: {text}");
        }
        Err(_) => assert_eq!(text, fact.answer, "{name}"),
    }
}

#[tokio::test]
async fn the_stand_in_answers_as_airalo_publishes() {
    for fact in FACTS {
        check(fact).await;
    }
}

/// Of the published body with the secret of the sandbox, from `openssl dgst -sha512 -hmac`.
const SIGNATURE: &str = "e83c77165671d0213ced05f2b8a7037c65fa6d57b02ed757d75793bdc39c09c3dc805553b1405fb18832cfda097ae703eca516c9b1c65a6f51923f0e03bf7222";

/// 5.3, 5.5 and 5.6, from the page "Webhook definition".
#[tokio::test]
async fn a_webhook_has_the_published_body_and_is_signed_with_the_secret() {
    let (client, sandbox) = (client(), start(Config::default()).await);
    let mut receiver = Receiver::start().await;
    let body = json!({"event": "credit_limit_notification", "level": "80", "webhook_url": receiver.url});
    let response = post_json(&client, &sandbox, "/v2/simulator/webhook", &body.to_string()).await;
    assert_eq!(response.status(), 200);
    let webhook = receiver.next().await;
    let file = include_str!("../../../contract/partner-webhook-credit.json");
    assert_eq!(webhook.body, file.trim_end());
    assert_eq!(webhook.content_type, "application/json");
    assert_eq!(webhook.signature, SIGNATURE);

    let body = json!({"event": "low_data_notification", "type": "expire_3", "webhook_url": receiver.url});
    post_json(&client, &sandbox, "/v2/simulator/webhook", &body.to_string()).await;
    let fields = |text: &str| {
        let value: Value = serde_json::from_str(text).unwrap();
        value.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    let file = include_str!("../../../contract/partner-webhook-data.json");
    assert_eq!(fields(&receiver.next().await.body), fields(file));
}

#[tokio::test]
async fn a_token_stays_valid_when_an_address_was_refused() {
    let (client, sandbox) = (client(), start(Config::default()).await);
    let token = token(&client, &sandbox).await;
    let balance = async || {
        let request = client.get(sandbox.url() + "/v2/balance").bearer_auth(&token);
        request.send().await.unwrap().status().as_u16()
    };
    sandbox.state().set_scenario(airalo_balance_sandbox::Scenario::AddressRefused);
    assert_eq!(balance().await, 403);
    sandbox.state().set_scenario(airalo_balance_sandbox::Scenario::Normal);
    assert_eq!(balance().await, 200);
}

#[test]
fn every_fact_has_a_number_and_a_page_and_none_is_stated_twice() {
    let mut seen = BTreeSet::new();
    for fact in FACTS {
        assert!(seen.insert(fact.says), "{}", fact.says);
        assert!(fact.number.split('.').all(|part| part.parse::<u8>().is_ok()), "{}", fact.number);
        assert!(!fact.page.is_empty());
    }
    assert!(!UNDOCUMENTED.is_empty());
}

#[test]
fn an_answer_is_compared_with_every_field() {
    let like = |expected: &str, actual: &str| {
        is_like(&serde_json::from_str(expected).unwrap(), &serde_json::from_str(actual).unwrap())
    };
    assert!(like(r#"{"a":"<text>","b":"x…"}"#, r#"{"b":"xyz","a":"any"}"#));
    for (expected, actual) in [
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#),
        (r#"{"a":1,"b":2}"#, r#"{"a":1}"#),
        (r#"{"a":[]}"#, r#"{"a":{}}"#),
        (r#"{"a":"<text>"}"#, r#"{"a":1}"#),
        (r#"{"a":"x…"}"#, r#"{"a":"x"}"#),
    ] {
        assert!(!like(expected, actual), "{expected} {actual}");
    }
}
