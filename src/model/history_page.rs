//! What the page with the history shows: the charts with their axes, the tables, or why there is nothing.

use super::date::DAY;
use super::error::{ErrorCode, FetchError};
use super::history_response::HistoryResponse;
use super::history_view::{HistoryDetails, HistoryView, Trend};
use super::text::{Messages, Text};
use super::view_model::{Explanation, Format, advice};
use std::rc::Rc;

/// Everything that the page shows at one moment. Nothing of it is there while it loads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryPageView {
    /// Why there is no history.
    pub message: Option<Explanation>,
    /// The line, where there is one.
    pub trend: Option<Rc<Trend>>,
    /// The highest amount on the line.
    pub highest: String,
    /// The first day on the line, and the last one.
    pub period: [String; 2],
    /// What was spent on the day of the highest bar.
    pub most_spent: String,
    /// The day of the first bar, and that of the last one.
    pub days: [String; 2],
    /// The figures.
    pub details: Option<Rc<HistoryDetails>>,
}

impl HistoryPageView {
    /// What to show after this answer.
    #[must_use]
    pub fn new(
        answer: &Result<Option<HistoryResponse>, FetchError>,
        messages: &Messages,
        format: &dyn Format,
    ) -> Self {
        let message =
            |(title, advice)| Explanation { title: messages.get(title), advice: messages.get(advice) };
        match answer {
            Ok(Some(history)) => Self::of(history, messages, format),
            Ok(None) => Self {
                message: Some(message((Text::NothingRecorded, Text::NothingRecordedAdvice))),
                ..Self::default()
            },
            Err(error) => {
                let text = match error.code {
                    // The server is there, and knows no history.
                    ErrorCode::Config => (Text::NoHistory, Text::NoHistoryAdvice),
                    _ => advice(error),
                };
                Self { message: Some(message(text)), ..Self::default() }
            }
        }
    }

    fn of(history: &HistoryResponse, messages: &Messages, format: &dyn Format) -> Self {
        let money = |amount| format.money(amount, &history.currency);
        let (points, days) = (&history.points, &history.days);
        let numbers = || days.iter().map(|day| day.number);
        let period = |first: Option<i64>, last: Option<i64>| {
            first.zip(last).map(|(first, last)| [format.date(first), format.date(last)]).unwrap_or_default()
        };
        let day = |at: i64| at.div_euclid(DAY);
        Self {
            message: None,
            trend: HistoryView::new(history, messages, format).trend,
            highest: points.iter().map(|point| point.amount).max().map(money).unwrap_or_default(),
            period: period(
                points.first().map(|point| day(point.at)),
                points.last().map(|point| day(point.at)),
            ),
            days: period(numbers().min(), numbers().max()),
            most_spent: days.iter().map(|day| day.spent).max().map(money).unwrap_or_default(),
            details: Some(Rc::new(HistoryDetails::new(history, messages, format))),
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::view_model::tests::TestFormat;

    fn view(answer: Result<&str, FetchError>) -> HistoryPageView {
        let answer = answer.map(|text| HistoryResponse::parse(text).unwrap());
        HistoryPageView::new(&answer, &Messages::default(), &TestFormat)
    }

    fn title(view: &HistoryPageView) -> Option<&str> {
        view.message.as_ref().map(|message| &*message.title)
    }

    #[test]
    fn the_axes_name_the_highest_amounts_and_both_ends() {
        let view = view(Ok(r#"{"data":{"currency":"USD",
            "points":[{"at":"1970-01-02T10:00:00Z","amount":90},{"at":"1970-01-05T10:00:00Z","amount":225.35}],
            "days":[{"date":"1970-01-02","spent":3},{"date":"1970-01-03","spent":12}]}}"#));
        assert_eq!((view.highest.as_str(), view.most_spent.as_str()), ("USD 225.35", "USD 12"));
        assert_eq!(view.period, ["d=1", "d=4"]);
        assert_eq!(view.days, ["d=1", "d=2"]);
        assert!(view.trend.is_some() && view.details.is_some() && view.message.is_none());
    }

    #[test]
    fn no_history_nothing_recorded_and_a_failure_are_three_different_things() {
        assert_eq!(
            title(&view(Ok(r#"{"data":{"currency":null,"points":[]}}"#))),
            Some("Nothing recorded yet")
        );
        assert_eq!(title(&view(Err(FetchError::from_status(404, "", None)))), Some("No history here"));
        assert_eq!(title(&view(Err(FetchError::from_status(401, "", None)))), Some("You’re not signed in"));
    }
}
