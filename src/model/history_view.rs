//! What the card says of the history: a sentence, a line with its text, and the details.

use super::chart::{LineChart, bars, line_chart};
use super::date::DAY;
use super::history::{DaysLeft, Forecast};
use super::history_response::HistoryResponse;
use super::text::{Messages, Text};
use super::view_model::{Format, Label};
use std::rc::Rc;

/// Everything that a card shows of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryView {
    /// How long the credit will last, such as `About 9 days left (6–14)`.
    pub forecast: Option<String>,
    /// The line, where there is one.
    pub trend: Option<Rc<Trend>>,
    /// Use and credits day by day, once somebody wants to see them.
    pub details: Option<Rc<HistoryDetails>>,
}

/// The balance over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trend {
    /// What the line shows, in words.
    pub text: String,
    /// The line.
    pub chart: LineChart,
}

/// The history in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryDetails {
    /// The title, such as `History · 30 days`.
    pub title: String,
    /// What the figures amount to, and what is to be said about them.
    pub facts: Vec<String>,
    /// A bar for each day.
    pub bars: Rc<str>,
    /// What was spent on each day, the latest first.
    pub days: Table,
    /// The top-ups and refunds, the latest first.
    pub credits: Table,
}

/// A table of dates and amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: Label,
    /// The heads of the two columns.
    pub head: [Label; 2],
    /// Date and amount.
    pub rows: Vec<[String; 2]>,
}

impl HistoryView {
    /// What to show of this history.
    #[must_use]
    pub fn new(history: &HistoryResponse, messages: &Messages, format: &dyn Format) -> Self {
        Self {
            forecast: history.forecast.map(|forecast| forecast_text(forecast.days_left, messages, format)),
            trend: Trend::new(history, messages, format).map(Rc::new),
            details: None,
        }
    }
}

impl Trend {
    fn new(history: &HistoryResponse, messages: &Messages, format: &dyn Format) -> Option<Self> {
        let chart = line_chart(&history.points, &history.credits)?;
        let money = |amount| format.money(amount, &history.currency);
        let amounts = || history.points.iter().map(|point| point.amount);
        let values = [
            ("days", format.days(span(history)?)),
            ("first", money(amounts().next()?)),
            ("last", money(amounts().next_back()?)),
            ("lowest", money(amounts().min()?)),
        ];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let mut text =
            format!("{} · {}", messages.get(Text::History), messages.format_named(Text::Trend, &values));
        let credits = history.credits.len();
        if credits > 0 {
            text += &format!(" · {}: {}", messages.get(Text::Credits), format.count(credits));
        }
        Some(Self { text, chart })
    }
}

impl HistoryDetails {
    /// The details of this history.
    #[must_use]
    pub fn new(history: &HistoryResponse, messages: &Messages, format: &dyn Format) -> Self {
        let money = |amount| format.money(amount, &history.currency);
        let table = |caption, rows| Table {
            caption: messages.get(caption),
            head: [messages.get(Text::Date), messages.get(Text::Amount)],
            rows,
        };
        let days = history.days.iter().rev().map(|day| [format.date(day.number), money(day.spent)]);
        let credits =
            history.credits.iter().rev().map(|one| [format.date_time(one.at * 1_000), money(one.amount)]);
        let length = span(history).map(|days| format!(" · {}", format.days(days)));
        let mut facts = Vec::new();
        if let Some(Forecast { days_left, spent_per_day, runs_out, .. }) = history.forecast {
            facts.push(forecast_text(days_left, messages, format));
            facts.push(messages.format(Text::PerDay, &money(spent_per_day)));
            facts.extend(runs_out.map(|day| messages.format(Text::RunsOut, &format.date(day))));
        }
        facts.extend(history.incomplete.then(|| messages.get(Text::Incomplete).into_owned()));
        facts.extend(history.invented.then(|| messages.get(Text::Invented).into_owned()));
        Self {
            title: format!("{}{}", messages.get(Text::History), length.unwrap_or_default()),
            facts,
            bars: bars(&history.days).into(),
            days: table(Text::UsePerDay, days.collect()),
            credits: table(Text::Credits, credits.collect()),
        }
    }
}

/// The days from the first point to the last.
fn span(history: &HistoryResponse) -> Option<u32> {
    let seconds = history.points.last()?.at - history.points.first()?.at;
    u32::try_from((seconds + DAY / 2) / DAY).ok().map(|days| days.max(1))
}

fn forecast_text(left: DaysLeft, messages: &Messages, format: &dyn Format) -> String {
    match left {
        DaysLeft { low, middle: None, .. } => messages.format(Text::MoreDaysLeft, &format.days(low)),
        DaysLeft { middle: Some(0), .. } => messages.get(Text::LessThanADay).into_owned(),
        DaysLeft { low, middle: Some(days), high: Some(high) } if low < high => {
            let (days, range) = (format.days(days), format.range(low, high));
            messages.format_named(Text::DaysLeftRange, &[("days", &days), ("range", &range)])
        }
        DaysLeft { middle: Some(days), .. } => messages.format(Text::DaysLeft, &format.days(days)),
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
