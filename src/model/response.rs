//! The one reader of the partner's answer, for the card and for the proxy.
//!
//! The API promises little about this answer (its only published example holds a zero), so
//! the reading is tolerant about the shape and strict about the money:
//! whatever is not there is never taken for a zero.

use super::amount::Amount;
use super::json::Json;
use std::fmt;

/// Longer than any currency code in use, short enough to be shown.
const LONGEST_CURRENCY: usize = 12;

/// A balance of one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// What the partner calls it, and empty where it has no name.
    pub name: String,
    /// What is left.
    pub amount: Amount,
    /// The currency of the amount.
    pub currency: Currency,
}

/// The code of a currency, usually of three letters.
///
/// It may be one that nobody has heard of: an amount with a strange code is still an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency(String);

impl Currency {
    /// Reads a code, in capitals whatever it was written in.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let code = code.trim_ascii();
        let fits = (1..=LONGEST_CURRENCY).contains(&code.len());
        let plain = code.bytes().all(|b| b.is_ascii_alphanumeric());
        (fits && plain).then(|| Self(code.to_ascii_uppercase()))
    }

    /// The code, such as `USD`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Whether the code has the form that `Intl` accepts as a currency.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.0.len() == 3 && self.0.bytes().all(|b| b.is_ascii_uppercase())
    }
}

/// What the server said, taken out of its envelope.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct BalanceResponse {
    /// All balances in the order of the answer; none where there is no account.
    pub balances: Vec<Balance>,
    /// When the proxy fetched them (RFC 3339), where it says so.
    pub fetched_at: Option<String>,
    /// The proxy's own word that this is an old answer, because a newer one could not be had.
    pub stale: bool,
}

/// Why an answer could not be read. These words are for a log; a reader gets [`super::Wording`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// Not JSON: a page of HTML, a body that was cut off, nothing at all.
    NotJson,
    /// JSON, but `meta.message` does not say that the call succeeded.
    NotSuccess,
    /// JSON, but not in any shape that this API has been seen to use.
    UnknownShape,
    /// A balance without an amount that can be kept exactly.
    NoAmount,
    /// A balance without a currency.
    NoCurrency,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the answer is not JSON",
            Self::NotSuccess => "the answer does not say that it succeeded",
            Self::UnknownShape => "the answer has no balances where they are documented to be",
            Self::NoAmount => "a balance has no amount that can be kept exactly",
            Self::NoCurrency => "a balance has no currency",
        })
    }
}

impl std::error::Error for ParseError {}

impl BalanceResponse {
    /// Reads the text of an answer.
    ///
    /// `balances` may be an object, a list of them, `[]`, `null` or absent, and `accounts` may
    /// stand in its place; an amount may be a number or a string that holds one.
    ///
    /// # Errors
    ///
    /// Whenever the text does not state a balance, or the absence of any account, beyond doubt.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let root = Json::parse(text).map_err(|_| ParseError::NotJson)?;
        let meta = root.get("meta");
        let message = meta.and_then(|m| m.get("message"));
        let succeeded = message.and_then(Json::text) == Some("success");
        if message.is_some() && !succeeded {
            return Err(ParseError::NotSuccess);
        }
        Ok(Self {
            balances: balances(root.get("data"), succeeded)?,
            fetched_at: meta.and_then(|m| m.get("fetched_at")).and_then(Json::text).map(str::to_owned),
            stale: matches!(meta.and_then(|m| m.get("stale")), Some(Json::Bool(true))),
        })
    }
}

/// A list that is there and empty says "no account" by itself.
/// A list that is missing says so only in an answer that claims success: an error with
/// status 200 has no balances either.
fn balances(data: Option<&Json<'_>>, succeeded: bool) -> Result<Vec<Balance>, ParseError> {
    let data = data.ok_or(ParseError::UnknownShape)?;
    let given = |name| data.get(name).filter(|value| !matches!(value, Json::Null));
    match data {
        Json::Object(_) => match given("balances").or_else(|| given("accounts")) {
            Some(Json::List(items)) => {
                let mut balances = Vec::new();
                for item in items {
                    balances.push(balance(item)?);
                }
                Ok(balances)
            }
            Some(one @ Json::Object(_)) => Ok(vec![balance(one)?]),
            None if succeeded => Ok(Vec::new()),
            _ => Err(ParseError::UnknownShape),
        },
        Json::List(items) if items.is_empty() && succeeded => Ok(Vec::new()),
        Json::Null if succeeded => Ok(Vec::new()),
        _ => Err(ParseError::UnknownShape),
    }
}

fn balance(item: &Json<'_>) -> Result<Balance, ParseError> {
    let Some(available @ Json::Object(_)) = item.get("availableBalance") else {
        return Err(ParseError::UnknownShape);
    };
    let amount = match available.get("amount") {
        Some(Json::Number(text)) => text.parse().ok(),
        Some(Json::Text(text)) => text.trim_ascii().parse().ok(),
        _ => None,
    };
    let currency = available.get("currency").and_then(Json::text).and_then(Currency::new);
    Ok(Balance {
        name: item.get("name").and_then(Json::text).unwrap_or_default().to_owned(),
        amount: amount.ok_or(ParseError::NoAmount)?,
        currency: currency.ok_or(ParseError::NoCurrency)?,
    })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
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
    fn what_is_not_an_amount_is_never_taken_for_zero() {
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
    fn no_account_is_believed_where_it_is_said() {
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
    fn an_answer_that_is_about_something_else_is_not_an_empty_account() {
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

    /// Text that looks like an answer, with anything at all in any place of it.
    fn nearly_an_answer() -> impl Strategy<Value = String> {
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
        fn any_text_gives_an_answer_or_a_typed_error(text: String) {
            let _ = BalanceResponse::parse(&text);
        }

        #[test]
        fn a_zero_is_only_read_where_a_zero_was_written(text in nearly_an_answer()) {
            if let Ok(answer) = BalanceResponse::parse(&text) {
                for balance in &answer.balances {
                    prop_assert!(text.contains("availableBalance"));
                    // Every digit that is shown stands in the text, in its order.
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
}
