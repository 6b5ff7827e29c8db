//! Status 429, and how long the partner wants to be left alone.

use crate::double::{Partner, balance, proxy_for, tokens};
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::ops::RangeInclusive;
use std::time::Instant;
use wiremock::ResponseTemplate;

fn too_many(retry_after: Option<&str>) -> ResponseTemplate {
    let answer = ResponseTemplate::new(429).set_body_raw("Too Many Attempts", "text/html");
    match retry_after {
        Some(value) => answer.insert_header("Retry-After", value),
        None => answer,
    }
}

fn date(seconds: i64) -> String {
    let date = Timestamp::now().checked_add(SignedDuration::from_secs(seconds)).unwrap();
    DateTimePrinter::new().timestamp_to_rfc9110_string(&date).unwrap()
}

/// What clients may be told where the partner says so many seconds: that, or up to a fifth more, so that
/// they do not return at once; less what has passed since `start`.
fn about(seconds: u64, start: Instant) -> RangeInclusive<u64> {
    // The partner's date and our answer are in whole seconds, and each may lose a part of one.
    let passed = start.elapsed().as_secs() + 2;
    seconds - passed..=seconds * 6 / 5 + 1
}

#[tokio::test]
async fn a_retry_after_is_obeyed_as_seconds_and_as_a_date_and_kept_within_limits() {
    let start = Instant::now();
    // Where a number is expected, it is that of the partner or the longest one.
    for (value, stated) in [
        (Some("120".to_owned()), Some(120)),
        (Some(date(120)), Some(120)),
        (Some(date(-3600)), None),
        (Some("0".to_owned()), None),
        (Some("31536000".to_owned()), Some(900)),
        (Some("99999999999999999999".to_owned()), Some(900)),
        (Some(date(86_400 * 365)), Some(900)),
        (Some("soon".to_owned()), None),
        (Some("-1".to_owned()), None),
        (None, None),
    ] {
        let partner = Partner::start(tokens(), too_many(value.as_deref())).await;
        let proxy = proxy_for(&partner).await;
        for _ in 0..if stated.is_some() { 4 } else { 1 } {
            let response = proxy.balance().await;
            assert_eq!(response.status(), 503, "{value:?}");
            let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            let expected = stated.map_or(1..=60, |seconds| about(seconds, start));
            assert!(expected.contains(&wait), "{value:?}: {wait}");
            assert_eq!(response.json::<Value>().await.unwrap()["code"], "rate-limited");
        }
        if stated.is_some() {
            assert_eq!(partner.balance_requests().await.len(), 1, "{value:?}");
        }
    }
}

#[tokio::test]
async fn a_limit_on_tokens_is_obeyed_and_asks_for_no_balance() {
    let partner = Partner::start(too_many(Some("45")), balance("225.35")).await;
    let start = Instant::now();
    let proxy = proxy_for(&partner).await;
    for _ in 0..4 {
        let response = proxy.balance().await;
        assert_eq!(response.status(), 503);
        let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!(about(45, start).contains(&wait), "{wait}");
    }
    assert_eq!((partner.token_requests().await.len(), partner.balance_requests().await.len()), (1, 0));
}
