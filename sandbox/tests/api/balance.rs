use crate::{contract, open};
use airalo_balance::model::{BalanceResponse, ParseError};
use airalo_balance_sandbox::{Cents, Config, Scenario};
use std::time::Duration;

#[tokio::test]
async fn the_balance_is_documented_json_that_calls_itself_text() {
    let desk = open(Config::default()).await;
    let response = desk.balance_with(&desk.token().await).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    assert_eq!(response.text().await.unwrap(), contract("balance").trim_end());
}

#[tokio::test]
async fn a_request_without_a_good_token_is_refused_as_documented() {
    let desk = open(Config::default()).await;
    let missing = desk.client.get(desk.url("/v2/balance")).send().await.unwrap();
    let made_up = desk.balance_with("made-up").send().await.unwrap();
    for response in [missing, made_up] {
        assert_eq!(response.status(), 401);
        assert_eq!(response.text().await.unwrap(), contract("partner-token-refused"));
    }
    assert_eq!(desk.sandbox.world().counts().balance_requests, 2);
}

#[tokio::test]
async fn tokens_expire_on_demand_and_new_ones_work() {
    let desk = open(Config::default()).await;
    let old = desk.token().await;
    desk.sandbox.world().play(Scenario::ExpiredTokens);
    assert_eq!(desk.balance_with(&old).send().await.unwrap().status(), 401);
    let new = desk.token().await;
    assert_eq!(desk.balance_with(&new).send().await.unwrap().status(), 200);

    desk.sandbox.world().play(Scenario::TokenRefused);
    assert_eq!(desk.balance_with(&new).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_refused_address_gets_code_89_and_keeps_its_token() {
    let desk = open(Config { scenario: Scenario::AddressRefused, ..Config::default() }).await;
    let token = desk.token().await;
    let response = desk.balance_with(&token).send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(response.text().await.unwrap(), contract("partner-address-refused"));
    desk.sandbox.world().play(Scenario::Normal);
    assert_eq!(desk.balance_with(&token).send().await.unwrap().status(), 200);
}

/// What the one reader of such answers makes of each scenario that answers with status 200.
#[tokio::test]
async fn each_shape_is_read_as_what_it_stands_for() {
    let read = |amounts: &[&str]| Ok(amounts.iter().map(ToString::to_string).collect::<Vec<_>>());
    let desk = open(Config::default()).await;
    let token = desk.token().await;
    for (scenario, expected) in [
        (Scenario::Normal, read(&["225.35"])),
        (Scenario::Zero, read(&["0"])),
        (Scenario::Negative, read(&["-12.5"])),
        (Scenario::Several, read(&["1234.5", "980", "120500"])),
        (Scenario::StringAmount, read(&["225.35"])),
        (Scenario::LongAmount, read(&["12345678901234567.89"])),
        (Scenario::EndlessBody, read(&["225.35"])),
        (Scenario::NoAccountEmptyList, read(&[])),
        (Scenario::NoAccountNull, read(&[])),
        (Scenario::NoAccountAbsent, read(&[])),
        (Scenario::NoAccountAccounts, read(&[])),
        (Scenario::NoAccountDataList, read(&[])),
        (Scenario::Html, Err(ParseError::NotJson)),
        (Scenario::EmptyBody, Err(ParseError::NotJson)),
        (Scenario::WrongJson, Err(ParseError::UnknownShape)),
        (Scenario::NotSuccess, Err(ParseError::NotSuccess)),
        (Scenario::NotANumber, Err(ParseError::NoAmount)),
        (Scenario::TooPrecise, Err(ParseError::NoAmount)),
        (Scenario::NoAmount, Err(ParseError::NoAmount)),
        (Scenario::NoCurrency, Err(ParseError::NoCurrency)),
    ] {
        desk.sandbox.world().play(scenario);
        let response = desk.balance_with(&token).send().await.unwrap();
        assert_eq!(response.status(), 200, "{scenario:?}");
        let answer = BalanceResponse::parse(&response.text().await.unwrap());
        let amounts = answer.map(|answer| answer.balances.iter().map(|b| b.amount.to_string()).collect());
        assert_eq!(amounts, expected, "{scenario:?}");
    }
}

#[tokio::test]
async fn each_trouble_has_its_status_and_its_retry_after() {
    let desk = open(Config::default()).await;
    let token = desk.token().await;
    for (scenario, status, retry_after) in [
        (Scenario::RateLimited, 429, "7"),
        (Scenario::RateLimitedUntil, 429, " GMT"),
        (Scenario::RateLimitedSilently, 429, ""),
        (Scenario::Error500, 500, ""),
        (Scenario::Error503, 503, "5"),
        (Scenario::Html502, 502, ""),
        (Scenario::Redirect, 302, ""),
    ] {
        desk.sandbox.world().play(scenario);
        let response = desk.balance_with(&token).send().await.unwrap();
        assert_eq!(response.status(), status, "{scenario:?}");
        let told = response.headers().get("retry-after").map_or("", |value| value.to_str().unwrap());
        assert!(
            told.ends_with(retry_after) && told.is_empty() == retry_after.is_empty(),
            "{scenario:?}: {told}"
        );
    }
}

#[tokio::test]
async fn a_broken_connection_is_broken_where_it_says() {
    let desk = open(Config::default()).await;
    let token = desk.token().await;

    desk.sandbox.world().play(Scenario::CutOff);
    let mut response = desk.balance_with(&token).send().await.unwrap();
    assert!(response.content_length().unwrap() > 40);
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 40);
    assert!(response.chunk().await.is_err());

    desk.sandbox.world().play(Scenario::Reset);
    let error = desk.balance_with(&token).send().await.unwrap_err();
    let causes = std::iter::successors(std::error::Error::source(&error), |e| e.source());
    let kinds: Vec<_> = causes.filter_map(|e| e.downcast_ref::<std::io::Error>()).map(|e| e.kind()).collect();
    assert!(kinds.contains(&std::io::ErrorKind::ConnectionReset), "{error:?}");
}

#[tokio::test]
async fn slow_answers_are_slow_at_the_head_or_in_the_body() {
    let desk = open(Config { scenario: Scenario::SlowHeaders, ..Config::default() }).await;
    let token = desk.token().await;
    let hurried = desk.balance_with(&token).timeout(Duration::from_millis(100)).send().await;
    assert!(hurried.unwrap_err().is_timeout());

    desk.sandbox.world().play(Scenario::SlowBody);
    let mut response = desk.balance_with(&token).send().await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 1);
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 1);
}

#[tokio::test]
async fn a_long_balance_keeps_all_its_digits() {
    let balance = Cents::new(i64::MAX);
    let desk = open(Config { balance, ..Config::default() }).await;
    let body = desk.balance_with(&desk.token().await).send().await.unwrap().text().await.unwrap();
    assert!(body.contains(r#""amount":92233720368547758.07,"#), "{body}");
}

#[tokio::test]
async fn the_headers_of_a_request_can_be_looked_at() {
    let desk = open(Config::default()).await;
    desk.balance_with("x").header("X-Extra", "1").send().await.unwrap();
    assert!(desk.sandbox.world().balance_headers().contains(&"x-extra".to_owned()));
}
