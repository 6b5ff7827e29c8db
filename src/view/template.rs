//! Markup as a table that one function fills.
//!
//! yew's `html!` writes code for every element; a table of them is data, which weighs a third of
//! that and compresses better.

use std::borrow::Cow;
use yew::prelude::*;
use yew::virtual_dom::{AttributeOrProperty, Attributes, Key, VList, VNode, VTag, VText};

/// An element, with a place `S` for everything that changes.
pub(super) struct El<S: 'static> {
    pub(super) tag: &'static str,
    pub(super) keys: &'static [&'static str],
    pub(super) values: &'static [Value<S>],
    pub(super) inside: &'static [Part<S>],
}

/// What an attribute holds.
#[derive(Clone, Copy)]
pub(super) enum Value<S> {
    /// Always the same.
    Is(&'static str),
    /// What is in that place; where nothing is, there is no attribute.
    Of(S),
    /// For `hidden`: there unless something is in that place.
    Unless(S),
}

/// What stands inside an element.
pub(super) enum Part<S: 'static> {
    El(El<S>),
    Text(S),
    /// A text that is another element when it is another text.
    Keyed(El<S>, S),
    /// The element, once for each line.
    Each(El<S>),
}

/// What there is to put into the places.
pub(super) trait Words<S> {
    /// What is in a place now.
    fn word(&self, place: S) -> Option<AttrValue>;
    /// The words of each line.
    fn lines(&self) -> Vec<Box<dyn Words<S> + '_>>;
}

/// An element with the words in their places.
pub(super) fn fill<S: Copy>(el: &El<S>, words: &dyn Words<S>) -> VTag {
    let mut tag = VTag::new(el.tag);
    let values = el.values.iter().map(|value| attribute(*value, words)).collect();
    tag.attributes = Attributes::Dynamic { keys: el.keys, values };
    for part in el.inside {
        tag.add_child(inside(part, words));
    }
    tag
}

fn attribute<S>(value: Value<S>, words: &dyn Words<S>) -> Option<AttributeOrProperty> {
    let word = match value {
        Value::Is(word) => AttrValue::Static(word),
        Value::Of(place) => words.word(place)?,
        Value::Unless(place) => match words.word(place) {
            Some(_) => return None,
            None => AttrValue::Static(""),
        },
    };
    Some(AttributeOrProperty::Attribute(word))
}

fn inside<S: Copy>(part: &Part<S>, words: &dyn Words<S>) -> VNode {
    let text = |place| words.word(place).unwrap_or_default();
    match part {
        Part::El(el) => fill(el, words).into(),
        Part::Text(place) => VText::new(text(*place)).into(),
        Part::Keyed(el, place) => {
            let mut tag = fill(el, words);
            let text = text(*place);
            tag.key = Some(Key::from(&*text));
            tag.add_child(VText::new(text).into());
            tag.into()
        }
        Part::Each(el) => {
            let lines = words.lines().iter().map(|line| fill(el, &**line).into()).collect();
            VList::with_children(lines, None).into()
        }
    }
}

/// A word that is there or not, and says nothing.
pub(super) fn flag(yes: bool) -> Option<AttrValue> {
    yes.then_some(AttrValue::Static(""))
}

/// A word that is known when the card is compiled.
pub(super) const fn fixed(word: &'static str) -> Option<AttrValue> {
    Some(AttrValue::Static(word))
}

pub(super) fn owned(word: String) -> Option<AttrValue> {
    Some(AttrValue::from(word))
}

pub(super) fn text(word: &str) -> Option<AttrValue> {
    Some(AttrValue::Rc(word.into()))
}

/// A word of the card's own is not copied.
#[expect(clippy::ptr_arg, reason = "only a borrowed word can be told from an owned one")]
pub(super) fn said(word: &Cow<'static, str>) -> Option<AttrValue> {
    match word {
        Cow::Borrowed(word) => fixed(word),
        Cow::Owned(word) => text(word),
    }
}

/// Writes an element: `element!(tag "key" value, …; part, …)`.
macro_rules! element {
    ($tag:ident $($key:literal $value:expr),* ; $($part:expr),* $(,)?) => {
        El {
            tag: stringify!($tag),
            keys: &[$($key),*],
            values: &[$($value),*],
            inside: &[$($part),*],
        }
    };
}

/// Writes an element that stands inside another one.
macro_rules! el {
    ($($element:tt)*) => { Part::El(element!($($element)*)) };
}

pub(super) use {el, element};
