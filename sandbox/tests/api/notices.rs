//! The notice of used credit, from the opt-in to the webhook.

use crate::receiver::Receiver;
use crate::support::{TestSandbox, spawn_sandbox};
use airalo_balance_sandbox::{Cents, Config};
use reqwest::Response;
use serde_json::{Value, json};

const OPT_IN: &str = "/v2/notifications/opt-in";
const OPT_OUT: &str = "/v2/notifications/opt-out";

async fn post(test: &TestSandbox, path: &str, body: Value) -> Response {
    let token = test.token().await;
    test.client.post(test.url(path)).bearer_auth(token).json(&body).send().await.unwrap()
}

fn opt_in(url: &str) -> Value {
    json!({"type": "webhook_credit_limit", "webhook_url": url})
}

async fn invalid_field(response: Response) -> String {
    assert_eq!(response.status(), 422);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["meta"]["message"], "the parameter is invalid");
    body["data"].as_object().unwrap().keys().next().unwrap().clone()
}

// Half of 225.35 is 112.675.
#[tokio::test]
async fn who_has_opted_in_is_sent_a_webhook_when_an_order_passes_a_level() {
    let test = spawn_sandbox(Config::default()).await;
    let mut receiver = Receiver::start().await;
    assert_eq!(post(&test, OPT_IN, opt_in(&receiver.url)).await.status(), 200);
    for price in [11_267, 1, 4_507] {
        test.sandbox.state().place_order(Cents::new(price)).unwrap();
    }
    let first = receiver.next().await;
    assert_eq!(first.body, r#"{"message":"Surpassed 50% of the credit limit balance","remaining":112.67}"#);
    let second = receiver.next().await;
    assert_eq!(second.body, r#"{"message":"Surpassed 70% of the credit limit balance","remaining":67.6}"#);
}

#[tokio::test]
async fn after_an_opt_out_nothing_is_sent() {
    let test = spawn_sandbox(Config::default()).await;
    let mut receiver = Receiver::start().await;
    post(&test, OPT_IN, opt_in(&receiver.url)).await;
    assert_eq!(post(&test, OPT_OUT, json!({"type": "webhook_credit_limit"})).await.status(), 204);
    test.sandbox.state().set_balance(Cents::new(10_000));
    let token = test.token().await;
    let details = test.client.get(test.url(OPT_IN)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(details.json::<Value>().await.unwrap()["data"], json!([]));

    let opt_in = test.client.post(test.url(OPT_IN)).bearer_auth(&token).json(&opt_in(&receiver.url));
    assert_eq!(opt_in.send().await.unwrap().status(), 200);
    test.sandbox.state().set_balance(Cents::new(1000));
    assert!(receiver.next().await.body.contains("90%"), "the first one that is sent is the later one");
}

#[tokio::test]
async fn an_address_that_does_not_answer_head_with_200_or_is_not_on_this_machine_is_refused() {
    let test = spawn_sandbox(Config::default()).await;
    let urls = [test.url("/v2/token"), "https://127.0.0.1/".into(), "http://balance.example/".into()];
    let token = test.token().await;
    for url in urls {
        let request = test.client.post(test.url(OPT_IN)).bearer_auth(&token).json(&opt_in(&url));
        assert_eq!(invalid_field(request.send().await.unwrap()).await, "webhook_url", "{url}");
    }
}

#[tokio::test]
async fn a_request_for_another_type_or_with_other_levels_is_refused() {
    let test = spawn_sandbox(Config::default()).await;
    let token = test.token().await;
    let url = "http://127.0.0.1:1/";
    for (body, field) in [
        (json!({}), "type"),
        (json!({"type": "email_credit_limit", "email": "a@example.com"}), "type"),
        (json!({"type": "webhook_credit_limit"}), "webhook_url"),
        (json!({"type": "webhook_credit_limit", "webhook_url": url, "levels": [60]}), "levels"),
        (json!({"type": "webhook_credit_limit", "webhook_url": url, "levels": []}), "levels"),
    ] {
        let request = test.client.post(test.url(OPT_IN)).bearer_auth(&token).json(&body);
        assert_eq!(invalid_field(request.send().await.unwrap()).await, field, "{body}");
    }
    for path in [OPT_IN, OPT_OUT, "/v2/simulator/webhook"] {
        assert_eq!(test.client.post(test.url(path)).send().await.unwrap().status(), 401, "{path}");
    }
}

#[tokio::test]
async fn five_simulations_a_minute_are_allowed() {
    let test = spawn_sandbox(Config::default()).await;
    let receiver = Receiver::start().await;
    let token = test.token().await;
    let body = json!({"event": "credit_limit_notification", "level": "90", "webhook_url": receiver.url});
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let request = test.client.post(test.url("/v2/simulator/webhook")).bearer_auth(&token).json(&body);
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    assert_eq!(test.sandbox.state().counts().webhooks_sent, 5);
}
