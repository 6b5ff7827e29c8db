//! Parses the history that a proxy keeps of a balance.
//!
//! It only adds to a card that shows a balance already. So a history that cannot be read is none,
//! and never an error of the card.

use super::amount::Amount;
use super::date::{DAY, parse_date, parse_time};
use super::history::{Credit, Day, DaysLeft, Forecast, Sample};
use super::json::Json;
use super::response::{Currency, ParseError};

/// The proxy sends 200 points and 400 days at most. A longer list is something else.
const MOST_ITEMS: usize = 1_000;

/// What was left and what was spent in the last days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryResponse {
    /// The currency of all amounts.
    pub currency: Currency,
    /// The balance at some moments, in the order of time.
    pub points: Vec<Sample>,
    /// The top-ups and refunds.
    pub credits: Vec<Credit>,
    /// What was spent on each day.
    pub days: Vec<Day>,
    /// How long the credit will last, where that can be told.
    pub forecast: Option<Forecast>,
    /// The history is made up, for a demonstration.
    pub invented: bool,
    /// Some readings are missing.
    pub incomplete: bool,
}

impl HistoryResponse {
    /// Parses the body of a response. Unknown fields are ignored, and so is a forecast in another form.
    /// Without a currency and without anything that needs one, nothing has been recorded yet.
    ///
    /// # Errors
    ///
    /// When the body is no history, or when one of its amounts or times cannot be kept.
    pub fn parse(text: &str) -> Result<Option<Self>, ParseError> {
        let root = Json::parse(text).map_err(|_| ParseError::NotJson)?;
        let meta = root.get("meta");
        let message = meta.and_then(|meta| meta.get("message"));
        if message.is_some_and(|message| message.text() != Some("success")) {
            return Err(ParseError::NotSuccess);
        }
        let flag = |name| matches!(meta.and_then(|meta| meta.get(name)), Some(Json::Bool(true)));
        let data = root.get("data").ok_or(ParseError::UnknownShape)?;
        let mut points =
            list(data, "points", |item| Some(Sample { at: time(item)?, amount: money(item, "amount")? }))?;
        // A point before the one that it follows is of a clock that has jumped.
        let mut latest = i64::MIN;
        points.retain(|point| {
            let is_later = point.at > latest;
            latest = latest.max(point.at);
            is_later
        });
        let credits =
            list(data, "credits", |item| Some(Credit { at: time(item)?, amount: money(item, "amount")? }))?;
        let days = list(data, "days", |item| {
            let number = parse_date(item.get("date")?.text()?)?;
            Some(Day { number, spent: money(item, "spent")? })
        })?;
        let Some(currency) = data.get("currency").and_then(Json::text).and_then(Currency::new) else {
            let is_empty = points.is_empty() && credits.is_empty() && days.is_empty();
            return if is_empty { Ok(None) } else { Err(ParseError::NoCurrency) };
        };
        let forecast = data.get("forecast").and_then(forecast);
        let (invented, incomplete) = (flag("invented"), flag("incomplete"));
        Ok(Some(Self { currency, points, credits, days, forecast, invented, incomplete }))
    }
}

/// The items of a list. Without the list there are none; with an item that cannot be read there is
/// no history.
fn list<T>(data: &Json<'_>, name: &str, read: impl Fn(&Json<'_>) -> Option<T>) -> Result<Vec<T>, ParseError> {
    match data.get(name) {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::List(items)) if items.len() <= MOST_ITEMS => {
            items.iter().map(|item| read(item).ok_or(ParseError::NoAmount)).collect()
        }
        Some(_) => Err(ParseError::UnknownShape),
    }
}

fn time(item: &Json<'_>) -> Option<i64> {
    parse_time(item.get("at")?.text()?)
}

fn money(item: &Json<'_>, name: &str) -> Option<Amount> {
    item.get(name)?.amount()
}

fn forecast(item: &Json<'_>) -> Option<Forecast> {
    let days = item.get("days_left")?;
    let whole = |name| match days.get(name)? {
        Json::Number(text) => text.split('.').next()?.parse::<u32>().ok(),
        _ => None,
    };
    Some(Forecast {
        spent_per_day: money(item, "spent_per_day")?,
        days_left: DaysLeft { low: whole("low")?, middle: whole("middle"), high: whole("high") },
        runs_out: item.get("runs_out").and_then(Json::text).and_then(parse_date),
        since: item.get("since").and_then(Json::text).and_then(parse_date).unwrap_or_default() * DAY,
    })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
