//! Refusals and failures of the partner, as documented and as gateways make them.

use crate::double::{Partner, balance, proxy_for, refusal, start_proxy, token, tokens};
use crate::wait::wait_until;
use serde_json::{Value, json};
use std::io::{Error, ErrorKind};
use std::time::Duration;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

#[tokio::test]
async fn a_refused_address_is_a_problem_of_its_own_and_renews_no_token() {
    for body in [
        json!({"code": 89, "reason": "IP address is not allowed"}),
        json!({"data": {"code": 89, "reason": "IP address is not allowed"}, "meta": {"message": "forbidden"}}),
    ] {
        let partner = Partner::start(tokens(), ResponseTemplate::new(403).set_body_json(&body)).await;
        let proxy = proxy_for(&partner).await;
        for _ in 0..5 {
            proxy.check_problem(502, "address-refused", &body.to_string()).await;
        }
        assert_eq!(partner.token_requests().await.len(), 1, "{body}");
        assert_eq!(partner.balance_requests().await.len(), 1, "{body}");
    }
}

#[tokio::test]
async fn another_refusal_with_403_is_not_taken_for_the_allow_list() {
    let body = json!({"code": 12, "reason": "Something else"});
    let partner = Partner::start(tokens(), ResponseTemplate::new(403).set_body_json(body)).await;
    proxy_for(&partner).await.check_problem(502, "upstream", "403 without code 89").await;
}

#[tokio::test]
async fn refused_credentials_are_not_tried_again_by_readers() {
    let unknown = json!({"client_id": "The selected client id is invalid."});
    for refusal in [
        refusal(422, &unknown, "the parameter is invalid"),
        refusal(401, &json!([]), "Client authentication failed"),
    ] {
        let partner = Partner::start(refusal, balance("225.35")).await;
        let proxy = proxy_for(&partner).await;
        for _ in 0..5 {
            let response = proxy.balance().await;
            let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((30..=90).contains(&wait), "{wait}");
            assert_eq!(response.json::<Value>().await.unwrap()["code"], "credentials-refused");
        }
        assert_eq!((partner.token_requests().await.len(), partner.balance_requests().await.len()), (1, 0));
    }
}

#[tokio::test]
async fn failures_of_the_server_are_reported_without_its_words_and_retried_sparingly() {
    for status in [500, 502, 503, 504, 400, 404, 422] {
        let html = "<html><h1>nginx words</h1></html>";
        let failure = ResponseTemplate::new(status).set_body_raw(html, "text/html");
        let partner = Partner::start(tokens(), failure.clone()).await;
        let proxy = proxy_for(&partner).await;
        let response = proxy.balance().await;
        assert_eq!(response.status(), 502, "{status}");
        let body = response.text().await.unwrap();
        assert!(body.contains(r#""code":"upstream""#) && !body.contains("nginx"), "{status}: {body}");
        assert!(partner.balance_requests().await.len() <= 2, "{status}");

        if status != 422 {
            let partner = Partner::start(failure, balance("1")).await;
            let proxy = proxy_for(&partner).await;
            proxy.check_problem(502, "upstream", &format!("{status} for the token")).await;
            assert!(partner.token_requests().await.len() <= 2, "{status}");
            assert!(partner.balance_requests().await.is_empty(), "{status}");
        }
    }
}

#[tokio::test]
async fn an_unusable_token_answer_asks_for_no_balance() {
    for answer in [
        ResponseTemplate::new(200).set_body_json(json!({"data": [], "meta": {"message": "success"}})),
        ResponseTemplate::new(200).set_body_json(json!({"access_token": "flat", "expires_in": 60})),
        token("", &json!(60)),
        token("two\nlines", &json!(60)),
        ResponseTemplate::new(200).set_body_raw("<html>", "text/html"),
    ] {
        let partner = Partner::start(answer, balance("225.35")).await;
        proxy_for(&partner).await.check_problem(502, "invalid-response", "no token").await;
        assert!(partner.balance_requests().await.is_empty());
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_is_a_failure_and_no_crash() {
    for reset in ["/v2/token", "/v2/balance"] {
        let server = MockServer::start().await;
        let error = |_: &Request| Error::from(ErrorKind::ConnectionReset);
        Mock::given(path(reset)).respond_with_err(error).with_priority(1).mount(&server).await;
        Mock::given(path("/v2/token")).respond_with(tokens()).mount(&server).await;
        let proxy = start_proxy(&server.uri(), |_| {}).await;
        proxy.check_problem(502, "upstream", reset).await;
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_token() {
    let elsewhere = MockServer::start().await;
    let location = format!("{}/v2/balance", elsewhere.uri());
    for status in [301, 302, 307, 308] {
        let redirect = ResponseTemplate::new(status).insert_header("Location", location.as_str());
        let partner = Partner::start(tokens(), redirect.clone()).await;
        proxy_for(&partner).await.check_problem(502, "upstream", "a redirected balance").await;
        let partner = Partner::start(redirect, balance("1")).await;
        proxy_for(&partner).await.check_problem(502, "upstream", "a redirected token").await;
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn after_a_success_the_last_balance_is_served_as_stale_while_the_partner_fails() {
    let failing = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let switch = failing.clone();
    let answer = move |_: &Request| match switch.load(std::sync::atomic::Ordering::Relaxed) {
        false => balance("225.35"),
        true => ResponseTemplate::new(500),
    };
    let partner = Partner::start(tokens(), answer).await;
    let proxy = start_proxy(&partner.0.uri(), |config| config.balance_ttl = Duration::ZERO).await;
    let (status, first) = proxy.read().await;
    assert_eq!(status, 200);
    failing.store(true, std::sync::atomic::Ordering::Relaxed);
    wait_until("the balance is stale", async || {
        let (status, body) = proxy.read().await;
        assert_eq!((status, &body["data"]), (200, &first["data"]));
        body["meta"]["stale"] == true
    })
    .await;
    failing.store(false, std::sync::atomic::Ordering::Relaxed);
    wait_until("the balance is fresh again", async || proxy.read().await.1["meta"]["stale"] == false).await;
}
