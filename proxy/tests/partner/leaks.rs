//! Nothing of the partner's responses reaches a client but what a balance is made of.

use crate::double::{Partner, balance, proxy_for, tokens};
use wiremock::ResponseTemplate;

const MARK: &str = "of-the-partner";

const HEADERS: [&str; 14] = [
    "Set-Cookie",
    "Server",
    "X-Powered-By",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Expose-Headers",
    "Content-Security-Policy",
    "Cache-Control",
    "ETag",
    "Via",
    "CF-Ray",
    "WWW-Authenticate",
];

fn marked(answer: ResponseTemplate) -> ResponseTemplate {
    HEADERS.iter().fold(answer, |answer, name| answer.insert_header(*name, format!("{MARK}={name}")))
}

#[tokio::test]
async fn no_header_and_no_text_of_the_partner_reaches_a_client() {
    let text = |status| ResponseTemplate::new(status).set_body_raw(MARK, "text/html");
    for (status, answer) in [
        (200, balance("225.35")),
        (502, text(401)),
        (502, text(403)),
        (502, text(404)),
        (503, text(429)),
        (502, text(500)),
        (502, text(200)),
    ] {
        let partner = Partner::start(tokens(), marked(answer)).await;
        let response = proxy_for(&partner).await.balance().await;
        assert_eq!(response.status(), status);
        for (name, value) in response.headers() {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            assert!(!value.contains(MARK), "{name}: {value}");
        }
        for name in ["set-cookie", "server", "x-ratelimit-limit", "access-control-allow-credentials", "via"] {
            assert!(!response.headers().contains_key(name), "{name}");
        }
        let body = response.text().await.unwrap();
        assert!(!body.contains(MARK) && !body.contains("token-1"), "{body}");
    }
}
