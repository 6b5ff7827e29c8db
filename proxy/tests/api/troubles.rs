use crate::{Setup, Site, contract, spawn_proxy, until};
use airalo_balance_proxy::Timeouts;
use airalo_balance_sandbox::Scenario;
use reqwest::Response;
use std::time::Duration;

/// Short, so that the slow answers need not be waited for; far shorter than they are.
const HURRIED: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    read: Duration::from_millis(1500),
    request: Duration::from_millis(2000),
    balance: Duration::from_secs(9),
};

async fn check(response: Response, scenario: Scenario, status: u16, code: &str) {
    assert_eq!(response.status(), status, "{scenario:?}");
    assert_eq!(response.headers()["content-type"], "application/problem+json", "{scenario:?}");
    assert_eq!(response.headers()["cache-control"], "private, no-store", "{scenario:?}");
    assert!(response.headers().contains_key("retry-after"), "{scenario:?}");
    let body = response.text().await.unwrap();
    assert_eq!(body, contract(&format!("problem-{code}")).trim_end(), "{scenario:?}");
}

#[tokio::test]
async fn every_trouble_of_airalo_is_told_as_its_problem_in_fixed_words() {
    for (scenario, status, code) in [
        (Scenario::TokenRefused, 502, "credentials-refused"),
        (Scenario::CredentialsRefused, 502, "credentials-refused"),
        (Scenario::AddressRefused, 502, "address-refused"),
        (Scenario::RateLimited, 503, "rate-limited"),
        (Scenario::RateLimitedUntil, 503, "rate-limited"),
        (Scenario::RateLimitedSilently, 503, "rate-limited"),
        (Scenario::TokenError, 502, "upstream"),
        (Scenario::TokenMissing, 502, "invalid-response"),
        (Scenario::Error500, 502, "upstream"),
        (Scenario::Error503, 502, "upstream"),
        (Scenario::Html502, 502, "upstream"),
        (Scenario::Redirect, 502, "upstream"),
        (Scenario::CutOff, 502, "upstream"),
        (Scenario::Reset, 502, "upstream"),
        (Scenario::SlowHeaders, 504, "upstream-timeout"),
        (Scenario::SlowBody, 504, "upstream-timeout"),
        (Scenario::Html, 502, "invalid-response"),
        (Scenario::EmptyBody, 502, "invalid-response"),
        (Scenario::EndlessBody, 502, "invalid-response"),
        (Scenario::WrongJson, 502, "invalid-response"),
        (Scenario::NotSuccess, 502, "invalid-response"),
        (Scenario::NotANumber, 502, "invalid-response"),
        (Scenario::TooPrecise, 502, "invalid-response"),
        (Scenario::NoAmount, 502, "invalid-response"),
        (Scenario::NoCurrency, 502, "invalid-response"),
    ] {
        let site = spawn_proxy(Setup { timeouts: HURRIED, ..Setup::playing(scenario) }).await;
        check(site.balance().await, scenario, status, code).await;
        // Only a refused token is worth a second request; not even a redirect is.
        let most = if scenario == Scenario::TokenRefused { 2 } else { 1 };
        assert!(site.asked().1 <= most, "{scenario:?}: {:?}", site.asked());
    }
}

#[tokio::test]
async fn all_requests_of_one_balance_share_one_deadline() {
    let timeouts = Timeouts { balance: Duration::from_millis(200), ..Timeouts::default() };
    let site = spawn_proxy(Setup { timeouts, ..Setup::playing(Scenario::SlowHeaders) }).await;
    check(site.balance().await, Scenario::SlowHeaders, 504, "upstream-timeout").await;
}

#[tokio::test]
async fn an_api_that_nobody_serves_is_a_problem_and_no_crash() {
    let mut site = spawn_proxy(Setup::never_fresh()).await;
    let elsewhere = spawn_proxy(Setup::never_fresh()).await;
    let sandbox = std::mem::replace(&mut site.sandbox, elsewhere.sandbox);
    sandbox.shutdown().await;
    check(site.balance().await, Scenario::Normal, 502, "upstream").await;
}

#[tokio::test]
async fn a_wait_that_airalo_asks_for_is_passed_on_and_kept() {
    for (scenario, most) in
        [(Scenario::RateLimited, 7), (Scenario::RateLimitedUntil, 7), (Scenario::Error503, 5)]
    {
        let site = spawn_proxy(Setup::playing(scenario)).await;
        for _ in 0..5 {
            let response = site.balance().await;
            let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=most).contains(&wait), "{scenario:?}: {wait}");
        }
        assert_eq!(site.asked(), (1, 1), "{scenario:?}");
    }
}

/// Everything of an answer but the word on its age.
async fn age(site: &Site) -> (bool, String) {
    let body = site.balance_json().await;
    (body["meta"]["stale"].as_bool().unwrap(), body["meta"]["fetched_at"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_last_balance_is_served_as_old_while_airalo_fails_and_renewed_when_it_recovers() {
    let site = spawn_proxy(Setup::never_fresh()).await;
    let (stale, fetched_at) = age(&site).await;
    assert!(!stale);

    site.sandbox.state().set_scenario(Scenario::Error500);
    assert_eq!(age(&site).await, (true, fetched_at.clone()));
    assert_eq!(age(&site).await, (true, fetched_at));

    site.sandbox.state().set_scenario(Scenario::Normal);
    until("a new balance is served", async || !age(&site).await.0).await;
}

#[tokio::test]
async fn a_balance_that_is_too_old_is_not_served_any_more() {
    let site = spawn_proxy(Setup { max_stale: Duration::ZERO, ..Setup::never_fresh() }).await;
    assert_eq!(site.balance().await.status(), 200);
    site.sandbox.state().set_scenario(Scenario::Error500);
    check(site.balance().await, Scenario::Error500, 502, "upstream").await;
}

#[tokio::test]
async fn a_failing_airalo_is_not_asked_by_every_card() {
    let site = spawn_proxy(Setup::playing(Scenario::AddressRefused)).await;
    let cards: Vec<_> = (0..50)
        .map(|_| {
            let (client, url) = (site.client.clone(), site.url.clone());
            tokio::spawn(async move { crate::ask(&client, &url).await.status() })
        })
        .collect();
    for card in cards {
        assert_eq!(card.await.unwrap(), 502);
    }
    assert_eq!(site.asked(), (1, 1));
}
