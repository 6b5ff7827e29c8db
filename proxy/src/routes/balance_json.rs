//! The JSON of a balance, for the API and for the page that has it embedded.

use crate::balance_text::balance_text;
use crate::balances::{CachedBalances, StaleReason};
use crate::json_number::JsonNumber;
use crate::time::whole_seconds;
use airalo_balance::model::Balance;
use serde::Serialize;

/// The partner API's shape, always with a list of balances, and with their age.
#[derive(Serialize)]
pub(super) struct BalanceJson<'a> {
    data: Data<'a>,
    meta: Meta,
}

#[derive(Serialize)]
struct Data<'a> {
    balances: Vec<NamedBalance<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NamedBalance<'a> {
    name: &'a str,
    available_balance: Money<'a>,
}

#[derive(Serialize)]
struct Money<'a> {
    amount: JsonNumber,
    currency: &'a str,
}

#[derive(Serialize)]
struct Meta {
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fetched_at: Option<String>,
    stale: bool,
    /// Why it is stale: `refreshing`, or the code of a problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// Whether `/api/balance/history` has an answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    history: bool,
    /// For servers that print the balance into a page; the card has its own way to write it.
    text: Option<String>,
}

impl<'a> BalanceJson<'a> {
    pub(super) fn new(cached: &'a CachedBalances, has_history: bool) -> Self {
        let balances = cached.balances.iter().map(NamedBalance::new).collect();
        let fetched_at = whole_seconds(cached.fetched_at).to_string();
        let text = balance_text(&cached.balances);
        let reason = cached.stale.map(StaleReason::as_str);
        let meta = Meta {
            message: "success",
            fetched_at: Some(fetched_at),
            stale: reason.is_some(),
            reason,
            history: has_history,
            text,
        };
        Self { data: Data { balances }, meta }
    }

    /// The same balance without the time of its fetch: what of it a reader sees.
    pub(super) fn without_time(mut self) -> Self {
        self.meta.fetched_at = None;
        self
    }
}

impl<'a> NamedBalance<'a> {
    fn new(balance: &'a Balance) -> Self {
        let amount = JsonNumber(balance.amount);
        let available_balance = Money { amount, currency: balance.currency.code() };
        Self { name: &balance.name, available_balance }
    }
}

/// The content of the card's element before the card is there: the amounts as text for the
/// reader, and the JSON for the card.
pub(super) fn to_html(cached: &CachedBalances, has_history: bool) -> serde_json::Result<String> {
    let balance = BalanceJson::new(cached, has_history);
    // Escaped like this, no text in the JSON can close the script element.
    let json = serde_json::to_string(&balance)?.replace('<', "\\u003c");
    let text = balance.meta.text.as_deref().unwrap_or_default();
    Ok(format!("{text}<script type=\"application/json\">{json}</script>"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use airalo_balance::model::{Amount, BalanceResponse, Currency, Problem};
    use axum::Json;
    use axum::response::IntoResponse;
    use jiff::Timestamp;

    fn balance(name: &str, amount: &str, code: &str) -> Balance {
        Balance {
            name: name.to_owned(),
            amount: amount.parse::<Amount>().unwrap(),
            currency: Currency::new(code).unwrap(),
        }
    }

    #[tokio::test]
    async fn every_digit_of_an_amount_is_written_and_parsed_back() {
        let balance = balance("a \"name\"", "12345678901234567.89", "USD");
        let fetched_at: Timestamp = "2026-11-23T10:42:00.9Z".parse().unwrap();
        let cached = CachedBalances {
            balances: [balance].into(),
            fetched_at,
            stale: Some(StaleReason::Problem(Problem::Upstream)),
        };
        let response = Json(BalanceJson::new(&cached, false)).into_response();
        let bytes = axum::body::to_bytes(response.into_body(), 4096).await.unwrap();
        let json = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(json.contains(r#""amount":12345678901234567.89,"#), "{json}");

        let parsed = BalanceResponse::parse(&json).unwrap();
        assert_eq!(parsed.balances, cached.balances.to_vec());
        assert_eq!((parsed.fetched_at.as_deref(), parsed.stale), (Some("2026-11-23T10:42:00Z"), true));
    }

    #[test]
    fn the_json_is_that_of_the_contract() {
        let fetched_at: Timestamp = "2026-11-23T10:42:00Z".parse().unwrap();
        for (stale, has_history, expected) in [
            (None, false, include_str!("../../../contract/balance-list.json")),
            (None, true, include_str!("../../../contract/balance-history.json")),
            (Some(StaleReason::Refreshing), false, include_str!("../../../contract/balance-refreshing.json")),
            (
                Some(StaleReason::Problem(Problem::Upstream)),
                false,
                include_str!("../../../contract/balance-stale.json"),
            ),
        ] {
            let balances = [balance("balance", "225.35", "USD")];
            let cached = CachedBalances { balances: balances.into(), fetched_at, stale };
            let json = serde_json::to_string(&BalanceJson::new(&cached, has_history)).unwrap();
            assert_eq!(json, expected.trim_end());
        }
    }

    #[test]
    fn the_html_holds_the_balance_as_text_and_as_json_and_no_other_markup() {
        let fetched_at: Timestamp = "2026-11-23T10:42:00Z".parse().unwrap();
        let balances = [balance("</script><b>", "1234.50", "USD"), balance("b", "-5", "EUR")];
        let cached = CachedBalances { balances: balances.into(), fetched_at, stale: None };
        let html = to_html(&cached, false).unwrap();
        let (text, rest) = html.split_once("<script type=\"application/json\">").unwrap();
        assert_eq!(text, "USD 1,234.50 · EUR -5.00");
        let json = rest.strip_suffix("</script>").unwrap();
        assert!(!json.contains('<'), "{json}");
        assert_eq!(BalanceResponse::parse(json).unwrap().balances, cached.balances.to_vec());
    }
}
