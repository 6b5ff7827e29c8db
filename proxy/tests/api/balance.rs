use crate::support::{Setup, contract, get_balance, spawn_proxy, wait_until};
use airalo_balance::model::BalanceResponse;
use airalo_balance_sandbox::{Cents, Scenario};
use std::time::Duration;

#[tokio::test]
async fn the_balance_is_written_as_a_list_with_its_time_and_whether_it_is_stale() {
    let proxy = spawn_proxy(Setup::default()).await;
    let response = proxy.balance().await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["cache-control"], "private, no-store");
    assert!(!response.headers().contains_key("x-airalo-stand-in"));

    let text = response.text().await.unwrap();
    let parsed = BalanceResponse::parse(&text).unwrap();
    let fetched_at = parsed.fetched_at.unwrap();
    assert_eq!(
        text,
        format!(
            r#"{{"data":{{"balances":[{{"name":"balance","availableBalance":{{"amount":225.35,"currency":"USD"}}}}]}},"meta":{{"message":"success","fetched_at":"{fetched_at}","stale":false,"text":"USD 225.35"}}}}"#
        )
    );
    assert!(fetched_at.parse::<jiff::Timestamp>().is_ok(), "{fetched_at}");
}

#[tokio::test]
async fn the_proxy_requests_one_token_and_one_balance_however_many_cards_wait() {
    let proxy = spawn_proxy(Setup::default()).await;
    let cards: Vec<_> = (0..100)
        .map(|_| {
            let (client, url) = (proxy.client.clone(), proxy.url.clone());
            tokio::spawn(async move { get_balance(&client, &url).await.text().await.unwrap() })
        })
        .collect();
    let mut bodies = Vec::new();
    for card in cards {
        bodies.push(card.await.unwrap());
    }
    assert_eq!(proxy.upstream_requests(), (1, 1));
    assert!(bodies.iter().all(|body| *body == bodies[0] && body.contains("225.35")));
}

#[tokio::test]
async fn a_balance_is_requested_again_when_its_ttl_is_over() {
    let proxy = spawn_proxy(Setup { balance_ttl: Duration::from_millis(300), ..Setup::default() }).await;
    proxy.balance().await;
    proxy.sandbox.state().set_balance(Cents::new(100));
    wait_until("the new balance is served", async || {
        proxy.balance_json().await["data"]["balances"][0]["availableBalance"]["amount"] == 1
    })
    .await;
    assert_eq!(proxy.sandbox.state().counts().token_requests, 1);
}

#[tokio::test]
async fn a_fresh_balance_is_served_without_a_request() {
    let proxy = spawn_proxy(Setup::default()).await;
    let first = proxy.balance().await.text().await.unwrap();
    proxy.sandbox.state().set_balance(Cents::new(100));
    assert_eq!(proxy.balance().await.text().await.unwrap(), first);
    assert_eq!(proxy.upstream_requests(), (1, 1));
}

#[tokio::test]
async fn when_the_first_client_disconnects_the_others_are_served_by_the_same_request() {
    let mut setup = Setup::scenario(Scenario::SlowHeaders);
    setup.balance_ttl = Duration::from_secs(60);
    setup.sandbox.slow = Duration::from_millis(500);
    let proxy = spawn_proxy(setup).await;

    let (client, url) = (proxy.client.clone(), proxy.url.clone());
    let first = tokio::spawn(async move { get_balance(&client, &url).await });
    wait_until("the first request arrives", async || proxy.upstream_requests() == (1, 1)).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());

    assert_eq!(proxy.balance().await.status(), 200);
    assert_eq!(proxy.upstream_requests(), (1, 1));
}

#[tokio::test]
async fn every_shape_of_a_balance_is_served_in_one_shape() {
    for (scenario, amounts) in [
        (Scenario::Zero, vec!["0 USD"]),
        (Scenario::Negative, vec!["-12.5 USD"]),
        (Scenario::Several, vec!["1234.5 USD", "980 EUR", "120500 JPY"]),
        (Scenario::StringAmount, vec!["225.35 USD"]),
        (Scenario::UnknownFields, vec!["225.35 USD"]),
        (Scenario::LongAmount, vec!["12345678901234567.89 USD"]),
        (Scenario::NoAccountEmptyList, vec![]),
        (Scenario::NoAccountNull, vec![]),
        (Scenario::NoAccountAbsent, vec![]),
        (Scenario::NoAccountAccounts, vec![]),
        (Scenario::NoAccountDataList, vec![]),
    ] {
        let proxy = spawn_proxy(Setup::scenario(scenario)).await;
        let response = proxy.balance().await;
        assert_eq!(response.status(), 200, "{scenario:?}");
        let text = response.text().await.unwrap();
        assert!(text.starts_with(r#"{"data":{"balances":["#), "{text}");
        let balances = BalanceResponse::parse(&text).unwrap().balances;
        let served: Vec<_> = balances.iter().map(|b| format!("{} {}", b.amount, b.currency.code())).collect();
        assert_eq!(served, amounts, "{scenario:?}");
    }
}

#[tokio::test]
async fn no_data_of_the_client_reaches_airalo() {
    let proxy = spawn_proxy(Setup::default()).await;
    let request = proxy.client.get(format!("{}/api/balance?currency=EUR", proxy.url));
    let request =
        request.header("X-Airalo-Widget", "1").header("Cookie", "a=b").header("X-Forwarded-For", "192.0.2.1");
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(proxy.sandbox.state().balance_headers(), ["accept", "authorization", "host", "user-agent"]);
}

#[tokio::test]
async fn a_request_without_the_header_of_the_card_is_refused_and_asks_airalo_nothing() {
    let proxy = spawn_proxy(Setup::zero_ttl()).await;
    let requests = proxy.first_requests().await;
    for value in [None, Some("0"), Some(""), Some("1, 1")] {
        let mut request = proxy.client.get(format!("{}/api/balance", proxy.url));
        if let Some(value) = value {
            request = request.header("X-Airalo-Widget", value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 403);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert_eq!(response.text().await.unwrap(), contract("problem-missing-widget-header").trim_end());
    }
    assert_eq!(proxy.upstream_requests(), requests);
}
