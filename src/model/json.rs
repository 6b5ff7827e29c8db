//! A small reader of JSON that keeps every number as it is written.
//!
//! `JSON.parse` and most libraries turn `12345678901234567.89` into another number.
//! Here a number stays text until [`Amount`](super::Amount) reads it.
//! It is our own because of its weight: compiled for the browser, reading an answer with it takes
//! half of what `serde_json` and its raw values take (11 against 23 KB after brotli, measured
//! alone). Tests hold it against that library.

use std::borrow::Cow;

/// The documented answer is five levels deep; a body that goes on for ever must not take the
/// stack with it.
const DEEPEST: u32 = 32;

/// A JSON value that borrows from the text it was read from.
#[derive(Debug, PartialEq)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// The text is not JSON, or is nested deeper than any answer of ours.
#[derive(Debug, PartialEq)]
pub(super) struct Malformed;

impl<'a> Json<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Malformed> {
        let text = text.strip_prefix("\u{feff}").unwrap_or(text);
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        match reader.next_token() {
            None => Ok(value),
            Some(_) => Err(Malformed),
        }
    }

    /// The member of that name; the last one, as everywhere, where a name stands twice.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next_token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.next_token() != Some(byte) {
            return Err(Malformed);
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: u32) -> Result<Json<'a>, Malformed> {
        if depth > DEEPEST {
            return Err(Malformed);
        }
        match self.next_token() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Json<'a>, Malformed> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (value, len) = if rest.starts_with("null") {
            (Json::Null, 4)
        } else if rest.starts_with("true") {
            (Json::Bool(true), 4)
        } else if rest.starts_with("false") {
            (Json::Bool(false), 5)
        } else {
            return Err(Malformed);
        };
        self.at += len;
        Ok(value)
    }

    fn list(&mut self, depth: u32) -> Result<Json<'a>, Malformed> {
        self.at += 1;
        let mut items = Vec::new();
        if self.next_token() == Some(b']') {
            self.at += 1;
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            match self.next_token() {
                Some(b',') => self.at += 1,
                _ => {
                    self.expect(b']')?;
                    return Ok(Json::List(items));
                }
            }
        }
    }

    fn object(&mut self, depth: u32) -> Result<Json<'a>, Malformed> {
        self.at += 1;
        let mut members = Vec::new();
        if self.next_token() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Object(members));
        }
        loop {
            if self.next_token() != Some(b'"') {
                return Err(Malformed);
            }
            let name = self.string()?;
            self.expect(b':')?;
            members.push((name, self.value(depth + 1)?));
            match self.next_token() {
                Some(b',') => self.at += 1,
                _ => {
                    self.expect(b'}')?;
                    return Ok(Json::Object(members));
                }
            }
        }
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(Malformed) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Json<'a>, Malformed> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.peek() == Some(b'0');
        let first = self.at;
        self.digits()?;
        if leading_zero && self.at - first > 1 {
            return Err(Malformed);
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Json::Number(self.slice(start)?))
    }

    fn slice(&self, start: usize) -> Result<&'a str, Malformed> {
        self.text.get(start..self.at).ok_or(Malformed)
    }

    /// Borrows where nothing is escaped, which is nearly always.
    fn string(&mut self) -> Result<Cow<'a, str>, Malformed> {
        self.at += 1;
        let mut start = self.at;
        let mut unescaped = String::new();
        loop {
            match self.peek() {
                Some(b'"') => {
                    let tail = self.slice(start)?;
                    self.at += 1;
                    if unescaped.is_empty() {
                        return Ok(Cow::Borrowed(tail));
                    }
                    unescaped.push_str(tail);
                    return Ok(Cow::Owned(unescaped));
                }
                Some(b'\\') => {
                    unescaped.push_str(self.slice(start)?);
                    self.at += 1;
                    unescaped.push(self.escape()?);
                    start = self.at;
                }
                Some(0x20..) => self.at += 1,
                _ => return Err(Malformed),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Malformed> {
        let byte = self.peek().ok_or(Malformed)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex4()?;
                if !(0xd800..0xdc00).contains(&unit) {
                    return char::from_u32(unit).ok_or(Malformed);
                }
                // A character outside the basic plane comes as two escapes.
                if self.peek() != Some(b'\\') {
                    return Err(Malformed);
                }
                self.at += 1;
                if self.peek() != Some(b'u') {
                    return Err(Malformed);
                }
                self.at += 1;
                let low = self.hex4()?;
                if !(0xdc00..0xe000).contains(&low) {
                    return Err(Malformed);
                }
                char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)).ok_or(Malformed)?
            }
            _ => return Err(Malformed),
        })
    }

    fn hex4(&mut self) -> Result<u32, Malformed> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16)).ok_or(Malformed)?;
            self.at += 1;
            unit = unit * 16 + digit;
        }
        Ok(unit)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// The same value as a general library would hold it, with numbers compared as numbers.
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
            r#""\ud800""#,
            r#""\ud800A""#,
            r#""\udc00""#,
            "[] []",
            "<html>",
            "'a'",
            "NaN",
        ] {
            assert_eq!(Json::parse(text), Err(Malformed), "{text}");
        }
    }

    #[test]
    fn a_body_nested_without_end_is_refused_and_does_not_overflow_the_stack() {
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
                prop::collection::btree_map(any::<String>(), inner, 0..8)
                    .prop_map(|m| m.into_iter().collect()),
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
}
