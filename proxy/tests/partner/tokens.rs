//! How long a token is used, and when it is renewed.

use crate::double::{Partner, balance, never_fresh, proxy_for, refusal, start_proxy, token, tokens};
use crate::wait::wait_until;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wiremock::{Request, Respond, ResponseTemplate};

fn expired() -> ResponseTemplate {
    refusal(401, &json!([]), "Authentication failed. Please get a new token.")
}

fn bearer(request: &Request) -> &str {
    request.headers["authorization"].to_str().unwrap()
}

/// Refuses the first token once this is set.
fn revocable(revoked: Arc<AtomicBool>) -> impl Respond {
    move |request: &Request| {
        let is_old = bearer(request) == "Bearer token-1";
        if is_old && revoked.load(Ordering::Relaxed) { expired() } else { balance("225.35") }
    }
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_and_the_request_repeated() {
    let revoked = Arc::new(AtomicBool::new(true));
    let partner = Partner::start(tokens(), revocable(revoked)).await;
    let proxy = proxy_for(&partner).await;
    assert_eq!(proxy.balance().await.status(), 200);
    assert_eq!(partner.token_requests().await.len(), 2);
    let sent: Vec<_> = partner.balance_requests().await.iter().map(|it| bearer(it).to_owned()).collect();
    assert_eq!(sent, ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn a_token_revoked_between_two_reads_costs_no_reader_its_balance() {
    let revoked = Arc::new(AtomicBool::new(false));
    let partner = Partner::start(tokens(), revocable(revoked.clone())).await;
    let proxy = start_proxy(&partner.0.uri(), never_fresh).await;
    assert_eq!(proxy.balance().await.status(), 200);
    revoked.store(true, Ordering::Relaxed);
    wait_until("the new token is used", async || {
        assert_eq!(proxy.balance().await.status(), 200);
        partner.balance_requests().await.iter().any(|request| bearer(request) == "Bearer token-2")
    })
    .await;
    assert_eq!(partner.token_requests().await.len(), 2);
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_is_an_error_and_no_loop() {
    let partner = Partner::start(tokens(), expired()).await;
    let proxy = proxy_for(&partner).await;
    for _ in 0..5 {
        proxy.check_problem(502, "credentials-refused", "every token is refused").await;
    }
    assert!(partner.token_requests().await.len() <= 2);
    assert!(partner.balance_requests().await.len() <= 2);
}

#[tokio::test]
async fn whatever_the_lifetime_says_one_token_serves_many_balances() {
    for expires_in in [
        json!(31_622_400),
        json!(86_400),
        json!("86400"),
        json!(3600.5),
        json!(null),
        json!(0),
        json!(-1),
        json!(1e300),
        json!("soon"),
        json!([]),
        json!({}),
    ] {
        let partner = Partner::start(token("token", &expires_in), balance("225.35")).await;
        let proxy = start_proxy(&partner.0.uri(), never_fresh).await;
        wait_until("several balances are fetched", async || {
            assert_eq!(proxy.balance().await.status(), 200, "{expires_in}");
            partner.balance_requests().await.len() >= 3
        })
        .await;
        assert_eq!(partner.token_requests().await.len(), 1, "{expires_in}");
    }
}

#[tokio::test]
async fn a_lifetime_of_a_second_does_not_use_up_the_limit_of_tokens() {
    let partner = Partner::start(token("token", &json!(0.001)), balance("225.35")).await;
    let proxy = start_proxy(&partner.0.uri(), never_fresh).await;
    for _ in 0..20 {
        proxy.balance().await;
    }
    let count = partner.token_requests().await.len();
    assert!((1..=2).contains(&count), "{count}");
}

#[tokio::test]
async fn a_lifetime_that_is_missing_is_not_a_missing_token() {
    let data = json!({"access_token": "token", "token_type": "Bearer"});
    let answer =
        ResponseTemplate::new(200).set_body_json(json!({"data": data, "meta": {"message": "success"}}));
    let partner = Partner::start(answer, balance("225.35")).await;
    assert_eq!(proxy_for(&partner).await.balance().await.status(), 200);
}
