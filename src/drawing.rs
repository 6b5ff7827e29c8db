//! The card on the page: its markup, built once, and what has been written into its places.
//!
//! The shape of a card never changes, only its words do. So there is nothing to compare but words,
//! and what stands in its place already is left alone.

use crate::view::{CARD, Markup, Place, Speaker, mark};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node};

/// What has been drawn.
pub(crate) struct Drawing {
    root: Element,
    spots: Vec<Spot>,
    lines: Option<Lines>,
}

/// A place on the page.
struct Spot {
    mark: u8,
    place: Place,
    /// The name of the attribute, where it is one.
    name: &'static str,
    node: Node,
    /// What has been written there.
    written: Option<String>,
}

/// Where the lines stand.
struct Lines {
    parent: Element,
    markup: Markup<Place>,
    drawn: Vec<Drawing>,
}

impl Drawing {
    /// A card without words, for somebody to put on the page.
    pub(crate) fn new() -> Self {
        build(&mut { CARD })
    }

    pub(crate) const fn root(&self) -> &Element {
        &self.root
    }

    /// Writes down what is another word than before.
    pub(crate) fn write(&mut self, speaker: &Speaker<'_>) {
        self.write_line(speaker, 0);
        let Some(Lines { parent, markup, drawn }) = &mut self.lines else { return };
        for gone in drawn.drain(speaker.lines().min(drawn.len())..) {
            gone.root.remove();
        }
        for line in 0..speaker.lines() {
            if line == drawn.len() {
                let new = build(&mut { *markup });
                let _ = parent.append_child(&new.root);
                drawn.push(new);
            }
            drawn[line].write_line(speaker, line);
        }
    }

    fn write_line(&mut self, speaker: &Speaker<'_>, line: usize) {
        for spot in &mut self.spots {
            spot.write(speaker, line);
        }
    }
}

impl Spot {
    fn write(&mut self, speaker: &Speaker<'_>, line: usize) {
        let word = speaker.word(self.place, line);
        let word = if self.mark == mark::UNLESS { word.is_none().then_some("") } else { word.as_deref() };
        if self.written.as_deref() == word {
            return;
        }
        // A browser refuses only names that are none.
        let _ = self.put(word);
        self.written = word.map(str::to_owned);
    }

    fn put(&mut self, word: Option<&str>) -> Result<(), JsValue> {
        let element = self.node.unchecked_ref::<Element>();
        match (self.mark, word) {
            (mark::TEXT, _) => self.node.set_text_content(word),
            (mark::KEYED, _) => {
                let fresh = self.node.clone_node()?;
                fresh.set_text_content(word);
                element.replace_with_with_node_1(&fresh)?;
                self.node = fresh;
            }
            (_, Some(word)) => element.set_attribute(self.name, word)?,
            (_, None) => element.remove_attribute(self.name)?,
        }
        Ok(())
    }
}

/// Builds the next element, with nothing in its places.
fn build(markup: &mut Markup<Place>) -> Drawing {
    let document = web_sys::window().and_then(|window| window.document()).expect("a card is drawn on a page");
    let mut open: Vec<Element> = Vec::new();
    let (mut spots, mut lines) = (Vec::new(), None);
    let mut name = "";
    while let Some((mark, word)) = markup.step() {
        if matches!(mark, mark::OPEN | mark::OPEN_SVG) {
            let svg = mark == mark::OPEN_SVG;
            let space = if svg { "http://www.w3.org/2000/svg" } else { "http://www.w3.org/1999/xhtml" };
            open.push(document.create_element_ns(Some(space), word).expect("an element has a name"));
            continue;
        }
        let Some(element) = open.last() else { break };
        match mark {
            mark::CLOSE => {
                let root = element.clone();
                open.pop();
                let Some(parent) = open.last() else { return Drawing { root, spots, lines } };
                let _ = parent.append_child(&root);
            }
            mark::NAME => name = word,
            mark::VALUE => {
                let _ = element.set_attribute(name, word);
            }
            mark::EACH => {
                let parent = element.clone();
                lines = Some(Lines { parent, markup: *markup, drawn: Vec::new() });
                // Only to come to what follows.
                build(markup);
            }
            _ => {
                let node: Node = match mark {
                    // It stays, and whoever has selected it keeps it.
                    mark::TEXT => document.create_text_node("").into(),
                    _ => element.clone().into(),
                };
                if mark == mark::TEXT {
                    let _ = element.append_child(&node);
                }
                spots.extend(markup.place().map(|place| Spot {
                    mark,
                    place,
                    name: word,
                    node,
                    written: None,
                }));
            }
        }
    }
    unreachable!("every element of the markup is closed, or it would not have been compiled")
}
