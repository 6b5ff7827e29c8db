//! Markup with places in it, read while the card is compiled.
//!
//! `card.html` is written for people. What goes into the card are its words and a mark before each
//! of them: code that builds element after element weighs three times as much. Whatever cannot be
//! read, or names a place that nobody knows, stops the compiler.

/// What a step of the markup does. Its mark stands before its word, and no word holds one.
pub(crate) mod mark {
    /// Begins an element.
    pub(crate) const OPEN: u8 = 1;
    /// Begins an element of SVG.
    pub(crate) const OPEN_SVG: u8 = 2;
    /// Ends the element.
    pub(crate) const CLOSE: u8 = 3;
    /// The name of an attribute, whose value comes next.
    pub(crate) const NAME: u8 = 4;
    /// The value of that attribute.
    pub(crate) const VALUE: u8 = 5;
    /// An attribute that holds what is in the next place.
    pub(crate) const OF: u8 = 6;
    /// An attribute that is there while nothing is in the next place.
    pub(crate) const UNLESS: u8 = 7;
    /// The element holds what is in the next place, as text.
    pub(crate) const TEXT: u8 = 8;
    /// The same, in another element each time.
    pub(crate) const KEYED: u8 = 11;
    /// The next element is there once for each line.
    pub(crate) const EACH: u8 = 12;
    /// From here on it is a letter.
    pub(super) const END: u8 = 32;
}

/// Markup from some step on, and the places that it comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Markup<S: 'static> {
    pub(super) steps: &'static str,
    pub(super) places: &'static [S],
}

impl<S: Copy> Markup<S> {
    /// The next step: its mark and its word.
    pub(crate) fn step(&mut self) -> Option<(u8, &'static str)> {
        let mark = *self.steps.as_bytes().first()?;
        let rest = &self.steps[1..];
        let end = rest.bytes().position(|byte| byte < mark::END).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.steps = rest;
        Some((mark, word))
    }

    /// The place of a step that has one.
    pub(crate) fn place(&mut self) -> Option<S> {
        let (place, rest) = self.places.split_first()?;
        self.places = rest;
        Some(*place)
    }
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
    /// How many elements of SVG are open.
    svg: usize,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0, in_tag: false, value: None, svg: 0 }
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
            return self.close();
        }
        if self.has(b"<") {
            self.at += 1;
            self.in_tag = true;
            let tag = self.name();
            let svg = self.svg > 0 || same(tag, b"svg");
            self.svg += svg as usize;
            return step(if svg { mark::OPEN_SVG } else { mark::OPEN }, tag);
        }
        if self.has(b"{each}") {
            self.at += 6;
            return step(mark::EACH, b"");
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
            return self.close();
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
            [b'{', b'!', place @ .., b'}'] => Some(Step { mark: mark::UNLESS, word, place: Some(place) }),
            [b'{', place @ .., b'}'] => Some(Step { mark: mark::OF, word, place: Some(place) }),
            value => {
                self.value = Some(value);
                step(mark::NAME, word)
            }
        }
    }

    const fn close(&mut self) -> Option<Step<'a>> {
        self.svg = self.svg.saturating_sub(1);
        step(mark::CLOSE, b"")
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
        open += matches!(step.mark, mark::OPEN | mark::OPEN_SVG) as usize;
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
            steps[to] = step.word[from];
            to += 1;
            from += 1;
        }
    }
    steps
}

/// The places of the markup, by their names.
pub(super) const fn places<S: Copy, const PLACES: usize>(text: &str, names: &[(&str, S)]) -> [S; PLACES] {
    let mut reader = Reader::new(text);
    let mut places = [names[0].1; PLACES];
    let mut to = 0;
    while let Some(step) = reader.next() {
        if let Some(name) = step.place {
            let mut known = 0;
            while known < names.len() && !same(names[known].0.as_bytes(), name) {
                known += 1;
            }
            assert!(known < names.len(), "the markup names a place that is none");
            places[to] = names[known].1;
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
    pub(crate) struct Page<'a, S> {
        pub(crate) lines: usize,
        pub(crate) word: &'a dyn Fn(S, usize) -> Option<Cow<'a, str>>,
    }

    impl<S: Copy> Page<'_, S> {
        pub(crate) fn html(&self, mut markup: Markup<S>) -> String {
            self.element(&mut markup, 0)
        }

        fn element(&self, markup: &mut Markup<S>, line: usize) -> String {
            let (mut html, mut open) = (String::new(), Vec::new());
            let (mut attribute, mut in_tag) = ("", false);
            loop {
                let (mark, name) = markup.step().expect("an end of the element");
                let is_attribute = matches!(mark, mark::NAME | mark::VALUE | mark::OF | mark::UNLESS);
                if in_tag && !is_attribute {
                    html += ">";
                    in_tag = false;
                }
                let mut word = || (self.word)(markup.place().expect("a place"), line);
                match mark {
                    mark::OPEN | mark::OPEN_SVG => {
                        open.push(name);
                        html += &format!("<{name}");
                        in_tag = true;
                    }
                    mark::CLOSE => {
                        html += &format!("</{}>", open.pop().expect("a beginning"));
                        if open.is_empty() {
                            return html;
                        }
                    }
                    mark::NAME => attribute = name,
                    mark::VALUE => html += &format!(" {attribute}=\"{name}\""),
                    mark::OF => {
                        html +=
                            &word().map(|word| format!(" {name}=\"{}\"", escaped(&word))).unwrap_or_default();
                    }
                    mark::UNLESS if word().is_none() => html += &format!(" {name}=\"\""),
                    mark::TEXT | mark::KEYED => html += &escaped(&word().unwrap_or_default()),
                    mark::EACH => {
                        let start = *markup;
                        self.element(markup, 0);
                        html.extend((0..self.lines).map(|line| self.element(&mut { start }, line)));
                    }
                    _ => {}
                }
            }
        }
    }

    fn escaped(word: &str) -> String {
        word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    }

    const TEXT: &str = r#"<!-- How it is. -->
        <p class="a b" title="{title}" hidden="{!title}">
            <svg><path d="M1 2" /></svg><b>{title}</b>
            {each} <i>{=name}</i>
        </p>"#;
    const SIZE: (usize, usize) = size_of(TEXT);

    fn markup() -> Markup<char> {
        const STEPS: [u8; SIZE.0] = steps(TEXT);
        const PLACES: [char; SIZE.1] = places(TEXT, &[("name", 'n'), ("title", 't')]);
        Markup { steps: str::from_utf8(&STEPS).unwrap(), places: &PLACES }
    }

    #[test]
    fn every_place_holds_its_word() {
        let word =
            |place, line: usize| Some(if place == 't' { "<T>".into() } else { line.to_string().into() });
        assert_eq!(
            Page { lines: 2, word: &word }.html(markup()),
            "<p class=\"a b\" title=\"&lt;T&gt;\"><svg><path d=\"M1 2\"></path></svg><b>&lt;T&gt;</b><i>0</i><i>1</i></p>"
        );
    }

    #[test]
    fn an_empty_place_leaves_no_attribute_and_no_text() {
        assert_eq!(
            Page { lines: 0, word: &|_, _| None }.html(markup()),
            "<p class=\"a b\" hidden=\"\"><svg><path d=\"M1 2\"></path></svg><b></b></p>"
        );
    }

    #[test]
    fn what_stands_inside_svg_is_svg() {
        let mut markup = markup();
        let mut opened = Vec::new();
        while let Some((mark, word)) = markup.step() {
            if matches!(mark, mark::OPEN | mark::OPEN_SVG) {
                opened.push((word, mark == mark::OPEN_SVG));
            }
        }
        assert_eq!(opened, [("p", false), ("svg", true), ("path", true), ("b", false), ("i", false)]);
    }
}
