//! The JSON of the history.

use crate::history::HistoryView;
use crate::json_number::JsonNumber;
use crate::time::{date, date_of_day, timestamp};
use airalo_balance::model::history::{DaysLeft, Forecast, Sample};
use airalo_balance::model::{Amount, Currency};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct HistoryJson<'a> {
    data: Data<'a>,
    meta: Meta,
}

#[derive(Serialize)]
struct Data<'a> {
    /// `null` before the first balance.
    currency: Option<&'a str>,
    points: Vec<Moment>,
    credits: Vec<Moment>,
    days: Vec<SpentOn>,
    forecast: Option<ForecastJson>,
}

/// A balance, or a change of it, at a time.
#[derive(Serialize)]
struct Moment {
    at: Timestamp,
    amount: JsonNumber,
}

#[derive(Serialize)]
struct SpentOn {
    date: Date,
    spent: JsonNumber,
}

#[derive(Serialize)]
struct ForecastJson {
    spent_per_day: JsonNumber,
    days_left: DaysLeft,
    runs_out: Option<Date>,
    since: Date,
}

#[derive(Serialize)]
struct Meta {
    message: &'static str,
    from: Timestamp,
    to: Timestamp,
    /// Samples may be missing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    incomplete: bool,
    /// Nobody has read these samples from Airalo.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    invented: bool,
}

impl<'a> HistoryJson<'a> {
    pub(super) fn new(view: &'a HistoryView) -> Self {
        let points = view.points.iter().map(|&Sample { at, amount }| Moment::new(at, amount));
        let credits = view.credits.iter().map(|credit| Moment::new(credit.at, credit.amount));
        let days = view.days.iter();
        let days = days.map(|day| SpentOn { date: date_of_day(day.number), spent: JsonNumber(day.spent) });
        let data = Data {
            currency: view.currency.as_ref().map(Currency::code),
            points: points.collect(),
            credits: credits.collect(),
            days: days.collect(),
            forecast: view.forecast.as_ref().map(ForecastJson::new),
        };
        let meta = Meta {
            message: "success",
            from: timestamp(view.from),
            to: timestamp(view.to),
            incomplete: view.is_incomplete,
            invented: view.is_invented,
        };
        Self { data, meta }
    }
}

impl Moment {
    fn new(at: i64, amount: Amount) -> Self {
        Self { at: timestamp(at), amount: JsonNumber(amount) }
    }
}

impl ForecastJson {
    fn new(forecast: &Forecast) -> Self {
        Self {
            spent_per_day: JsonNumber(forecast.spent_per_day),
            days_left: forecast.days_left,
            runs_out: forecast.runs_out.map(date_of_day),
            since: date(forecast.since),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use airalo_balance::model::date::DAY;
    use airalo_balance::model::history::{Credit, Day};

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    fn points(list: &[(&str, &str)]) -> Vec<Sample> {
        let sample = |(time, amount): &(&str, &str)| Sample { at: at(time), amount: amount.parse().unwrap() };
        list.iter().map(sample).collect()
    }

    fn days(first: &str, spent: &[&str]) -> Vec<Day> {
        let first = at(&format!("{first}T00:00:00Z")).div_euclid(DAY);
        spent
            .iter()
            .zip(first..)
            .map(|(spent, number)| Day { number, spent: spent.parse().unwrap() })
            .collect()
    }

    fn view(from: &str, to: &str) -> HistoryView {
        HistoryView {
            currency: Currency::new("USD"),
            points: Vec::new(),
            credits: Vec::new(),
            days: Vec::new(),
            forecast: None,
            from: at(from),
            to: at(to),
            is_incomplete: false,
            is_invented: false,
        }
    }

    fn assert_is(view: &HistoryView, file: &str) {
        let json = serde_json::to_string(&HistoryJson::new(view)).unwrap();
        assert_eq!(json, file.trim_end());
    }

    #[test]
    fn a_history_is_that_of_the_contract() {
        let view = HistoryView {
            points: points(&[
                ("2026-11-20T10:00:00Z", "225.35"),
                ("2026-11-21T09:30:00Z", "193.85"),
                ("2026-11-22T08:00:00Z", "168.75"),
                ("2026-11-22T08:15:00Z", "668.75"),
                ("2026-11-23T10:42:00Z", "643.6"),
            ]),
            credits: vec![Credit { at: at("2026-11-22T08:15:00Z"), amount: "500".parse().unwrap() }],
            days: days("2026-11-20", &["18.76", "29.46", "23.35", "10.18"]),
            forecast: Some(Forecast {
                spent_per_day: "27.08".parse().unwrap(),
                days_left: DaysLeft { low: 16, middle: Some(23), high: Some(33) },
                runs_out: Some(at("2026-12-16T00:00:00Z") / DAY),
                since: at("2026-11-20T10:00:00Z"),
            }),
            ..view("2026-10-24T10:42:00Z", "2026-11-23T10:42:00Z")
        };
        assert_is(&view, include_str!("../../../contract/history.json"));
    }

    #[test]
    fn without_a_forecast_there_is_null_and_not_zero() {
        let view = HistoryView {
            points: points(&[("2026-11-23T10:27:00Z", "225.35"), ("2026-11-23T10:42:00Z", "225.35")]),
            days: days("2026-11-23", &["0"]),
            ..view("2026-10-24T10:42:00Z", "2026-11-23T10:42:00Z")
        };
        assert_is(&view, include_str!("../../../contract/history-no-forecast.json"));
    }

    #[test]
    fn more_than_90_days_is_a_bound_without_a_date_and_every_digit_is_written() {
        let view = HistoryView {
            currency: Currency::new("EUR"),
            points: points(&[
                ("2026-11-20T10:42:00Z", "12345678901234.56"),
                ("2026-11-23T10:42:00Z", "12345678901231.56"),
            ]),
            days: days("2026-11-20", &["0.55", "1", "1", "0.45"]),
            forecast: Some(Forecast {
                spent_per_day: "1".parse().unwrap(),
                days_left: DaysLeft { low: 90, middle: None, high: None },
                runs_out: None,
                since: at("2026-11-20T10:42:00Z"),
            }),
            ..view("2026-11-16T10:42:00Z", "2026-11-23T10:42:00Z")
        };
        assert_is(&view, include_str!("../../../contract/history-more-than-90-days.json"));
    }

    #[test]
    fn what_is_missing_or_invented_is_said() {
        let short = HistoryView {
            points: points(&[("2026-11-23T10:00:00Z", "225.35")]),
            ..view("2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z")
        };
        let incomplete = HistoryView { is_incomplete: true, ..short.clone() };
        assert_is(&incomplete, include_str!("../../../contract/history-incomplete.json"));
        let invented = HistoryView { is_invented: true, ..short };
        assert_is(&invented, include_str!("../../../contract/history-invented.json"));
        let empty = HistoryView { currency: None, ..view("2026-10-24T10:00:00Z", "2026-11-23T10:00:00Z") };
        assert_is(&empty, include_str!("../../../contract/history-empty.json"));
    }
}
