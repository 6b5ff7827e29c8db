use crate::{Setup, spawn_proxy, until};
use airalo_balance::model::BalanceResponse;
use airalo_balance_sandbox::{Cents, Scenario};
use std::time::Duration;

#[tokio::test]
async fn the_balance_is_rebuilt_as_a_list_with_its_time_and_its_age() {
    let site = spawn_proxy(Setup::default()).await;
    let response = site.balance().await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["cache-control"], "private, no-store");
    assert!(!response.headers().contains_key("x-airalo-stand-in"));

    let text = response.text().await.unwrap();
    let answer = BalanceResponse::parse(&text).unwrap();
    let fetched_at = answer.fetched_at.unwrap();
    assert_eq!(
        text,
        format!(
            r#"{{"data":{{"balances":[{{"name":"balance","availableBalance":{{"amount":225.35,"currency":"USD"}}}}]}},"meta":{{"message":"success","fetched_at":"{fetched_at}","stale":false}}}}"#
        )
    );
    assert!(fetched_at.parse::<jiff::Timestamp>().is_ok(), "{fetched_at}");
}

#[tokio::test]
async fn the_proxy_asks_for_one_token_and_one_balance_however_many_cards_wait() {
    let site = spawn_proxy(Setup::default()).await;
    let cards: Vec<_> = (0..100)
        .map(|_| {
            let (client, url) = (site.client.clone(), site.url.clone());
            tokio::spawn(async move { crate::ask(&client, &url).await.text().await.unwrap() })
        })
        .collect();
    let mut answers = Vec::new();
    for card in cards {
        answers.push(card.await.unwrap());
    }
    assert_eq!(site.asked(), (1, 1));
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.contains("225.35")));
}

#[tokio::test]
async fn a_balance_is_asked_for_again_when_its_time_is_over() {
    let site = spawn_proxy(Setup { balance_ttl: Duration::from_millis(300), ..Setup::default() }).await;
    site.balance().await;
    site.sandbox.state().set_balance(Cents::new(100));
    until("the new balance is served", async || {
        site.balance_json().await["data"]["balances"][0]["availableBalance"]["amount"] == 1
    })
    .await;
    assert_eq!(site.sandbox.state().counts().token_requests, 1);
}

#[tokio::test]
async fn a_fresh_balance_is_served_without_asking() {
    let site = spawn_proxy(Setup::default()).await;
    let first = site.balance().await.text().await.unwrap();
    site.sandbox.state().set_balance(Cents::new(100));
    assert_eq!(site.balance().await.text().await.unwrap(), first);
    assert_eq!(site.asked(), (1, 1));
}

#[tokio::test]
async fn the_first_caller_leaves_and_the_others_are_served_by_the_same_request() {
    let mut setup = Setup::playing(Scenario::SlowHeaders);
    setup.balance_ttl = Duration::from_secs(60);
    setup.sandbox.slow = Duration::from_millis(500);
    let site = spawn_proxy(setup).await;

    let (client, url) = (site.client.clone(), site.url.clone());
    let first = tokio::spawn(async move { crate::ask(&client, &url).await });
    until("the first request arrives", async || site.asked() == (1, 1)).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());

    assert_eq!(site.balance().await.status(), 200);
    assert_eq!(site.asked(), (1, 1));
}

/// Every shape that an answer of the partner may have, and what the card is given for it.
#[tokio::test]
async fn every_shape_of_a_balance_comes_out_in_one_shape() {
    for (scenario, amounts) in [
        (Scenario::Zero, vec!["0 USD"]),
        (Scenario::Negative, vec!["-12.5 USD"]),
        (Scenario::Several, vec!["1234.5 USD", "980 EUR", "120500 JPY"]),
        (Scenario::StringAmount, vec!["225.35 USD"]),
        (Scenario::LongAmount, vec!["12345678901234567.89 USD"]),
        (Scenario::NoAccountEmptyList, vec![]),
        (Scenario::NoAccountNull, vec![]),
        (Scenario::NoAccountAbsent, vec![]),
        (Scenario::NoAccountAccounts, vec![]),
        (Scenario::NoAccountDataList, vec![]),
    ] {
        let site = spawn_proxy(Setup::playing(scenario)).await;
        let response = site.balance().await;
        assert_eq!(response.status(), 200, "{scenario:?}");
        let text = response.text().await.unwrap();
        assert!(text.starts_with(r#"{"data":{"balances":["#), "{text}");
        let balances = BalanceResponse::parse(&text).unwrap().balances;
        let read: Vec<_> = balances.iter().map(|b| format!("{} {}", b.amount, b.currency.code())).collect();
        assert_eq!(read, amounts, "{scenario:?}");
    }
}

#[tokio::test]
async fn nothing_of_the_caller_reaches_airalo() {
    let site = spawn_proxy(Setup::default()).await;
    let request = site.client.get(format!("{}/api/balance?currency=EUR", site.url));
    let request =
        request.header("X-Airalo-Widget", "1").header("Cookie", "a=b").header("X-Forwarded-For", "192.0.2.1");
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(site.sandbox.state().balance_headers(), ["accept", "authorization", "host", "user-agent"]);
}

#[tokio::test]
async fn a_request_without_the_header_of_the_card_is_refused_and_asks_nothing() {
    let site = spawn_proxy(Setup::default()).await;
    for value in [None, Some("0"), Some(""), Some("1, 1")] {
        let mut request = site.client.get(format!("{}/api/balance", site.url));
        if let Some(value) = value {
            request = request.header("X-Airalo-Widget", value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 403);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert_eq!(
            response.text().await.unwrap(),
            crate::contract("problem-missing-widget-header").trim_end()
        );
    }
    assert_eq!(site.asked(), (0, 0));
}
