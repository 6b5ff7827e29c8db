use crate::support::{contract, spawn_sandbox};
use airalo_balance::model::{BalanceResponse, ParseError};
use airalo_balance_sandbox::{Cents, Config, Scenario};
use std::time::Duration;

#[tokio::test]
async fn the_balance_is_the_documented_json_served_as_plain_text() {
    let test = spawn_sandbox(Config::default()).await;
    let response = test.balance_request(&test.token().await).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    assert_eq!(response.text().await.unwrap(), contract("balance").trim_end());
}

#[tokio::test]
async fn a_request_without_a_valid_token_is_refused_as_documented() {
    let test = spawn_sandbox(Config::default()).await;
    let missing = test.client.get(test.url("/v2/balance")).send().await.unwrap();
    let made_up = test.balance_request("made-up").send().await.unwrap();
    for response in [missing, made_up] {
        assert_eq!(response.status(), 401);
        assert_eq!(response.text().await.unwrap(), contract("partner-token-refused"));
    }
    assert_eq!(test.sandbox.state().counts().balance_requests, 2);
}

#[tokio::test]
async fn in_the_scenario_of_expired_tokens_only_new_ones_work() {
    let test = spawn_sandbox(Config::default()).await;
    let old = test.token().await;
    test.sandbox.state().set_scenario(Scenario::ExpiredTokens);
    assert_eq!(test.balance_request(&old).send().await.unwrap().status(), 401);
    let new = test.token().await;
    assert_eq!(test.balance_request(&new).send().await.unwrap().status(), 200);

    test.sandbox.state().set_scenario(Scenario::TokenRefused);
    assert_eq!(test.balance_request(&new).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_refused_address_gets_code_89_and_keeps_its_token() {
    let test = spawn_sandbox(Config { scenario: Scenario::AddressRefused, ..Config::default() }).await;
    let token = test.token().await;
    let response = test.balance_request(&token).send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(response.text().await.unwrap(), contract("partner-address-refused"));
    test.sandbox.state().set_scenario(Scenario::Normal);
    assert_eq!(test.balance_request(&token).send().await.unwrap().status(), 200);
}

/// How the parser of the card and the proxy reads each scenario with status 200.
#[tokio::test]
async fn each_shape_is_parsed_as_what_it_stands_for() {
    let parsed = |amounts: &[&str]| Ok(amounts.iter().map(ToString::to_string).collect::<Vec<_>>());
    let test = spawn_sandbox(Config::default()).await;
    let token = test.token().await;
    for (scenario, expected) in [
        (Scenario::Normal, parsed(&["225.35"])),
        (Scenario::Zero, parsed(&["0"])),
        (Scenario::Negative, parsed(&["-12.5"])),
        (Scenario::Several, parsed(&["1234.5", "980", "120500"])),
        (Scenario::StringAmount, parsed(&["225.35"])),
        (Scenario::LongAmount, parsed(&["12345678901234567.89"])),
        (Scenario::EndlessBody, parsed(&["225.35"])),
        (Scenario::UnknownFields, parsed(&["225.35"])),
        (Scenario::NoAccountEmptyList, parsed(&[])),
        (Scenario::NoAccountNull, parsed(&[])),
        (Scenario::NoAccountAbsent, parsed(&[])),
        (Scenario::NoAccountAccounts, parsed(&[])),
        (Scenario::NoAccountDataList, parsed(&[])),
        (Scenario::Html, Err(ParseError::NotJson)),
        (Scenario::EmptyBody, Err(ParseError::NotJson)),
        (Scenario::WrongJson, Err(ParseError::UnknownShape)),
        (Scenario::NotSuccess, Err(ParseError::NotSuccess)),
        (Scenario::NotANumber, Err(ParseError::NoAmount)),
        (Scenario::TooPrecise, Err(ParseError::NoAmount)),
        (Scenario::NoAmount, Err(ParseError::NoAmount)),
        (Scenario::NoCurrency, Err(ParseError::NoCurrency)),
    ] {
        test.sandbox.state().set_scenario(scenario);
        let response = test.balance_request(&token).send().await.unwrap();
        assert_eq!(response.status(), 200, "{scenario:?}");
        let result = BalanceResponse::parse(&response.text().await.unwrap());
        let amounts = result.map(|response| response.balances.iter().map(|b| b.amount.to_string()).collect());
        assert_eq!(amounts, expected, "{scenario:?}");
    }
}

#[tokio::test]
async fn each_failure_has_its_status_and_its_retry_after() {
    let test = spawn_sandbox(Config::default()).await;
    let token = test.token().await;
    for (scenario, status, retry_after) in [
        (Scenario::RateLimited, 429, "7"),
        (Scenario::RateLimitedUntil, 429, " GMT"),
        (Scenario::RateLimitedSilently, 429, ""),
        (Scenario::Error500, 500, ""),
        (Scenario::Error503, 503, "5"),
        (Scenario::Html502, 502, ""),
        (Scenario::Html504, 504, ""),
        (Scenario::Redirect, 302, ""),
    ] {
        test.sandbox.state().set_scenario(scenario);
        let response = test.balance_request(&token).send().await.unwrap();
        assert_eq!(response.status(), status, "{scenario:?}");
        let header = response.headers().get("retry-after").map_or("", |value| value.to_str().unwrap());
        assert!(
            header.ends_with(retry_after) && header.is_empty() == retry_after.is_empty(),
            "{scenario:?}: {header}"
        );
    }
}

#[tokio::test]
async fn a_broken_connection_breaks_where_its_scenario_says() {
    let test = spawn_sandbox(Config::default()).await;
    let token = test.token().await;

    test.sandbox.state().set_scenario(Scenario::CutOff);
    let mut response = test.balance_request(&token).send().await.unwrap();
    assert!(response.content_length().unwrap() > 40);
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 40);
    assert!(response.chunk().await.is_err());

    test.sandbox.state().set_scenario(Scenario::Reset);
    let error = test.balance_request(&token).send().await.unwrap_err();
    let causes = std::iter::successors(std::error::Error::source(&error), |e| e.source());
    let kinds: Vec<_> = causes.filter_map(|e| e.downcast_ref::<std::io::Error>()).map(|e| e.kind()).collect();
    assert!(kinds.contains(&std::io::ErrorKind::ConnectionReset), "{error:?}");
}

#[tokio::test]
async fn slow_responses_are_slow_in_the_headers_or_in_the_body() {
    let test = spawn_sandbox(Config { scenario: Scenario::SlowHeaders, ..Config::default() }).await;
    let token = test.token().await;
    let result = test.balance_request(&token).timeout(Duration::from_millis(100)).send().await;
    assert!(result.unwrap_err().is_timeout());

    test.sandbox.state().set_scenario(Scenario::SlowBody);
    let mut response = test.balance_request(&token).send().await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 1);
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 1);
}

#[tokio::test]
async fn a_long_balance_keeps_all_its_digits() {
    let balance = Cents::new(i64::MAX);
    let test = spawn_sandbox(Config { balance, ..Config::default() }).await;
    let body = test.balance_request(&test.token().await).send().await.unwrap().text().await.unwrap();
    assert!(body.contains(r#""amount":92233720368547758.07,"#), "{body}");
}

#[tokio::test]
async fn the_headers_of_a_request_can_be_inspected() {
    let test = spawn_sandbox(Config::default()).await;
    test.balance_request("x").header("X-Extra", "1").send().await.unwrap();
    assert!(test.sandbox.state().balance_headers().contains(&"x-extra".to_owned()));
}
