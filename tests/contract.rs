//! The files in `contract/` are the JSON between partner, proxy and card. Each is parsed here with
//! the parser that both sides use.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails, which is what it is for")]

use airalo_balance::model::{BalanceResponse, ParseError, Problem};
use std::fs;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("contract")
}

fn read(name: &str) -> Result<String, ParseError> {
    let text = fs::read_to_string(folder().join(name)).unwrap();
    let answer = BalanceResponse::parse(&text)?;
    let money = |balance: &airalo_balance::model::Balance| {
        [&balance.name, " ", &balance.amount.to_string(), " ", balance.currency.code()].concat()
    };
    Ok(answer.balances.iter().map(money).collect::<Vec<_>>().join(", "))
}

const BALANCES: &[(&str, &str)] = &[
    ("balance.json", "balance 225.35 USD"),
    ("balance-history.json", "balance 225.35 USD"),
    ("balance-list.json", "balance 225.35 USD"),
    ("balance-long-amount.json", "balance 12345678901234567.89 USD"),
    ("balance-negative.json", "balance -12.5 USD"),
    ("balance-several.json", "Main 1234.5 USD, Europe 980 EUR, Japan 120500 JPY"),
    ("balance-stale.json", "balance 225.35 USD"),
    ("balance-refreshing.json", "balance 225.35 USD"),
    ("balance-string-amount.json", "balance 225.35 USD"),
    ("balance-unknown-fields.json", "balance 225.35 USD"),
    ("balance-zero.json", "balance 0 USD"),
    ("no-account-absent.json", ""),
    ("no-account-accounts.json", ""),
    ("no-account-data-list.json", ""),
    ("no-account-empty-list.json", ""),
    ("no-account-null.json", ""),
];

const INVALID: &[(&str, ParseError)] = &[
    ("invalid-amount-not-a-number.json", ParseError::NoAmount),
    ("invalid-amount-too-precise.json", ParseError::NoAmount),
    ("invalid-cut-off.json", ParseError::NotJson),
    ("invalid-flat.json", ParseError::UnknownShape),
    ("invalid-html.json", ParseError::NotJson),
    ("invalid-no-amount.json", ParseError::NoAmount),
    ("invalid-no-currency.json", ParseError::NoCurrency),
    ("invalid-not-success.json", ParseError::NotSuccess),
];

#[test]
fn every_balance_is_read_as_it_is_meant() {
    for (name, expected) in BALANCES {
        assert_eq!(read(name).as_deref(), Ok(*expected), "{name}");
    }
}

#[test]
fn every_unreadable_answer_is_a_typed_error_and_never_a_zero() {
    for (name, expected) in INVALID {
        assert_eq!(read(name), Err(*expected), "{name}");
    }
}

#[test]
fn the_meta_of_the_proxy_is_parsed() {
    let read = |name| BalanceResponse::parse(&fs::read_to_string(folder().join(name)).unwrap()).unwrap();
    assert_eq!(read("balance-list.json").fetched_at.as_deref(), Some("2026-11-23T10:42:00Z"));
    assert!(!read("balance-list.json").stale && read("balance-stale.json").stale);
    let refreshing = read("balance-refreshing.json");
    assert!(refreshing.refreshing && !refreshing.stale, "it is old, but nothing is wrong");
    assert_eq!(read("balance.json").fetched_at, None);
}

#[test]
fn every_problem_of_the_proxy_has_a_file_that_names_it() {
    for problem in Problem::ALL {
        let name = format!("problem-{}.json", problem.as_str());
        let text = fs::read_to_string(folder().join(&name)).expect(&name);
        assert_eq!(Problem::read(&text), Some(problem), "{name}");
    }
}

#[test]
fn no_error_of_the_partner_is_read_as_a_balance() {
    let is_error = |name: &String| name.starts_with("partner-") || name.starts_with("problem-");
    // The one that is a success, of another request.
    for name in names().filter(|name| is_error(name) && name != "partner-notice.json") {
        assert!(read(&name).is_err(), "{name}");
    }
}

#[test]
fn every_file_is_named_in_a_test() {
    for name in names() {
        let known = BALANCES.iter().any(|(n, _)| *n == name)
            || INVALID.iter().any(|(n, _)| *n == name)
            || name.starts_with("partner-")
            // By `proxy/src/routes/history_json.rs`.
            || name.starts_with("history")
            || Problem::ALL.iter().any(|problem| name == format!("problem-{}.json", problem.as_str()));
        assert!(known, "contract/{name} is read by no test");
    }
}

fn names() -> impl Iterator<Item = String> {
    fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap())
}
