//! What the proxy sends to the partner.

use crate::double::{CLIENT_ID, CLIENT_SECRET, Partner, balance, proxy_for, tokens};
use std::collections::BTreeMap;
use wiremock::Request;

/// The headers by name. A name that occurs twice has both values.
fn headers(request: &Request) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::<String, String>::new();
    for (name, value) in &request.headers {
        let all = headers.entry(name.to_string()).or_default();
        *all = format!("{all}{}", value.to_str().unwrap());
    }
    headers
}

fn names(headers: &BTreeMap<String, String>) -> Vec<&str> {
    headers.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn the_balance_is_asked_for_with_exactly_four_headers_and_nothing_of_the_client() {
    let partner = Partner::start(tokens(), balance("225.35")).await;
    let proxy = proxy_for(&partner).await;
    let of_the_client = [
        ("Cookie", "session=1"),
        ("Authorization", "Bearer of-the-client"),
        ("X-Forwarded-For", "192.0.2.1"),
        ("Accept-Language", "tr"),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("User-Agent", "client"),
        ("Accept", "text/html"),
        ("Accept-Encoding", "br"),
    ];
    // Whether this client may read is another rule's matter; the request upstream is made either way.
    proxy.balance_with(&of_the_client).await;
    assert_eq!(proxy.balance().await.status(), 200);

    let requests = partner.balance_requests().await;
    assert!(!requests.is_empty());
    for request in requests {
        let headers = headers(&request);
        assert_eq!(names(&headers), ["accept", "authorization", "host", "user-agent"]);
        assert_eq!(headers["accept"], "application/json");
        assert_eq!(headers["authorization"], "Bearer token-1");
        assert_eq!(headers["host"], partner.0.address().to_string());
        assert!(headers["user-agent"].starts_with("airalo-balance-proxy/"), "{headers:?}");
        assert_eq!((request.url.query(), request.body.len()), (None, 0));
    }
}

#[tokio::test]
async fn the_token_is_asked_for_with_a_form_of_three_fields() {
    let partner = Partner::start(tokens(), balance("225.35")).await;
    let proxy = proxy_for(&partner).await;
    assert_eq!(proxy.balance().await.status(), 200);

    let requests = partner.token_requests().await;
    let [request] = requests.as_slice() else { panic!("{} token requests", requests.len()) };
    let headers = headers(request);
    assert_eq!(names(&headers), ["accept", "content-length", "content-type", "host", "user-agent"]);
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(headers["content-length"], request.body.len().to_string());
    assert_eq!(request.url.query(), None);

    let body = String::from_utf8(request.body.clone()).unwrap();
    let form = reqwest::Url::parse(&format!("http://form/?{body}")).unwrap();
    let fields: BTreeMap<_, _> = form.query_pairs().into_owned().collect();
    let expected =
        [("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET), ("grant_type", "client_credentials")];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[tokio::test]
async fn nothing_but_the_two_documented_requests_is_ever_sent() {
    let partner = Partner::start(tokens(), balance("225.35")).await;
    let proxy = proxy_for(&partner).await;
    proxy.balance().await;
    for request in partner.0.received_requests().await.unwrap() {
        let sent = format!("{} {}", request.method, request.url.path());
        assert!(["POST /v2/token", "GET /v2/balance"].contains(&sent.as_str()), "{sent}");
    }
}
