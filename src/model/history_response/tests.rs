use super::*;
use proptest::prelude::*;

const HISTORY: &str = r#"{"data":{"currency":"USD",
    "points":[{"at":"2026-11-19T10:00:00Z","amount":12345678901234567.89},{"at":"2026-11-20T10:00:00Z","amount":225.350},
              {"at":"2026-11-18T10:00:00Z","amount":7}],
    "credits":[{"at":"2026-11-20T09:00:00Z","amount":500}],
    "days":[{"date":"2026-11-20","spent":31.5}],
    "forecast":{"spent_per_day":25.1,"days_left":{"low":6,"middle":9,"high":14},"runs_out":"2026-12-04","since":"2026-10-26"}},
    "meta":{"message":"success","from":"2026-10-21T00:00:00Z","to":"2026-11-20T10:00:00Z"}}"#;

fn parse(text: &str) -> HistoryResponse {
    HistoryResponse::parse(text).unwrap().unwrap()
}

#[test]
fn the_documented_history_is_read_with_every_digit() {
    let history = parse(HISTORY);
    assert_eq!(history.currency.code(), "USD");
    let points: Vec<_> = history.points.iter().map(|point| (point.at, point.amount.to_string())).collect();
    let expected = [(1_795_082_400, "12345678901234567.89".to_owned()), (1_795_168_800, "225.35".to_owned())];
    assert_eq!(points, expected, "what is not in the order of time is left out");
    assert_eq!(history.credits, [Credit { at: 1_795_165_200, amount: "500".parse().unwrap() }]);
    assert_eq!(history.days, [Day { number: 20_777, spent: "31.5".parse().unwrap() }]);
    let forecast = history.forecast.unwrap();
    assert_eq!(forecast.spent_per_day.to_string(), "25.1");
    assert_eq!(forecast.days_left, DaysLeft { low: 6, middle: Some(9), high: Some(14) });
    assert_eq!((forecast.runs_out, forecast.since), (Some(20_791), 20_752 * 86_400));
    assert!(!history.invented && !history.incomplete);
}

#[test]
fn more_than_ninety_days_and_no_forecast_are_two_different_things() {
    let days = |left: &str| {
        parse(&format!(r#"{{"data":{{"currency":"USD","forecast":{left}}}}}"#))
            .forecast
            .map(|one| one.days_left)
    };
    let many = r#"{"spent_per_day":1,"days_left":{"low":90,"middle":null,"high":null},"runs_out":null}"#;
    assert_eq!(days(many), Some(DaysLeft { low: 90, middle: None, high: None }));
    assert_eq!(days("null"), None);
    for unreadable in
        ["7", "{}", r#"{"spent_per_day":1,"days_left":{"low":-1}}"#, r#"{"days_left":{"low":1}}"#]
    {
        assert_eq!(days(unreadable), None, "{unreadable}");
    }
}

#[test]
fn a_history_without_points_is_an_empty_one() {
    let history = parse(
        r#"{"data":{"currency":"usd","points":[],"days":null},"meta":{"invented":true,"incomplete":true}}"#,
    );
    assert_eq!((history.points.len(), history.days.len(), history.forecast), (0, 0, None));
    assert!(history.invented && history.incomplete);
}

#[test]
fn where_nothing_has_been_recorded_there_is_no_history_yet() {
    assert_eq!(
        HistoryResponse::parse(
            r#"{"data":{"currency":null,"points":[],"credits":[],"days":[],"forecast":null}}"#
        ),
        Ok(None)
    );
    assert_eq!(HistoryResponse::parse(r#"{"data":null}"#), Ok(None));
}

#[test]
fn an_amount_or_a_time_that_cannot_be_kept_leaves_no_history() {
    for (point, why) in [
        (r#"{"at":"2026-11-20T10:00:00Z"}"#, "no amount"),
        (r#"{"at":"2026-11-20T10:00:00Z","amount":null}"#, "no amount"),
        (r#"{"at":"2026-11-20T10:00:00Z","amount":1e-30}"#, "too precise"),
        (r#"{"at":"yesterday","amount":1}"#, "no time"),
        (r#"{"amount":1}"#, "no time"),
    ] {
        let text = format!(r#"{{"data":{{"currency":"USD","points":[{point}]}}}}"#);
        assert_eq!(HistoryResponse::parse(&text), Err(ParseError::NoAmount), "{why}");
    }
}

#[test]
fn what_is_no_history_is_refused() {
    let endless = vec![r#"{"at":"2026-11-20T10:00:00Z","amount":1}"#; MOST_ITEMS + 1].join(",");
    for (text, error) in [
        ("<html>".to_owned(), ParseError::NotJson),
        ("{}".to_owned(), ParseError::UnknownShape),
        (r#"{"data":{"days":[{"date":"2026-11-20","spent":1}]}}"#.to_owned(), ParseError::NoCurrency),
        (r#"{"data":{"currency":"USD","points":7}}"#.to_owned(), ParseError::UnknownShape),
        (r#"{"data":{"currency":"USD"},"meta":{"message":"error"}}"#.to_owned(), ParseError::NotSuccess),
        (format!(r#"{{"data":{{"currency":"USD","points":[{endless}]}}}}"#), ParseError::UnknownShape),
    ] {
        assert_eq!(HistoryResponse::parse(&text), Err(error), "{}", text.get(..40).unwrap_or(&text));
    }
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(text: String) {
        let _ = HistoryResponse::parse(&text);
    }

    #[test]
    fn no_value_in_its_place_makes_it_panic(value in r#"(null|true|-?[0-9]{1,20}(\.[0-9]{1,20})?|"[^"\\\x00-\x1f]{0,30}"|\[\]|\{\})"#) {
        for name in ["225.350", r#""2026-11-20T10:00:00Z""#, r#""USD""#, r#""2026-12-04""#, "6", "25.1", "31.5"] {
            let _ = HistoryResponse::parse(&HISTORY.replace(name, &value));
        }
    }
}
