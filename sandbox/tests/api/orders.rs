use crate::support::{TestSandbox, spawn_sandbox};
use airalo_balance_sandbox::{Cents, Config};
use reqwest::Response;
use serde_json::{Value, json};
use std::time::Duration;

async fn order(test: &TestSandbox, token: &str, body: Value) -> Response {
    test.client.post(test.url("/v2/orders")).bearer_auth(token).json(&body).send().await.unwrap()
}

#[tokio::test]
async fn an_order_lowers_the_balance_by_its_price() {
    let test = spawn_sandbox(Config::default()).await;
    let token = test.token().await;
    let response = order(&test, &token, json!({"package_id": "change-7days-1gb", "quantity": "2"})).await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.unwrap();
    assert_eq!((&body["data"]["price"], &body["meta"]["message"]), (&json!(9), &json!("success")));
    assert_eq!(test.sandbox.state().balance(), Cents::new(21_635));

    let form = [("package_id", "change-7days-1gb"), ("quantity", "1")];
    let request = test.client.post(test.url("/v2/orders")).bearer_auth(token).form(&form);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(test.sandbox.state().balance(), Cents::new(21_185));
}

#[tokio::test]
async fn an_order_beyond_the_credit_is_code_11_and_charges_nothing() {
    let test = spawn_sandbox(Config { balance: Cents::new(100), ..Config::default() }).await;
    let token = test.token().await;
    for package in ["change-7days-1gb", "test-insufficient-balance-7days-1gb"] {
        let response = order(&test, &token, json!({"package_id": package, "quantity": 1})).await;
        assert_eq!(response.status(), 422);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["code"], 11);
        assert!(body["reason"].as_str().unwrap().starts_with("Insufficient Airalo Credit: "), "{body}");
    }
    assert_eq!(test.sandbox.state().balance(), Cents::new(100));
}

#[tokio::test]
async fn an_order_needs_a_token_a_package_and_a_quantity() {
    let test = spawn_sandbox(Config::default()).await;
    let token = test.token().await;
    assert_eq!(order(&test, "made-up", json!({})).await.status(), 401);
    for body in [
        json!({}),
        json!({"package_id": "p"}),
        json!({"package_id": "p", "quantity": 0}),
        json!({"package_id": "p", "quantity": 51}),
        json!({"package_id": "p", "quantity": u32::MAX}),
        json!({"package_id": "p", "quantity": -1}),
    ] {
        assert_eq!(order(&test, &token, body.clone()).await.status(), 422, "{body}");
    }
    assert_eq!(test.sandbox.state().counts().orders, 0);
}

#[tokio::test]
async fn orders_are_placed_automatically_if_configured() {
    let order_every = Some(Duration::from_millis(1));
    let test = spawn_sandbox(Config { order_every, ..Config::default() }).await;
    while test.sandbox.state().counts().orders < 3 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(test.sandbox.state().balance() < Config::default().balance);
}
