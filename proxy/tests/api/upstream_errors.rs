use crate::support::{Setup, TestProxy, contract, get_balance, spawn_proxy, wait_until};
use airalo_balance_proxy::Timeouts;
use airalo_balance_sandbox::Scenario;
use reqwest::Response;
use std::time::Duration;

/// Far shorter than the slow scenarios take, so that the tests need not wait for them.
const SHORT_TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    read: Duration::from_millis(1500),
    request: Duration::from_millis(2000),
    balance: Duration::from_secs(9),
};

async fn check_problem(response: Response, scenario: Scenario, status: u16, code: &str) {
    assert_eq!(response.status(), status, "{scenario:?}");
    assert_eq!(response.headers()["content-type"], "application/problem+json", "{scenario:?}");
    assert_eq!(response.headers()["cache-control"], "private, no-store", "{scenario:?}");
    assert!(response.headers().contains_key("retry-after"), "{scenario:?}");
    let body = response.text().await.unwrap();
    assert_eq!(body, contract(&format!("problem-{code}")).trim_end(), "{scenario:?}");
}

#[tokio::test]
async fn every_failure_of_airalo_is_reported_as_its_problem_with_a_fixed_text() {
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
        (Scenario::Html504, 502, "upstream"),
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
        let proxy = spawn_proxy(Setup { timeouts: SHORT_TIMEOUTS, ..Setup::scenario(scenario) }).await;
        check_problem(proxy.balance().await, scenario, status, code).await;
        // Only a refused token leads to a second request. A redirect is not followed.
        let max = if scenario == Scenario::TokenRefused { 2 } else { 1 };
        assert!(proxy.upstream_requests().1 <= max, "{scenario:?}: {:?}", proxy.upstream_requests());
    }
}

#[tokio::test]
async fn all_requests_for_one_balance_share_one_timeout() {
    let timeouts = Timeouts { balance: Duration::from_millis(200), ..Timeouts::default() };
    let proxy = spawn_proxy(Setup { timeouts, ..Setup::scenario(Scenario::SlowHeaders) }).await;
    check_problem(proxy.balance().await, Scenario::SlowHeaders, 504, "upstream-timeout").await;
}

#[tokio::test]
async fn an_api_that_cannot_be_reached_is_a_problem_and_not_a_crash() {
    let mut proxy = spawn_proxy(Setup::zero_ttl()).await;
    let other = spawn_proxy(Setup::zero_ttl()).await;
    let sandbox = std::mem::replace(&mut proxy.sandbox, other.sandbox);
    sandbox.shutdown().await;
    check_problem(proxy.balance().await, Scenario::Normal, 502, "upstream").await;
}

#[tokio::test]
async fn a_retry_after_of_airalo_is_passed_on_and_obeyed() {
    for (scenario, max) in
        // A fifth more at most, so that replicas do not come back at the same moment.
        [(Scenario::RateLimited, 9), (Scenario::RateLimitedUntil, 9), (Scenario::Error503, 6)]
    {
        let proxy = spawn_proxy(Setup::scenario(scenario)).await;
        for _ in 0..5 {
            let response = proxy.balance().await;
            let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=max).contains(&wait), "{scenario:?}: {wait}");
        }
        assert_eq!(proxy.upstream_requests(), (1, 1), "{scenario:?}");
    }
}

/// Whether the balance is stale, and when it was fetched.
async fn age(proxy: &TestProxy) -> (bool, String) {
    let body = proxy.balance_json().await;
    (body["meta"]["stale"].as_bool().unwrap(), body["meta"]["fetched_at"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_last_balance_is_served_as_stale_while_airalo_fails_and_renewed_when_it_recovers() {
    let proxy = spawn_proxy(Setup::zero_ttl()).await;
    let (stale, fetched_at) = age(&proxy).await;
    assert!(!stale);

    proxy.sandbox.state().set_scenario(Scenario::Error500);
    assert_eq!(age(&proxy).await, (true, fetched_at.clone()));
    assert_eq!(age(&proxy).await, (true, fetched_at));

    proxy.sandbox.state().set_scenario(Scenario::Normal);
    wait_until("a new balance is served", async || !age(&proxy).await.0).await;
}

#[tokio::test]
async fn a_balance_older_than_max_stale_is_not_served() {
    let proxy = spawn_proxy(Setup { max_stale: Duration::ZERO, ..Setup::zero_ttl() }).await;
    assert_eq!(proxy.balance().await.status(), 200);
    proxy.sandbox.state().set_scenario(Scenario::Error500);
    check_problem(proxy.balance().await, Scenario::Error500, 502, "upstream").await;
}

// The breaker is the backoff: it opens with the first failure, and one fetch probes.
#[tokio::test]
async fn while_airalo_fails_not_every_card_causes_a_request() {
    let proxy = spawn_proxy(Setup::scenario(Scenario::AddressRefused)).await;
    let cards: Vec<_> = (0..50)
        .map(|_| {
            let (client, url) = (proxy.client.clone(), proxy.url.clone());
            tokio::spawn(async move { get_balance(&client, &url).await.status() })
        })
        .collect();
    for card in cards {
        assert_eq!(card.await.unwrap(), 502);
    }
    assert_eq!(proxy.upstream_requests(), (1, 1));
}
