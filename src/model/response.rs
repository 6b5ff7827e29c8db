//! Parses the partner's balance response, for the card and for the proxy.
//!
//! The API documents little about this response, so parsing is tolerant about the shape and strict
//! about the money: a missing amount is an error and never a zero.

use super::amount::Amount;
use super::error::Problem;
use super::json::Json;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Longer than any currency code in use, short enough to be shown.
const LONGEST_CURRENCY: usize = 12;

/// A balance of one currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Balance {
    /// The partner's name for it, or empty.
    pub name: String,
    /// How much is left.
    pub amount: Amount,
    /// The currency of the amount.
    pub currency: Currency,
}

/// The code of a currency, usually of three letters.
///
/// Unknown codes are accepted: an amount with a strange code is still an amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Currency(String);

impl Currency {
    /// Accepts a code and turns it into capitals.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let code = code.trim_ascii();
        let fits = (1..=LONGEST_CURRENCY).contains(&code.len());
        let is_alphanumeric = code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (fits && is_alphanumeric).then(|| Self(code.to_ascii_uppercase()))
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

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?)
            .ok_or_else(|| serde::de::Error::custom("not the code of a currency"))
    }
}

/// The balances of a response and what its `meta` says about them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct BalanceResponse {
    /// All balances in the order of the response. There are none where there is no account.
    pub balances: Vec<Balance>,
    /// When the proxy fetched them (RFC 3339), if it says so.
    pub fetched_at: Option<String>,
    /// The proxy says that it could not get a newer balance.
    pub stale: bool,
    /// Why it could not, if it says so.
    pub reason: Option<Problem>,
    /// The proxy is getting a newer balance, and will soon have it.
    pub refreshing: bool,
    /// The proxy keeps a history of them.
    pub history: bool,
}

/// Why a response could not be parsed. These words are for logs; people read [`super::ViewModel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// The body is not JSON, such as a page of HTML or a truncated body.
    NotJson,
    /// `meta.message` is not `success`.
    NotSuccess,
    /// The JSON has none of the known shapes.
    UnknownShape,
    /// A balance without an amount that can be kept exactly.
    NoAmount,
    /// A balance without a currency.
    NoCurrency,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the response is not JSON",
            Self::NotSuccess => "the response does not say that it succeeded",
            Self::UnknownShape => "the response has no balances where they are documented to be",
            Self::NoAmount => "a balance has no amount that can be kept exactly",
            Self::NoCurrency => "a balance has no currency",
        })
    }
}

impl std::error::Error for ParseError {}

impl BalanceResponse {
    /// Parses the body of a response.
    ///
    /// `balances` may be an object, an array of objects, `[]`, `null` or absent, and `accounts` may
    /// stand in its place. An amount may be a number or a string that holds one.
    ///
    /// # Errors
    ///
    /// When the body states neither a balance nor the absence of an account.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let root = Json::parse(text).map_err(|_| ParseError::NotJson)?;
        let meta = root.get("meta");
        let message = meta.and_then(|m| m.get("message"));
        let succeeded = message.and_then(Json::text) == Some("success");
        if message.is_some() && !succeeded {
            return Err(ParseError::NotSuccess);
        }
        let reason = meta.and_then(|m| m.get("reason")).and_then(Json::text);
        let refreshing = reason == Some("refreshing");
        Ok(Self {
            balances: balances(root.get("data"), succeeded)?,
            fetched_at: meta.and_then(|m| m.get("fetched_at")).and_then(Json::text).map(str::to_owned),
            stale: !refreshing && matches!(meta.and_then(|m| m.get("stale")), Some(Json::Bool(true))),
            reason: reason.and_then(Problem::named),
            refreshing,
            history: matches!(meta.and_then(|m| m.get("history")), Some(Json::Bool(true))),
        })
    }
}

/// Empty `balances` mean that there is no account. If they are absent, or `data` is empty or null,
/// they mean so only with `message: success`, because an error with status 200 has none either.
fn balances(data: Option<&Json<'_>>, succeeded: bool) -> Result<Vec<Balance>, ParseError> {
    let data = data.ok_or(ParseError::UnknownShape)?;
    let member = |name| data.get(name).filter(|value| !matches!(value, Json::Null));
    match data {
        Json::Object(_) => match member("balances").or_else(|| member("accounts")) {
            Some(Json::List(items)) => items.iter().map(balance).collect(),
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
    let amount = available.get("amount").and_then(Json::amount);
    let currency = available.get("currency").and_then(Json::text).and_then(Currency::new);
    Ok(Balance {
        name: item.get("name").and_then(Json::text).unwrap_or_default().to_owned(),
        amount: amount.ok_or(ParseError::NoAmount)?,
        currency: currency.ok_or(ParseError::NoCurrency)?,
    })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
