use super::*;
use crate::model::view_model::tests::TestFormat;

fn history(forecast: &str) -> HistoryResponse {
    let text = format!(
        r#"{{"data":{{"currency":"USD",
            "points":[{{"at":"2026-10-21T10:00:00Z","amount":420}},{{"at":"2026-11-01T10:00:00Z","amount":120}},
                      {{"at":"2026-11-01T11:00:00Z","amount":620}},{{"at":"2026-11-20T10:00:00Z","amount":225.35}}],
            "credits":[{{"at":"1970-01-01T00:00:07Z","amount":500}}],
            "days":[{{"date":"1970-01-09","spent":31.5}},{{"date":"1970-01-10","spent":0}}],
            "forecast":{forecast}}}}}"#
    );
    HistoryResponse::parse(&text).unwrap().unwrap()
}

fn view(forecast: &str) -> HistoryView {
    HistoryView::new(&history(forecast), &Messages::default(), &TestFormat)
}

fn sentence(days_left: &str) -> Option<String> {
    view(&format!(r#"{{"spent_per_day":25.1,"days_left":{days_left}}}"#)).forecast
}

#[test]
fn the_forecast_is_one_sentence_with_its_range() {
    for (days_left, expected) in [
        (r#"{"low":6,"middle":9,"high":14}"#, "About 9 days left (6–14)"),
        (r#"{"low":9,"middle":9,"high":9}"#, "About 9 days left"),
        (r#"{"low":60,"middle":75,"high":null}"#, "About 75 days left"),
        (r#"{"low":90,"middle":null,"high":null}"#, "More than 90 days left"),
        (r#"{"low":0,"middle":0,"high":1}"#, "Less than a day left"),
    ] {
        assert_eq!(sentence(days_left).as_deref(), Some(expected), "{days_left}");
    }
    assert_eq!(view("null").forecast, None, "without a forecast there is no sentence");
}

#[test]
fn the_line_is_told_in_words() {
    let text = view("null").trend.unwrap().text.clone();
    assert_eq!(
        text,
        "History · 30 days: from USD 420 to USD 225.35, lowest USD 120 · Top-ups and refunds: 1"
    );
}

#[test]
fn one_reading_is_no_trend() {
    let mut one = history("null");
    one.points.truncate(1);
    assert_eq!(HistoryView::new(&one, &Messages::default(), &TestFormat).trend, None);
}

#[test]
fn the_details_list_days_and_credits_from_the_latest() {
    let forecast =
        r#"{"spent_per_day":25.1,"days_left":{"low":6,"middle":9,"high":14},"runs_out":"1970-02-01"}"#;
    let details = HistoryDetails::new(&history(forecast), &Messages::default(), &TestFormat);
    assert_eq!(details.title, "History · 30 days");
    assert_eq!(
        details.facts,
        ["About 9 days left (6–14)", "USD 25.1 a day on average", "Used up around d=31"]
    );
    assert_eq!(
        (&*details.days.caption, &details.days.head),
        ("Spent per day", &["Date".into(), "Amount".into()])
    );
    let row = |date: &str, amount: &str| [date.to_owned(), amount.to_owned()];
    assert_eq!(details.days.rows, [row("d=9", "USD 0"), row("d=8", "USD 31.5")]);
    assert_eq!(details.credits.rows, [row("t=7000", "USD 500")]);
}

#[test]
fn invented_and_missing_figures_are_said_to_be_so() {
    let history = HistoryResponse { invented: true, incomplete: true, ..history("null") };
    let details = HistoryDetails::new(&history, &Messages::default(), &TestFormat);
    assert_eq!(details.facts, ["Some readings are missing.", "Invented figures, for the demonstration."]);
}
