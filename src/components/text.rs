//! A text that survives translators and browser extensions.

use yew::prelude::*;

/// A text in an element of its own, which has to be the only child of the element around it.
///
/// yew writes a changed text into the text node that it remembers, but translators put another node
/// in its place, and the change would be lost. They leave elements where they are. So the element
/// is keyed by its text: a new text is a new element, appended to a parent that is still there.
/// Nothing stands after it, because yew panics where the sibling to insert before has moved.
pub(super) fn text<'a>(text: impl Into<Option<&'a str>>) -> Html {
    let text = text.into().unwrap_or_default();
    html! { <span key={text}>{ text }</span> }
}
