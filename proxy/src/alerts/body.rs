//! The body of a webhook.
//!
//! Its parts are those that Standard Webhooks recommends, except that the kind is called `event`:
//! Mattermost refuses a message whose `type` is none of its own.

use super::alert::{Alert, Kind};
use crate::json_number::JsonNumber;
use crate::time::{date_of_day, whole_seconds};
use airalo_balance::model::Balance;
use airalo_balance::model::config::PARTNER_CONSOLE;
use airalo_balance::model::history::DaysLeft;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

#[derive(Serialize)]
struct Body<'a> {
    event: &'static str,
    timestamp: Timestamp,
    data: Data<'a>,
    /// What a chat shows.
    text: String,
}

#[derive(Serialize)]
struct Data<'a> {
    level: &'static str,
    previous: &'static str,
    /// Those of the latest reading that has succeeded.
    balances: Vec<Money<'a>>,
    balances_at: Option<Timestamp>,
    spent_per_day: Option<JsonNumber>,
    days_left: Option<DaysLeft>,
    runs_out: Option<Date>,
    /// Since when the balance could not be read.
    unreadable_since: Option<Timestamp>,
    problem: Option<&'a str>,
    top_up_url: &'static str,
}

#[derive(Serialize)]
struct Money<'a> {
    name: &'a str,
    amount: JsonNumber,
    currency: &'a str,
}

/// The JSON of an alert.
pub(crate) fn to_json(alert: &Alert) -> serde_json::Result<Vec<u8>> {
    let known = alert.known.as_ref();
    let forecast = known.and_then(|known| known.forecast.as_ref());
    let balances = known.map(|known| &*known.balances).unwrap_or_default();
    let (unreadable_since, problem) = match &alert.kind {
        Kind::Unreadable { since, problem } => (Some(*since), Some(problem.as_str())),
        Kind::Readable { since } => (Some(*since), None),
        _ => (None, None),
    };
    serde_json::to_vec(&Body {
        event: alert.kind.as_str(),
        timestamp: whole_seconds(alert.at),
        data: Data {
            level: alert.level.as_str(),
            previous: alert.previous.as_str(),
            balances: balances.iter().map(Money::new).collect(),
            balances_at: known.map(|known| whole_seconds(known.at)),
            spent_per_day: forecast.map(|forecast| JsonNumber(forecast.spent_per_day)),
            days_left: forecast.map(|forecast| forecast.days_left),
            runs_out: forecast.and_then(|forecast| forecast.runs_out).map(date_of_day),
            unreadable_since: unreadable_since.map(whole_seconds),
            problem,
            top_up_url: PARTNER_CONSOLE,
        },
        text: alert.text(),
    })
}

impl<'a> Money<'a> {
    fn new(balance: &'a Balance) -> Self {
        Self { name: &balance.name, amount: JsonNumber(balance.amount), currency: balance.currency.code() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::alert::{KnownForecast, LastKnown};
    use airalo_balance::model::{Currency, Level};
    use serde_json::{Value, json};

    fn parsed(alert: &Alert) -> Value {
        serde_json::from_slice(&to_json(alert).unwrap()).unwrap()
    }

    #[test]
    fn the_body_has_the_documented_shape_with_every_digit() {
        let at: Timestamp = "2026-11-29T21:10:54.7Z".parse().unwrap();
        let balance = Balance {
            name: "balance".to_owned(),
            amount: "12345678901234567.89".parse().unwrap(),
            currency: Currency::new("USD").unwrap(),
        };
        let days_left = DaysLeft { low: 3, middle: Some(5), high: None };
        let forecast =
            Some(KnownForecast { spent_per_day: "31.5".parse().unwrap(), days_left, runs_out: Some(20_791) });
        let known = Some(LastKnown { at, balances: vec![balance], worst: 0, forecast });
        let alert = Alert { kind: Kind::Low, at, level: Level::Low, previous: Level::Ok, known };
        let text = String::from_utf8(to_json(&alert).unwrap()).unwrap();
        assert!(text.contains(r#""amount":12345678901234567.89,"#), "{text}");
        let mut body = parsed(&alert);
        body["data"]["balances"][0]["amount"] = json!(0);
        assert!(body["text"].as_str().unwrap().starts_with("Airalo credit is low"));
        body["text"] = json!("");
        let expected = json!({
            "event": "balance.low", "timestamp": "2026-11-29T21:10:54Z", "text": "",
            "data": {
                "level": "low", "previous": "ok",
                "balances": [{"name": "balance", "amount": 0, "currency": "USD"}],
                "balances_at": "2026-11-29T21:10:54Z",
                "spent_per_day": 31.5, "days_left": {"low": 3, "middle": 5, "high": null},
                "runs_out": "2026-12-04", "unreadable_since": null, "problem": null,
                "top_up_url": "https://app.partners.airalo.com",
            },
        });
        assert_eq!(body, expected);
    }

    /// Mattermost answers 500 to any other `type`, and Slack reads `channel`, `username` and more.
    #[test]
    fn no_name_of_the_body_is_one_that_a_chat_gives_another_meaning() {
        let body = parsed(&Alert::test(Timestamp::UNIX_EPOCH));
        let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["data", "event", "text", "timestamp"]);
    }
}
