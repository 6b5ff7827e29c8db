use super::*;
use proptest::prelude::*;
use serde_json::Value;

/// The same value in `serde_json`, whose numbers are compared as numbers.
fn as_value(json: &Json<'_>) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => serde_json::from_str(n).unwrap(),
        Json::Text(t) => Value::String(t.to_string()),
        Json::List(items) => items.iter().map(as_value).collect(),
        Json::Object(members) => members.iter().map(|(n, v)| (n.to_string(), as_value(v))).collect(),
    }
}

#[test]
fn a_number_keeps_the_digits_it_was_written_with() {
    assert_eq!(Json::parse(" 12345678901234567.89 "), Ok(Json::Number("12345678901234567.89")));
}

#[test]
fn a_byte_order_mark_is_no_error() {
    assert_eq!(Json::parse("\u{feff}[]"), Ok(Json::List(vec![])));
}

#[test]
fn escapes_become_characters() {
    let json = Json::parse(r#""\u0041\n\ud83d\ude00\/é""#).unwrap();
    assert_eq!(json.text(), Some("A\n😀/é"));
}

#[test]
fn half_a_pair_of_surrogates_costs_one_character_and_not_the_response() {
    for (escaped, text) in [
        (r#""\ud800""#, "\u{fffd}"),
        (r#""\ud800A\udc00""#, "\u{fffd}A\u{fffd}"),
        (r#""\ud800\u0041""#, "\u{fffd}A"),
        (r#""\ud800\n""#, "\u{fffd}\n"),
        (r#""\ud800\ud83d\ude00""#, "\u{fffd}😀"),
    ] {
        assert_eq!(Json::parse(escaped).unwrap().text(), Some(text), "{escaped}");
    }
}

#[test]
fn what_is_not_json_is_refused() {
    for text in [
        "",
        "nul",
        "{",
        "[1,]",
        "[1",
        "{\"a\"}",
        "{\"a\":1,}",
        "{a:1}",
        "01",
        "1.",
        "-",
        "1e",
        "\"\u{1}\"",
        r#""\x""#,
        r#""\ud800\u12""#,
        "[] []",
        "<html>",
        "'a'",
        "NaN",
    ] {
        assert_eq!(Json::parse(text), Err(Malformed), "{text}");
    }
}

#[test]
fn a_deeply_nested_body_is_refused_and_does_not_overflow_the_stack() {
    let deep = "[".repeat(1_000_000);
    assert_eq!(Json::parse(&deep), Err(Malformed));
}

#[test]
fn the_last_of_two_members_of_one_name_counts() {
    let json = Json::parse(r#"{"a":1,"a":2}"#).unwrap();
    assert_eq!(json.get("a"), Some(&Json::Number("2")));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..8).prop_map(|m| m.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn agrees_with_serde_json_on_every_json(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        prop_assert_eq!(as_value(&Json::parse(&text).unwrap()), serde_json::from_str::<Value>(&text).unwrap());
    }

    #[test]
    fn agrees_with_serde_json_on_what_is_not_json(text in r#"[\[\]{}:,"\\a-u0-9.eE+\- ]{0,24}"#) {
        prop_assert_eq!(Json::parse(&text).is_ok(), serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok(), "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text: String) {
        let _ = Json::parse(&text);
    }
}
