use crate::{Setup, spawn_proxy};
use airalo_balance_sandbox::Scenario;
use serde_json::Value;

#[tokio::test]
async fn one_token_serves_many_balances() {
    let site = spawn_proxy(Setup::never_fresh()).await;
    for _ in 0..5 {
        assert_eq!(site.balance().await.status(), 200);
    }
    assert_eq!(site.asked(), (1, 5));
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_and_the_request_repeated() {
    let site = spawn_proxy(Setup::never_fresh()).await;
    site.balance().await;
    site.sandbox.state().set_scenario(Scenario::ExpiredTokens);
    assert_eq!(site.balance().await.status(), 200);
    assert_eq!(site.asked(), (2, 3));
    assert_eq!(site.balance().await.status(), 200);
    assert_eq!(site.asked(), (2, 4));
}

#[tokio::test]
async fn a_token_that_is_refused_although_it_is_new_is_not_renewed_again() {
    let site = spawn_proxy(Setup::playing(Scenario::TokenRefused)).await;
    for _ in 0..5 {
        let response = site.balance().await;
        assert_eq!(response.status(), 502);
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "credentials-refused");
    }
    assert_eq!(site.asked(), (2, 2));
}

#[tokio::test]
async fn a_refused_address_leaves_the_token_alone() {
    let site = spawn_proxy(Setup::never_fresh()).await;
    site.balance().await;
    site.sandbox.state().set_scenario(Scenario::AddressRefused);
    for _ in 0..5 {
        site.balance().await;
    }
    assert_eq!(site.asked(), (1, 2));
}

#[tokio::test]
async fn bad_credentials_are_tried_once_and_not_again_and_again() {
    let site = spawn_proxy(Setup { secret: "wrong", ..Setup::never_fresh() }).await;
    for _ in 0..10 {
        let response = site.balance().await;
        assert_eq!(response.status(), 502);
        let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!(response.text().await.unwrap(), crate::contract("problem-credentials-refused").trim_end());
    }
    assert_eq!(site.asked(), (1, 0));
}

#[tokio::test]
async fn nonsense_about_the_lifetime_does_not_ask_for_a_token_each_time() {
    for expires_in in [Value::Null, 0.into(), (-1).into(), 1e300.into(), "soon".into()] {
        let mut setup = Setup::never_fresh();
        setup.sandbox.expires_in = expires_in.clone();
        let site = spawn_proxy(setup).await;
        site.balance().await;
        assert_eq!(site.balance().await.status(), 200, "{expires_in}");
        assert_eq!(site.asked(), (1, 2), "{expires_in}");
    }
}
