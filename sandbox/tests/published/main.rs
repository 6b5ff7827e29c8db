//! The stand-in held against what Airalo publishes about its partner API.
//!
//! [`facts::FACTS`] is that description as requests and answers: each fact has a number and the
//! page that states it, at developers.partners.airalo.com or, where that page is not open, in the
//! public repository `api-evangelist/airalo`. [`facts::UNDOCUMENTED`] is what the stand-in does
//! where the description says nothing, so that nobody takes it for Airalo's word.

#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod facts;

use airalo_balance_sandbox::{Cents, Config, Sandbox, serve};
use facts::{Ask, Auth, FACTS, Fact, UNDOCUMENTED};
use reqwest::{Client, Response};
use serde_json::Value;
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
    }
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
