use crate::support::{contract, spawn_sandbox};
use airalo_balance_sandbox::{Config, Scenario};
use serde_json::Value;

#[tokio::test]
async fn a_token_is_nested_in_data_as_documented() {
    let test = spawn_sandbox(Config::default()).await;
    let response = test.request_valid_token().await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["data"]["token_type"], "Bearer");
    assert_eq!(body["data"]["expires_in"], 31_622_400);
    assert_eq!(body["data"]["access_token"], test.sandbox.state().issued_tokens()[0]);
    assert_eq!(body["meta"]["message"], "success");
}

#[tokio::test]
async fn the_fourth_token_in_a_minute_is_refused_with_the_time_to_wait() {
    let test = spawn_sandbox(Config::default()).await;
    for _ in 0..3 {
        assert_eq!(test.request_valid_token().await.status(), 200);
    }
    let response = test.request_valid_token().await;
    assert_eq!(response.status(), 429);
    let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(response.text().await.unwrap(), "Too Many Attempts");

    let counts = test.sandbox.state().counts();
    assert_eq!((counts.token_requests, counts.tokens_issued), (4, 3));
}

#[tokio::test]
async fn an_unknown_client_and_a_wrong_secret_are_different_errors() {
    let test = spawn_sandbox(Config::default()).await;
    let grant = ("grant_type", "client_credentials");

    let unknown =
        test.request_token(&[("client_id", "who"), ("client_secret", "sandbox-secret"), grant]).await;
    assert_eq!(unknown.status(), 422);
    assert_eq!(unknown.text().await.unwrap(), contract("partner-client-unknown"));

    let wrong = test.request_token(&[("client_id", "sandbox"), ("client_secret", "guess"), grant]).await;
    assert_eq!(wrong.status(), 401);
    assert_eq!(wrong.text().await.unwrap(), contract("partner-secret-refused"));
}

#[tokio::test]
async fn wrong_secrets_count_towards_the_rate_limit() {
    let test = spawn_sandbox(Config::default()).await;
    let wrong_secret =
        [("client_id", "sandbox"), ("client_secret", "guess"), ("grant_type", "client_credentials")];
    for _ in 0..3 {
        test.request_token(&wrong_secret).await;
    }
    assert_eq!(test.request_valid_token().await.status(), 429);
}

#[tokio::test]
async fn a_request_that_is_not_a_form_or_has_no_grant_type_is_invalid() {
    let test = spawn_sandbox(Config::default()).await;
    let json = test.client.post(test.url("/v2/token")).body("{}").send().await.unwrap();
    assert_eq!(json.status(), 422);
    let no_grant_type =
        test.request_token(&[("client_id", "sandbox"), ("client_secret", "sandbox-secret")]).await;
    assert_eq!(no_grant_type.status(), 422);
    let body: Value = no_grant_type.json().await.unwrap();
    assert_eq!(body["meta"]["message"], "the parameter is invalid");
    assert!(body["data"]["grant_type"].is_string());
}

#[tokio::test]
async fn each_token_scenario_fails_in_its_own_way() {
    for (scenario, status) in
        [(Scenario::CredentialsRefused, 401), (Scenario::TokenError, 500), (Scenario::TokenMissing, 200)]
    {
        let test = spawn_sandbox(Config { scenario, ..Config::default() }).await;
        let response = test.request_valid_token().await;
        assert_eq!(response.status(), status, "{scenario:?}");
        assert!(!response.text().await.unwrap().contains("access_token"));
        assert_eq!(test.sandbox.state().counts().tokens_issued, 0);
    }
}

#[tokio::test]
async fn the_lifetime_can_be_any_json_value() {
    for expires_in in [Value::Null, (-1).into(), "soon".into()] {
        let test = spawn_sandbox(Config { expires_in: expires_in.clone(), ..Config::default() }).await;
        let body: Value = test.request_valid_token().await.json().await.unwrap();
        assert_eq!(body["data"]["expires_in"], expires_in);
    }
}
