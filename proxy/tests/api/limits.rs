//! How often somebody may ask, and how much they may send.

use crate::support::{Setup, TestProxy, contract, http_client, mint, now, send_raw, spawn_proxy};
use futures_util::future::join_all;
use reqwest::{Client, Response};
use serde_json::json;
use std::time::Duration;

const SECRET: &str = "a key of thirty-two bytes, or so.";
const TRUSTED: [(&str, &str); 2] =
    [("TRUSTED_PROXIES", "127.0.0.1"), ("TRUSTED_USER_HEADER", "X-Remote-User")];

async fn statuses(proxy: &TestProxy, headers: &[(&str, &str)], count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(proxy.balance_with(headers).await.status().as_u16());
    }
    statuses
}

async fn check_too_many(response: Response) {
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(response.text().await.unwrap(), contract("problem-too-many-requests").trim_end());
}

// All users come from one address, which is that of the trusted proxy.
#[tokio::test]
async fn each_user_behind_a_trusted_proxy_has_a_limit_of_their_own() {
    let proxy = spawn_proxy(Setup::variables(&[&TRUSTED[..], &[("RATE_LIMIT", "2")]].concat())).await;
    for user in ["ada", "grace", "edsger"] {
        let headers = [("X-Remote-User", user), ("X-Forwarded-For", "198.51.100.1")];
        assert_eq!(statuses(&proxy, &headers, 2).await, [200, 200], "{user}");
        check_too_many(proxy.balance_with(&headers).await).await;
    }
    assert_eq!(proxy.upstream_requests(), (1, 1));
}

#[tokio::test]
async fn the_default_limit_is_120_requests_a_minute_for_a_user_and_an_office_never_reaches_it() {
    let proxy = spawn_proxy(Setup::variables(&TRUSTED)).await;
    for number in 0..300 {
        let user = format!("user-{number}");
        assert_eq!(proxy.balance_with(&[("X-Remote-User", &user)]).await.status(), 200, "{user}");
    }
    let one = statuses(&proxy, &[("X-Remote-User", "one")], 130).await;
    // Meanwhile a request or two more may have become free.
    let count = one.iter().filter(|status| **status == 200).count();
    assert!(one[..100].iter().all(|status| *status == 200) && count < 130, "{count}");
}

#[tokio::test]
async fn the_subject_of_a_token_has_a_limit_whatever_its_address() {
    let variables = [("WIDGET_TOKEN_SECRET", SECRET), ("RATE_LIMIT", "1")];
    let proxy = spawn_proxy(Setup::variables(&variables)).await;
    for subject in ["a", "b"] {
        let claims = json!({"aud": "airalo-balance", "exp": now() + 60, "sub": subject});
        let bearer = format!("Bearer {}", mint(SECRET, &claims));
        assert_eq!(statuses(&proxy, &[("Authorization", &bearer)], 2).await, [200, 429]);
    }
}

fn client_at(address: [u8; 4]) -> Client {
    drop(http_client());
    Client::builder().no_proxy().local_address(Some(address.into())).tls_certs_only([]).build().unwrap()
}

// Linux has the whole of 127.0.0.0/8.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn who_is_not_known_is_limited_by_address_and_cannot_choose_it() {
    let proxy = spawn_proxy(Setup::variables(&[("ALLOW_ANONYMOUS", "1"), ("RATE_LIMIT", "1")])).await;
    let ask = async |client: &Client, forwarded: &str| {
        let request = client.get(format!("{}/api/balance", proxy.url)).header("X-Airalo-Widget", "1");
        request.header("X-Forwarded-For", forwarded).send().await.unwrap()
    };
    let (first, second) = (client_at([127, 0, 0, 2]), client_at([127, 0, 0, 3]));
    assert_eq!(ask(&first, "198.51.100.1").await.status(), 200);
    check_too_many(ask(&first, "198.51.100.2").await).await;
    assert_eq!(ask(&second, "198.51.100.1").await.status(), 200);
}

#[tokio::test]
async fn behind_trusted_proxies_the_address_is_the_last_one_that_they_have_seen() {
    let variables = [&TRUSTED[..], &[("ALLOW_ANONYMOUS", "1"), ("RATE_LIMIT", "1")]].concat();
    let proxy = spawn_proxy(Setup::variables(&variables)).await;
    let forwarded = async |value| proxy.balance_with(&[("X-Forwarded-For", value)]).await.status().as_u16();
    assert_eq!(forwarded("198.51.100.1").await, 200);
    // What stands before the last entry is made up by the client.
    assert_eq!(forwarded("1.2.3.4, 198.51.100.1").await, 429);
    assert_eq!(forwarded("1.2.3.5, 198.51.100.1, 127.0.0.1").await, 429);
    assert_eq!(forwarded("198.51.100.1, 198.51.100.2").await, 200);
    let smuggled = [("X-Forwarded-For", "198.51.100.2"), ("X_Forwarded_For", "198.51.100.3")];
    assert_eq!(proxy.balance_with(&smuggled).await.status(), 429);
}

/// Starts a proxy whose first answer takes a while, and has 40 readers wait for it at once.
async fn readers_at_once(forwarded: &[(&str, &str)]) -> Vec<u16> {
    let mut setup = Setup::slow_at_first();
    // All of them come meanwhile, on any machine.
    setup.sandbox.slow = Duration::from_secs(2);
    let variables = TRUSTED.map(|(name, value)| (name, value.to_owned())).into();
    let proxy = spawn_proxy(Setup { variables, ..setup }).await;
    let readers = (0..40).map(|number| {
        let user = format!("user-{number}");
        let proxy = &proxy;
        async move {
            let headers = [&[("X-Remote-User", &*user)], forwarded].concat();
            proxy.balance_with(&headers).await.status().as_u16()
        }
    });
    join_all(readers).await
}

#[tokio::test]
async fn of_one_client_only_so_many_requests_wait_at_once() {
    let statuses = readers_at_once(&[("X-Forwarded-For", "198.51.100.1")]).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 32, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 8, "{statuses:?}");
}

/// As nginx does without a line for it.
#[tokio::test]
async fn a_trusted_proxy_that_names_no_client_counts_as_any_number_of_them() {
    assert_eq!(readers_at_once(&[]).await, [200; 40]);
}

#[tokio::test]
async fn failed_attempts_are_limited_by_address_and_lock_out_nobody_who_is_known() {
    let token = "0123456789abcdef";
    let proxy = spawn_proxy(Setup::variables(&[("ACCESS_TOKEN", token), ("RATE_LIMIT", "3")])).await;
    let guesses = statuses(&proxy, &[("Authorization", "Bearer guess")], 4).await;
    assert_eq!(guesses, [401, 401, 401, 429]);
    check_too_many(proxy.balance().await).await;
    assert_eq!(proxy.balance_with(&[("Authorization", "Bearer 0123456789abcdef")]).await.status(), 200);
}

#[tokio::test]
async fn a_limit_of_zero_is_none() {
    let proxy = spawn_proxy(Setup::variables(&[("RATE_LIMIT", "0")])).await;
    let all = statuses(&proxy, &[], 200).await;
    assert!(all.iter().all(|status| *status == 200));
}

#[tokio::test]
async fn a_request_that_announces_a_body_is_refused_before_it_is_sent() {
    let proxy = spawn_proxy(Setup::default()).await;
    for (path, announced, status) in [
        ("/api/balance", "Content-Length: 1025", 413),
        ("/api/balance", "Content-Length: 99999999999999999", 413),
        ("/api/balance", "Transfer-Encoding: chunked", 413),
        ("/", "Content-Length: 1025", 413),
        ("/airalo-balance.js", "Content-Length: 1025", 413),
        ("/api/balance", "Content-Length: 0", 200),
    ] {
        for method in ["GET", "POST"] {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Airalo-Widget: 1\r\n{announced}\r\n"
            );
            let close = if status == 200 { "Connection: close\r\n" } else { "" };
            let response = send_raw(&proxy.url, format!("{head}{close}\r\n").as_bytes()).await;
            let status = if status == 200 && method == "POST" { 405 } else { status };
            assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {response}");
            let problem = contract("problem-body-too-large");
            assert_eq!(response.ends_with(problem.trim_end()), status == 413, "{response}");
        }
    }
    let small =
        proxy.client.get(format!("{}/api/balance", proxy.url)).header("X-Airalo-Widget", "1").body("{}");
    assert_eq!(small.send().await.unwrap().status(), 200);
}
