//! Responses of the partner in other bytes than the documented ones.

use crate::support::{get_balance, http_client};
use airalo_balance_proxy::{Config, Proxy};
use axum::Router;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const TOKEN: &[u8] =
    br#"{"data":{"token_type":"Bearer","expires_in":86400,"access_token":"t"},"meta":{"message":"success"}}"#;
const BALANCE: &[u8] = br#"{"data":{"balances":{"name":"credit","availableBalance":{"amount":225.35,"currency":"USD"}}},"meta":{"message":"success"}}"#;
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What the proxy makes of these bodies of the partner.
async fn answer(token: Vec<u8>, balance: Vec<u8>) -> Value {
    let partner = Router::new()
        .route("/v2/token", post(async move || token.clone()))
        .route("/v2/balance", get(async move || balance.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let partner_url = format!("http://{}", listener.local_addr().unwrap());
    let partner = tokio::spawn(axum::serve(listener, partner).into_future());
    let config = Config::from_vars(false, |name| match name {
        "AIRALO_BASE_URL" => Some(partner_url.clone()),
        "AIRALO_CLIENT_ID" | "AIRALO_CLIENT_SECRET" => Some("sandbox".to_owned()),
        "LISTEN" => Some("127.0.0.1:0".to_owned()),
        _ => None,
    });
    let proxy = Proxy::bind(config.unwrap()).await.unwrap();
    let url = format!("http://{}", proxy.address());
    let server = tokio::spawn(proxy.run_until(std::future::pending()));
    let answer = get_balance(&http_client(), &url).await.json().await.unwrap();
    server.abort();
    partner.abort();
    answer
}

fn replaced(body: &[u8], from: &str, to: &[u8]) -> Vec<u8> {
    let at = body.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
    [&body[..at], to, &body[at + from.len()..]].concat()
}

#[tokio::test]
async fn a_byte_order_mark_before_token_and_balance_is_skipped() {
    let answer = answer([MARK, TOKEN].concat(), [MARK, BALANCE].concat()).await;
    assert_eq!(answer["meta"]["text"], "USD 225.35");
}

#[tokio::test]
async fn bytes_that_are_not_utf_8_cost_the_name_and_not_the_balance() {
    for (name, read) in [(&b"cr\xe9dit"[..], "cr\u{fffd}dit"), (br"cr\ud800dit", "cr\u{fffd}dit")] {
        let answer = answer(TOKEN.to_vec(), replaced(BALANCE, "credit", name)).await;
        let balance = json!({"name": read, "availableBalance": {"amount": 225.35, "currency": "USD"}});
        assert_eq!(answer["data"]["balances"], json!([balance]));
    }
}

#[tokio::test]
async fn a_body_that_goes_on_after_its_json_or_has_other_bytes_in_its_money_is_no_balance() {
    let bodies = [
        [BALANCE, b"0"].concat(),
        [BALANCE, b"<br />Notice"].concat(),
        replaced(BALANCE, "USD", b"U\xe9D"),
        replaced(BALANCE, "225.35", b"\"225.35\xe9\""),
        replaced(BALANCE, "success", b"succ\xe9s"),
    ];
    for body in bodies {
        let text = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(answer(TOKEN.to_vec(), body).await["code"], "invalid-response", "{text}");
    }
}
