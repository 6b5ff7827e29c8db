use crate::{contract, open};
use airalo_balance_sandbox::{Config, Scenario};
use serde_json::Value;

#[tokio::test]
async fn a_token_comes_nested_as_documented() {
    let desk = open(Config::default()).await;
    let response = desk.ask_good_token().await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["data"]["token_type"], "Bearer");
    assert_eq!(body["data"]["expires_in"], 31_622_400);
    assert_eq!(body["data"]["access_token"], desk.sandbox.world().ever_issued()[0]);
    assert_eq!(body["meta"]["message"], "success");
}

#[tokio::test]
async fn the_fourth_token_in_a_minute_is_refused_with_the_time_to_wait() {
    let desk = open(Config::default()).await;
    for _ in 0..3 {
        assert_eq!(desk.ask_good_token().await.status(), 200);
    }
    let response = desk.ask_good_token().await;
    assert_eq!(response.status(), 429);
    let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(response.text().await.unwrap(), "Too Many Attempts");

    let counts = desk.sandbox.world().counts();
    assert_eq!((counts.token_requests, counts.tokens_issued), (4, 3));
}

#[tokio::test]
async fn an_unknown_client_and_a_wrong_secret_are_told_apart() {
    let desk = open(Config::default()).await;
    let grant = ("grant_type", "client_credentials");

    let unknown = desk.ask_token(&[("client_id", "who"), ("client_secret", "sandbox-secret"), grant]).await;
    assert_eq!(unknown.status(), 422);
    assert_eq!(unknown.text().await.unwrap(), contract("partner-client-unknown"));

    let wrong = desk.ask_token(&[("client_id", "sandbox"), ("client_secret", "guess"), grant]).await;
    assert_eq!(wrong.status(), 401);
    assert_eq!(wrong.text().await.unwrap(), contract("partner-secret-refused"));
}

#[tokio::test]
async fn wrong_secrets_use_up_the_limit_too() {
    let desk = open(Config::default()).await;
    let guess = [("client_id", "sandbox"), ("client_secret", "guess"), ("grant_type", "client_credentials")];
    for _ in 0..3 {
        desk.ask_token(&guess).await;
    }
    assert_eq!(desk.ask_good_token().await.status(), 429);
}

#[tokio::test]
async fn a_request_that_is_no_form_or_lacks_the_grant_is_invalid() {
    let desk = open(Config::default()).await;
    let json = desk.client.post(desk.url("/v2/token")).body("{}").send().await.unwrap();
    assert_eq!(json.status(), 422);
    let bare = desk.ask_token(&[("client_id", "sandbox"), ("client_secret", "sandbox-secret")]).await;
    assert_eq!(bare.status(), 422);
    let body: Value = bare.json().await.unwrap();
    assert_eq!(body["meta"]["message"], "the parameter is invalid");
    assert!(body["data"]["grant_type"].is_string());
}

#[tokio::test]
async fn the_scenarios_of_the_token_fail_in_their_own_ways() {
    for (scenario, status) in
        [(Scenario::CredentialsRefused, 401), (Scenario::TokenError, 500), (Scenario::TokenMissing, 200)]
    {
        let desk = open(Config { scenario, ..Config::default() }).await;
        let response = desk.ask_good_token().await;
        assert_eq!(response.status(), status, "{scenario:?}");
        assert!(!response.text().await.unwrap().contains("access_token"));
        assert_eq!(desk.sandbox.world().counts().tokens_issued, 0);
    }
}

#[tokio::test]
async fn the_lifetime_can_be_any_nonsense() {
    for expires_in in [Value::Null, (-1).into(), "soon".into()] {
        let desk = open(Config { expires_in: expires_in.clone(), ..Config::default() }).await;
        let body: Value = desk.ask_good_token().await.json().await.unwrap();
        assert_eq!(body["data"]["expires_in"], expires_in);
    }
}
