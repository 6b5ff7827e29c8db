use super::*;
use proptest::prelude::*;

fn usd(amount: &str) -> Balance {
    Balance {
        name: "balance".to_owned(),
        amount: amount.parse().unwrap(),
        currency: Currency::new("USD").unwrap(),
    }
}

fn envelope(balances: &str) -> String {
    format!(r#"{{"data":{{"balances":{balances}}},"meta":{{"message":"success"}}}}"#)
}

#[test]
fn an_amount_is_read_from_a_number_and_from_a_string() {
    for amount in ["225.35", "\"225.35\"", "\" 225.350 \"", "2.2535e2"] {
        let text = envelope(&format!(
            r#"{{"name":"balance","availableBalance":{{"amount":{amount},"currency":"USD"}}}}"#
        ));
        assert_eq!(BalanceResponse::parse(&text).unwrap().balances, [usd("225.35")], "{text}");
    }
}

#[test]
fn a_value_that_is_no_amount_is_never_taken_for_zero() {
    for amount in ["null", "\"\"", "\"-\"", "\"NaN\"", "[]", "{}", "true", "1e99", "\"1,5\""] {
        let text = envelope(&format!(r#"{{"availableBalance":{{"amount":{amount},"currency":"USD"}}}}"#));
        assert_eq!(BalanceResponse::parse(&text), Err(ParseError::NoAmount), "{text}");
    }
    let missing = envelope(r#"{"availableBalance":{"currency":"USD"}}"#);
    assert_eq!(BalanceResponse::parse(&missing), Err(ParseError::NoAmount));
}

#[test]
fn an_amount_without_a_currency_is_no_money() {
    for currency in ["null", "\"\"", "\" \"", "7", "\"a very long currency\"", "\"<b>\""] {
        let text = envelope(&format!(r#"{{"availableBalance":{{"amount":1,"currency":{currency}}}}}"#));
        assert_eq!(BalanceResponse::parse(&text), Err(ParseError::NoCurrency), "{text}");
    }
}

#[test]
fn an_empty_list_means_that_there_is_no_account() {
    for text in [
        envelope("[]"),
        envelope("null"),
        r#"{"data":{"balances":[]}}"#.to_owned(),
        r#"{"data":{"accounts":[]}}"#.to_owned(),
        r#"{"data":{},"meta":{"message":"success"}}"#.to_owned(),
        r#"{"data":[],"meta":{"message":"success"}}"#.to_owned(),
        r#"{"data":null,"meta":{"message":"success"}}"#.to_owned(),
    ] {
        assert_eq!(BalanceResponse::parse(&text).unwrap().balances, [], "{text}");
    }
}

#[test]
fn a_response_about_something_else_is_not_an_empty_account() {
    for text in [
        "{}",
        "[]",
        "0",
        "null",
        r#"{"error":"no"}"#,
        r#"{"data":[]}"#,
        r#"{"data":{}}"#,
        r#"{"data":{"balances":null}}"#,
        r#"{"data":[1],"meta":{"message":"success"}}"#,
        r#"{"data":{"balances":3},"meta":{"message":"success"}}"#,
    ] {
        assert_eq!(BalanceResponse::parse(text), Err(ParseError::UnknownShape), "{text}");
    }
    let errors = [
        r#"{"data":[],"meta":{"message":"Authentication failed"}}"#,
        r#"{"data":{"balances":[]},"meta":{"message":null}}"#,
    ];
    for text in errors {
        assert_eq!(BalanceResponse::parse(text), Err(ParseError::NotSuccess), "{text}");
    }
}

#[test]
fn a_strange_currency_is_still_a_currency() {
    assert_eq!(Currency::new(" usdc ").unwrap().code(), "USDC");
    assert!(!Currency::new("USDC").unwrap().is_well_formed());
    assert!(Currency::new("usd").unwrap().is_well_formed());
}

/// Text that resembles a response, with arbitrary values in arbitrary places.
fn almost_a_response() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        "-?[0-9]{1,22}(\\.[0-9]{1,22})?([eE]-?[0-9]{1,3})?",
        "\"[-0-9a-zA-Z. ]{0,8}\"",
    ];
    let key = prop_oneof![
        Just("amount"),
        Just("currency"),
        Just("name"),
        Just("availableBalance"),
        Just("balances"),
        Just("accounts"),
        Just("other")
    ];
    let value = scalar.prop_recursive(5, 40, 4, move |inner| {
        prop_oneof![
            prop::collection::vec((key.clone(), inner.clone()), 0..5).prop_map(|members| {
                let members: Vec<_> = members.into_iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
                format!("{{{}}}", members.join(","))
            }),
            prop::collection::vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(","))),
        ]
    });
    (value, prop_oneof![Just("success"), Just("failed")])
        .prop_map(|(data, message)| format!(r#"{{"data":{data},"meta":{{"message":"{message}"}}}}"#))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_gives_a_response_or_a_typed_error(text: String) {
        let _ = BalanceResponse::parse(&text);
    }

    #[test]
    fn a_zero_is_only_parsed_where_a_zero_was_written(text in almost_a_response()) {
        if let Ok(response) = BalanceResponse::parse(&text) {
            for balance in &response.balances {
                prop_assert!(text.contains("availableBalance"));
                // Every digit that is shown stands in the text, in the same order.
                let shown: Vec<char> = balance.amount.to_string().chars().filter(char::is_ascii_digit).collect();
                let mut written = text.chars();
                prop_assert!(shown.iter().filter(|d| **d != '0').all(|d| written.any(|c| c == *d)), "{} from {}", balance.amount, text);
                prop_assert!(!balance.amount.is_zero() || text.contains('0'), "{}", text);
            }
        }
    }

    #[test]
    fn every_exact_amount_arrives_as_it_was_sent(digits: i64, decimals in 0_u32..=18, quoted: bool) {
        let amount = Amount::new(digits, decimals).unwrap();
        let sent = if quoted { format!("\"{amount}\"") } else { amount.to_string() };
        let text = envelope(&format!(r#"[{{"availableBalance":{{"amount":{sent},"currency":"USD"}}}}]"#));
        prop_assert_eq!(BalanceResponse::parse(&text).unwrap().balances[0].amount, amount);
    }
}
