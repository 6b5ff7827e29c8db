//! Answers with status 200: the documented shape, and what the documentation leaves open.

use crate::double::{Partner, balance, proxy_for, tokens};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

/// What the proxy makes of a balance answer: the status and the text.
async fn served(balance: ResponseTemplate) -> (u16, String) {
    let partner = Partner::start(tokens(), balance).await;
    let response = proxy_for(&partner).await.balance().await;
    (response.status().as_u16(), response.text().await.unwrap())
}

fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

#[tokio::test]
async fn the_documented_answer_is_served_as_a_list_with_the_same_digits() {
    for amount in ["0", "225.35", "-12.5", "100000", "0.1", "12345678901234567.89"] {
        let (status, body) = served(balance(amount)).await;
        let expected = format!(
            r#"{{"data":{{"balances":[{{"name":"balance","availableBalance":{{"amount":{amount},"currency":"USD"}}}}]}}"#
        );
        assert!(status == 200 && body.starts_with(&expected), "{amount}: {body}");
    }
}

#[tokio::test]
async fn no_content_type_costs_the_balance() {
    let json = r#"{"data":{"balances":{"name":"b","availableBalance":{"amount":7,"currency":"USD"}}},"meta":{"message":"success"}}"#;
    for content_type in ["text/plain", "*/*", "application/json", "text/html; charset=UTF-8", "nonsense"] {
        let (status, body) = served(ResponseTemplate::new(200).set_body_raw(json, content_type)).await;
        assert!(status == 200 && body.contains(r#""amount":7"#), "{content_type}: {body}");
    }
}

#[tokio::test]
async fn attributes_that_airalo_may_add_are_ignored() {
    let inner = json!({"amount": 225.35, "currency": "USD", "held": {"amount": 1}});
    let balances = json!({"name": "balance", "availableBalance": inner, "creditLimit": null, "new": [1]});
    let body = json!({"data": {"balances": balances, "mode": "sandbox"}, "meta": {"message": "success", "id": 1}, "links": []});
    let (status, served) = served(ok(&body)).await;
    assert!(status == 200 && served.contains(r#""amount":225.35,"currency":"USD""#), "{served}");
    for added in ["held", "creditLimit", "new", "mode", "links", "\"id\""] {
        assert!(!served.contains(added), "{added} is passed on: {served}");
    }
}

#[tokio::test]
async fn every_way_to_say_that_there_is_no_account_is_an_empty_list_and_not_zero() {
    for data in
        [json!({"balances": []}), json!({"balances": null}), json!({"accounts": []}), json!({}), json!([])]
    {
        let (status, served) = served(ok(&json!({"data": data, "meta": {"message": "success"}}))).await;
        let parsed: Value = serde_json::from_str(&served).unwrap();
        assert_eq!((status, &parsed["data"]["balances"]), (200, &json!([])), "{data}");
        assert_eq!(parsed["meta"]["text"], Value::Null, "{data}");
    }
}

#[tokio::test]
async fn a_list_of_balances_and_an_amount_in_quotes_are_read_too() {
    let one = |amount: Value, currency: &str| json!({"name": "a", "availableBalance": {"amount": amount, "currency": currency}});
    let balances = json!([one(json!("225.35"), "USD"), one(json!(980), "EUR")]);
    let (status, served) =
        served(ok(&json!({"data": {"balances": balances}, "meta": {"message": "success"}}))).await;
    assert_eq!(status, 200, "{served}");
    assert!(served.contains(r#""amount":225.35,"#) && served.contains(r#""amount":980,"#), "{served}");
}

#[tokio::test]
async fn an_answer_that_is_not_a_balance_is_an_invalid_response_and_never_zero() {
    let balance = |fields: Value| json!({"data": {"balances": {"name": "b", "availableBalance": fields}}, "meta": {"message": "success"}});
    let good = json!({"amount": 1, "currency": "USD"});
    for body in [
        balance(json!({"currency": "USD"})),
        balance(json!({"amount": null, "currency": "USD"})),
        balance(json!({"amount": "NaN", "currency": "USD"})),
        balance(json!({"amount": true, "currency": "USD"})),
        balance(json!({"amount": 1})),
        balance(json!({"amount": 1, "currency": ""})),
        balance(json!({})),
        // A good status with another message than success.
        json!({"data": {"balances": {"name": "b", "availableBalance": good}}, "meta": {"message": "Maintenance"}}),
        json!({"data": [], "meta": {"message": "Authentication failed."}}),
        json!({"code": 13, "reason": "The operation is under maintenance"}),
        json!({"balance": 1, "currency": "USD"}),
        json!("success"),
        json!(0),
    ] {
        let (status, served) = served(ok(&body)).await;
        assert!(status == 502 && served.contains(r#""code":"invalid-response""#), "{body}: {served}");
    }
    for text in ["", "<!doctype html><title>Sign in</title>", "null", "{\"data\":", "225.35"] {
        let (status, served) =
            served(ResponseTemplate::new(200).set_body_raw(text, "application/json")).await;
        assert!(status == 502 && served.contains(r#""code":"invalid-response""#), "{text}: {served}");
    }
}
