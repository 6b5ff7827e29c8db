//! Markup with places in it, read while the card is compiled.
//!
//! `card.html` is written for people. What goes into the card are its words and a mark before each
//! of them: code that builds element after element weighs three times as much. Whatever cannot be
//! read, or names a place that nobody knows, stops the compiler.

/// What a step of the markup does. Its mark stands before its word, and no word holds one.
/// `src/drawing.js` takes these steps.
mod mark {
    /// Begins an element.
    pub(super) const OPEN: u8 = b'<';
    /// Ends it.
    pub(super) const CLOSE: u8 = b'>';
    /// The name of an attribute, whose value comes next.
    pub(super) const NAME: u8 = b'@';
    /// The value of that attribute.
    pub(super) const VALUE: u8 = b'=';
    /// An attribute that holds what is in the next place, or is not there.
    pub(super) const ATTRIBUTE: u8 = b'{';
    /// The element holds what is in the next place, as text.
    pub(super) const TEXT: u8 = b'$';
    /// The same, in another element each time.
    pub(super) const KEYED: u8 = b'#';
    /// The element holds the lines.
    pub(super) const LINES: u8 = b'*';
    pub(super) const ALL: &[u8] = &[OPEN, CLOSE, NAME, VALUE, ATTRIBUTE, TEXT, KEYED, LINES];
}

/// A piece of markup.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Markup<S: 'static> {
    /// Marks and words.
    pub(crate) steps: &'static str,
    /// The places, in the order in which the steps come to them.
    pub(crate) places: &'static [Named<S>],
}

/// A place, as it is named in the markup.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<S> {
    pub(crate) place: S,
    /// Whether what counts is that nothing is there.
    pub(crate) empty: bool,
}

/// A step, before its place is looked up.
struct Step<'a> {
    mark: u8,
    word: &'a [u8],
    place: Option<&'a [u8]>,
}

/// Reads markup step by step.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    /// Whether it has come to the attributes of an element.
    in_tag: bool,
    /// A value whose name was the step before.
    value: Option<&'a [u8]>,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0, in_tag: false, value: None }
    }

    const fn next(&mut self) -> Option<Step<'a>> {
        if let Some(word) = self.value {
            self.value = None;
            return step(mark::VALUE, word);
        }
        self.skip_blanks();
        if self.in_tag {
            return self.in_tag();
        }
        while self.has(b"<!--") {
            while !self.has(b"-->") {
                self.at += 1;
            }
            self.at += 3;
            self.skip_blanks();
        }
        if self.at == self.text.len() {
            return None;
        }
        if self.has(b"</") {
            self.until(b'>');
            return step(mark::CLOSE, b"");
        }
        if self.has(b"<") {
            self.at += 1;
            self.in_tag = true;
            return step(mark::OPEN, self.name());
        }
        if self.has(b"{lines}") {
            self.at += 7;
            return step(mark::LINES, b"");
        }
        assert!(self.has(b"{"), "a text is a place, and the whole of its element");
        Some(match self.until(b'}') {
            [b'{', b'=', place @ ..] => Step { mark: mark::KEYED, word: b"", place: Some(place) },
            [_, place @ ..] => Step { mark: mark::TEXT, word: b"", place: Some(place) },
            [] => unreachable!(),
        })
    }

    /// An attribute, or the end of them.
    const fn in_tag(&mut self) -> Option<Step<'a>> {
        if self.has(b"/>") {
            self.at += 2;
            self.in_tag = false;
            return step(mark::CLOSE, b"");
        }
        if self.has(b">") {
            self.at += 1;
            self.in_tag = false;
            return self.next();
        }
        let word = self.name();
        assert!(self.has(b"=\""), "an attribute has a value");
        self.at += 2;
        match self.until(b'"') {
            [b'{', place @ .., b'}'] => Some(Step { mark: mark::ATTRIBUTE, word, place: Some(place) }),
            value => {
                self.value = Some(value);
                step(mark::NAME, word)
            }
        }
    }

    const fn has(&self, start: &[u8]) -> bool {
        let (_, rest) = self.text.split_at(self.at);
        rest.len() >= start.len() && same(rest.split_at(start.len()).0, start)
    }

    const fn skip_blanks(&mut self) {
        while self.at < self.text.len() && self.text[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
    }

    /// What comes before that byte, which is passed over.
    const fn until(&mut self, end: u8) -> &'a [u8] {
        let (_, rest) = self.text.split_at(self.at);
        let mut length = 0;
        while rest[length] != end {
            length += 1;
        }
        self.at += length + 1;
        rest.split_at(length).0
    }

    const fn name(&mut self) -> &'a [u8] {
        let (_, rest) = self.text.split_at(self.at);
        let mut length = 0;
        while rest[length].is_ascii_alphanumeric() || rest[length] == b'-' {
            length += 1;
        }
        assert!(length > 0, "here is no name");
        self.at += length;
        rest.split_at(length).0
    }
}

const fn step(mark: u8, word: &[u8]) -> Option<Step<'_>> {
    Some(Step { mark, word, place: None })
}

const fn is_mark(byte: u8) -> bool {
    let mut known = 0;
    while known < mark::ALL.len() && mark::ALL[known] != byte {
        known += 1;
    }
    known < mark::ALL.len()
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut same = one.len() == other.len();
    let mut at = 0;
    while same && at < one.len() {
        same = one[at] == other[at];
        at += 1;
    }
    same
}

/// How many bytes its steps are, and how many places it has.
pub(super) const fn size_of(text: &str) -> (usize, usize) {
    let mut reader = Reader::new(text);
    let (mut bytes, mut places, mut open) = (0, 0, 0);
    while let Some(step) = reader.next() {
        open += matches!(step.mark, mark::OPEN) as usize;
        open -= matches!(step.mark, mark::CLOSE) as usize;
        bytes += 1 + step.word.len();
        places += step.place.is_some() as usize;
    }
    assert!(open == 0, "every element has an end");
    (bytes, places)
}

/// The steps of the markup.
pub(super) const fn steps<const BYTES: usize>(text: &str) -> [u8; BYTES] {
    let mut reader = Reader::new(text);
    let mut steps = [0; BYTES];
    let mut to = 0;
    while let Some(step) = reader.next() {
        steps[to] = step.mark;
        to += 1;
        let mut from = 0;
        while from < step.word.len() {
            assert!(!is_mark(step.word[from]), "a word holds a mark; choose another mark");
            steps[to] = step.word[from];
            to += 1;
            from += 1;
        }
    }
    steps
}

/// The places of the markup, by their names.
pub(super) const fn places<S: Copy, const PLACES: usize>(
    text: &str,
    names: &[(&str, S)],
) -> [Named<S>; PLACES] {
    let mut reader = Reader::new(text);
    let mut places = [Named { place: names[0].1, empty: false }; PLACES];
    let mut to = 0;
    while let Some(step) = reader.next() {
        if let Some(name) = step.place {
            let (name, empty) = match name {
                [b'!', name @ ..] => (name, true),
                name => (name, false),
            };
            let mut known = 0;
            while known < names.len() && !same(names[known].0.as_bytes(), name) {
                known += 1;
            }
            assert!(known < names.len(), "the markup names a place that is none");
            places[to] = Named { place: names[known].1, empty };
            to += 1;
        }
    }
    places
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(super) mod tests {
    use super::*;
    use std::borrow::Cow;

    /// Markup as it would be written down, with words in its places.
    pub(crate) fn html<'a, S: Copy>(
        markup: &Markup<S>,
        word: impl Fn(S) -> Option<Cow<'a, str>>,
        lines: &str,
    ) -> String {
        let (mut html, mut open, mut attribute) = (String::new(), Vec::new(), "");
        let mut places = markup.places.iter();
        let mut word = || {
            let Named { place, empty } = places.next().expect("a place");
            let word = word(*place);
            if *empty { word.is_none().then(String::new) } else { word.map(|word| escaped(&word)) }
        };
        let is_mark = |c: char| c.is_ascii() && is_mark(c as u8);
        for (at, _) in markup.steps.match_indices(is_mark) {
            let (mark, rest) = (markup.steps.as_bytes()[at], &markup.steps[at + 1..]);
            let name = rest.split(is_mark).next().unwrap();
            match mark {
                mark::NAME => attribute = name,
                mark::VALUE => html += &format!("{attribute}=\"{name}\" "),
                mark::ATTRIBUTE => html.extend(word().map(|word| format!("{name}=\"{word}\" "))),
                _ => {
                    if html.ends_with(' ') {
                        html.truncate(html.len() - 1);
                        html += ">";
                    }
                    match mark {
                        mark::OPEN => {
                            html += &format!("<{name} ");
                            open.push(name);
                        }
                        mark::CLOSE => html += &format!("</{}>", open.pop().unwrap()),
                        mark::LINES => html += lines,
                        _ => html += &word().unwrap_or_default(),
                    }
                }
            }
        }
        html
    }

    fn escaped(word: &str) -> String {
        word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    }

    const TEXT: &str = r#"<!-- How it is. -->
        <p class="a b" title="{title}" hidden="{!title}">
            <svg><path d="M1 2" /></svg><b>{title}</b><i>{=name}</i><u>{lines}</u>
        </p>"#;

    fn markup() -> Markup<char> {
        const SIZE: (usize, usize) = size_of(TEXT);
        const STEPS: [u8; SIZE.0] = steps(TEXT);
        const PLACES: [Named<char>; SIZE.1] = places(TEXT, &[("name", 'n'), ("title", 't')]);
        Markup { steps: str::from_utf8(&STEPS).unwrap(), places: &PLACES }
    }

    #[test]
    fn the_steps_are_the_markup_without_what_is_for_people() {
        assert_eq!(markup().steps, "<p@class=a b{title{hidden<svg<path@d=M1 2>><b$><i#><u*>>");
    }

    #[test]
    fn every_place_holds_its_word() {
        let word = |place| Some(Cow::Borrowed(if place == 't' { "<T>" } else { "N" }));
        assert_eq!(
            html(&markup(), word, "<hr>"),
            "<p class=\"a b\" title=\"&lt;T&gt;\"><svg><path d=\"M1 2\"></path></svg><b>&lt;T&gt;</b><i>N</i><u><hr></u></p>"
        );
    }

    #[test]
    fn an_empty_place_leaves_no_attribute_and_no_text() {
        assert_eq!(
            html(&markup(), |_| None, ""),
            "<p class=\"a b\" hidden=\"\"><svg><path d=\"M1 2\"></path></svg><b></b><i></i><u></u></p>"
        );
    }
}
