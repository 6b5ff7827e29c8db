//! A small JSON parser that keeps every number as text.
//!
//! `JSON.parse` and most libraries turn `12345678901234567.89` into another number. Here a number
//! stays text until [`Amount`] parses it.
//!
//! With `serde_json` and its `arbitrary_precision` in its place, a page would load 8 KB more for the
//! card (brotli). The tests compare the two.

use super::Amount;
use std::borrow::Cow;

/// The documented response is five levels deep. The limit keeps a malicious body from overflowing
/// the stack.
const MAX_DEPTH: u32 = 32;

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

/// The text is not JSON, or is nested too deeply.
#[derive(Debug, PartialEq)]
pub(super) struct Malformed;

impl<'a> Json<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Malformed> {
        let text = text.strip_prefix("\u{feff}").unwrap_or(text);
        let mut parser = Parser { text, at: 0 };
        let value = parser.value(0)?;
        match parser.next_token() {
            None => Ok(value),
            Some(_) => Err(Malformed),
        }
    }

    /// The member of that name. Of two with the same name the last one counts, as in `JSON.parse`.
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

    /// A number, or a text that holds one.
    pub(super) fn amount(&self) -> Option<Amount> {
        match self {
            Self::Number(text) => text.parse().ok(),
            Self::Text(text) => text.trim_ascii().parse().ok(),
            _ => None,
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
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
        if depth > MAX_DEPTH {
            return Err(Malformed);
        }
        match self.next_token() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.literal(),
        }
    }

    fn literal(&mut self) -> Result<Json<'a>, Malformed> {
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

    /// Borrows the text unless it contains an escape.
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
            b'u' => self.code_point()?,
            _ => return Err(Malformed),
        })
    }

    /// A character outside the basic multilingual plane is a pair of surrogates. Half a pair is no
    /// character; as a byte that is not UTF-8 it costs the text and not the whole response.
    fn code_point(&mut self) -> Result<char, Malformed> {
        let unit = self.hex4()?;
        let after = self.at;
        if (0xd800..0xdc00).contains(&unit) && self.text.get(after..).is_some_and(|t| t.starts_with("\\u")) {
            self.at += 2;
            let low = self.hex4()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                return char::from_u32(code).ok_or(Malformed);
            }
            // A character of its own, which is read next.
            self.at = after;
        }
        Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
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
mod tests;
