//! The card on the page: its markup, built once, and what has been written into its places.
//!
//! The shape of a card never changes, only its words do. So there is nothing to compare but words,
//! and what stands in its place already is left alone.

use crate::view::{CARD, LINE, Markup, Named, Place, Speaker};
use std::borrow::Cow;
use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen(module = "/src/drawing.js")]
extern "C" {
    type Nodes;

    #[wasm_bindgen(constructor)]
    fn new(steps: &str) -> Nodes;

    #[wasm_bindgen(method, getter)]
    fn root(this: &Nodes) -> Element;

    #[wasm_bindgen(method)]
    fn write(this: &Nodes, place: usize, word: Option<&str>);

    #[wasm_bindgen(method)]
    fn add(this: &Nodes, line: &Nodes);

    #[wasm_bindgen(method)]
    fn remove(this: &Nodes);
}

/// What has been drawn.
pub(crate) struct Drawing {
    card: Piece,
    lines: Vec<Piece>,
}

/// The card or one line of it, with what has been written in each of its places.
struct Piece {
    markup: &'static Markup<Place>,
    nodes: Nodes,
    written: Vec<Option<String>>,
}

impl Drawing {
    /// A card without words.
    pub(crate) fn new() -> Self {
        Self { card: Piece::new(&CARD), lines: Vec::new() }
    }

    /// Its one element, for somebody to put on the page.
    pub(crate) fn root(&self) -> Element {
        self.card.nodes.root()
    }

    /// Writes down what is another word than before.
    pub(crate) fn write(&mut self, speaker: &Speaker<'_>) {
        self.card.write(speaker, 0);
        while self.lines.len() > speaker.lines() {
            self.lines.pop().inspect(|line| line.nodes.remove());
        }
        for number in 0..speaker.lines() {
            if number == self.lines.len() {
                let line = Piece::new(&LINE);
                self.card.nodes.add(&line.nodes);
                self.lines.push(line);
            }
            self.lines[number].write(speaker, number);
        }
    }
}

impl Piece {
    fn new(markup: &'static Markup<Place>) -> Self {
        Self { markup, nodes: Nodes::new(markup.steps), written: vec![None; markup.places.len()] }
    }

    fn write(&mut self, speaker: &Speaker<'_>, line: usize) {
        for (number, (named, written)) in self.markup.places.iter().zip(&mut self.written).enumerate() {
            let Named { place, empty } = *named;
            let word = speaker.word(place, line);
            let word = if empty { word.is_none().then_some(Cow::Borrowed("")) } else { word };
            if written.as_deref() != word.as_deref() {
                self.nodes.write(number, word.as_deref());
                *written = word.map(Cow::into_owned);
            }
        }
    }
}
