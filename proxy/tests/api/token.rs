use crate::support::{Setup, contract, spawn_proxy};
use airalo_balance_sandbox::Scenario;
use serde_json::Value;

#[tokio::test]
async fn one_token_serves_many_balances() {
    let proxy = spawn_proxy(Setup::zero_ttl()).await;
    let (_, balances) = proxy.first_requests().await;
    for _ in 0..5 {
        assert_eq!(proxy.balance().await.status(), 200);
    }
    assert_eq!(proxy.upstream_requests(), (1, balances + 5));
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_and_the_request_is_repeated() {
    let proxy = spawn_proxy(Setup::zero_ttl()).await;
    let (_, balances) = proxy.first_requests().await;
    proxy.sandbox.state().set_scenario(Scenario::ExpiredTokens);
    assert_eq!(proxy.balance().await.status(), 200);
    assert_eq!(proxy.upstream_requests(), (2, balances + 2));
    assert_eq!(proxy.balance().await.status(), 200);
    assert_eq!(proxy.upstream_requests(), (2, balances + 3));
}

#[tokio::test]
async fn a_new_token_that_is_refused_is_not_renewed_again() {
    let proxy = spawn_proxy(Setup::scenario(Scenario::TokenRefused)).await;
    for _ in 0..5 {
        let response = proxy.balance().await;
        assert_eq!(response.status(), 502);
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "credentials-refused");
    }
    assert_eq!(proxy.upstream_requests(), (2, 2));
}

#[tokio::test]
async fn a_refused_address_does_not_renew_the_token() {
    let proxy = spawn_proxy(Setup::zero_ttl()).await;
    let (_, balances) = proxy.first_requests().await;
    proxy.sandbox.state().set_scenario(Scenario::AddressRefused);
    for _ in 0..5 {
        proxy.balance().await;
    }
    assert_eq!(proxy.upstream_requests(), (1, balances + 1));
}

#[tokio::test]
async fn wrong_credentials_are_tried_once_and_then_backed_off() {
    let proxy = spawn_proxy(Setup { client_secret: "wrong", ..Setup::zero_ttl() }).await;
    for _ in 0..10 {
        let response = proxy.balance().await;
        assert_eq!(response.status(), 502);
        let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=72).contains(&wait), "{wait}");
        assert_eq!(response.text().await.unwrap(), contract("problem-credentials-refused").trim_end());
    }
    assert_eq!(proxy.upstream_requests(), (1, 0));
}

#[tokio::test]
async fn an_unusable_lifetime_does_not_request_a_token_each_time() {
    for expires_in in [Value::Null, 0.into(), (-1).into(), 1e300.into(), "soon".into()] {
        let mut setup = Setup::zero_ttl();
        setup.sandbox.expires_in = expires_in.clone();
        let proxy = spawn_proxy(setup).await;
        let (_, balances) = proxy.first_requests().await;
        assert_eq!(proxy.balance().await.status(), 200, "{expires_in}");
        assert_eq!(proxy.upstream_requests(), (1, balances + 1), "{expires_in}");
    }
}
