//! `GET /api/balance`.

use crate::cache::Served;
use crate::feed::Feed;
use crate::problem::Refusal;
use airalo_balance::model::{Balance, Problem};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

/// The answer of the contract: the partner's shape, always with a list, and its age.
#[derive(Serialize)]
struct Body<'a> {
    data: Data<'a>,
    meta: Meta,
}

#[derive(Serialize)]
struct Data<'a> {
    balances: Vec<Named<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Named<'a> {
    name: &'a str,
    available_balance: Money<'a>,
}

#[derive(Serialize)]
struct Money<'a> {
    /// The digits themselves: no number type of the library would keep all of them.
    amount: Box<RawValue>,
    currency: &'a str,
}

#[derive(Serialize)]
struct Meta {
    message: &'static str,
    fetched_at: String,
    stale: bool,
}

pub(crate) async fn show(State(feed): State<Feed>) -> Response {
    match feed.balances().await {
        Ok(served) => answer(&served).unwrap_or_else(|error| {
            tracing::error!("failed to write the balance: {error}");
            Refusal::from(Problem::Internal).into_response()
        }),
        Err(refusal) => refusal.into_response(),
    }
}

/// Nobody but this caller, and nobody later.
pub(crate) const FOR_ONE: HeaderValue = HeaderValue::from_static("private, no-store");

fn answer(served: &Served) -> serde_json::Result<Response> {
    Ok(([(header::CACHE_CONTROL, FOR_ONE)], Json(body(served)?)).into_response())
}

fn body(served: &Served) -> serde_json::Result<Body<'_>> {
    let balances = served.balances.iter().map(named).collect::<serde_json::Result<_>>()?;
    let fetched_at = in_seconds(served.fetched_at).to_string();
    let meta = Meta { message: "success", fetched_at, stale: served.stale };
    Ok(Body { data: Data { balances }, meta })
}

/// What stands inside the card's element before there is a card: the balance as plain text for
/// the eye, and as the very answer for the card.
pub(crate) fn markup(served: &Served) -> serde_json::Result<String> {
    let amounts: Vec<_> = served.balances.iter().map(written).collect();
    // Nothing inside can end the script, and JSON reads it all the same.
    let answer = serde_json::to_string(&body(served)?)?.replace('<', "\\u003c");
    Ok(format!("{}<script type=\"application/json\">{answer}</script>", escaped(&amounts.join(" · "))))
}

/// As in `USD 225.30`: how a reader writes it is known only in the browser.
fn written(balance: &Balance) -> String {
    let amount = balance.amount.to_string();
    let one_decimal = amount.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 1);
    format!("{}\u{a0}{amount}{}", balance.currency.code(), if one_decimal { "0" } else { "" })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn named(balance: &Balance) -> serde_json::Result<Named<'_>> {
    let amount = RawValue::from_string(balance.amount.to_string())?;
    let available_balance = Money { amount, currency: balance.currency.code() };
    Ok(Named { name: &balance.name, available_balance })
}

/// A fraction of a second would only be noise. It is cut off and not rounded: a balance must not
/// come from the future.
fn in_seconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}

/// Lets a request through only if it carries the header that a page from elsewhere cannot send
/// without asking the browser first.
pub(crate) async fn require_widget_header(request: Request, next: Next) -> Response {
    if request.headers().get("x-airalo-widget").is_some_and(|value| value == "1") {
        next.run(request).await
    } else {
        Refusal::from(Problem::MissingWidgetHeader).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use airalo_balance::model::{Amount, BalanceResponse, Currency};

    #[tokio::test]
    async fn every_digit_of_an_amount_is_written_and_read_back() {
        let balance = Balance {
            name: "a \"name\"".to_owned(),
            amount: "12345678901234567.89".parse::<Amount>().unwrap(),
            currency: Currency::new("USD").unwrap(),
        };
        let moment: Timestamp = "2026-11-23T10:42:00.9Z".parse().unwrap();
        let served = Served { balances: [balance].into(), fetched_at: moment, stale: true };
        let response = answer(&served).unwrap();
        let bytes = axum::body::to_bytes(response.into_body(), 4096).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.contains(r#""amount":12345678901234567.89,"#), "{text}");

        let read = BalanceResponse::parse(&text).unwrap();
        assert_eq!(read.balances, served.balances.to_vec());
        assert_eq!((read.fetched_at.as_deref(), read.stale), (Some("2026-11-23T10:42:00Z"), true));
    }
    #[test]
    fn markup_holds_the_balance_twice_and_nothing_of_it_is_markup() {
        let balance = |name: &str, amount: &str, code: &str| Balance {
            name: name.to_owned(),
            amount: amount.parse::<Amount>().unwrap(),
            currency: Currency::new(code).unwrap(),
        };
        let moment: Timestamp = "2026-11-23T10:42:00Z".parse().unwrap();
        let balances = [balance("</script><b>", "1234.50", "USD"), balance("b", "-5", "EUR")];
        let served = Served { balances: balances.into(), fetched_at: moment, stale: false };
        let markup = markup(&served).unwrap();
        let (text, rest) = markup.split_once("<script type=\"application/json\">").unwrap();
        assert_eq!(text, "USD\u{a0}1234.50 · EUR\u{a0}-5");
        let answer = rest.strip_suffix("</script>").unwrap();
        assert!(!answer.contains('<'), "{answer}");
        assert_eq!(BalanceResponse::parse(answer).unwrap().balances, served.balances.to_vec());
        assert_eq!(escaped("<&"), "&lt;&amp;");
    }
}
