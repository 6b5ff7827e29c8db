//! The popover of a card whose contents go away, and the focus in what is hidden.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ShadowRoot};

/// What has the focus in the shadow root of a card.
pub(crate) fn focused(card: &Element) -> Option<Element> {
    card.get_root_node().dyn_into::<ShadowRoot>().ok()?.active_element()
}

/// Closes the popover that is open, if it has nothing to show any more: one that is only hidden stays
/// open, and would come back unasked.
pub(crate) fn close_empty(card: &Element) {
    let open = card.query_selector(":popover-open").ok().flatten();
    let open = open.and_then(|open| open.dyn_into::<HtmlElement>().ok());
    if let Some(empty) = open.filter(|open| open.hidden() || open.first_element_child().is_none()) {
        // It fails only where the page has just closed it.
        let _ = empty.hide_popover();
    }
}

/// Moves the focus to the element with this selector, if what had it before the card was rendered is
/// hidden or gone now.
pub(crate) fn keep_focus(card: &Element, before: &Element, fallback: &str) {
    let is_hidden = before.closest("[hidden]").is_ok_and(|hidden| hidden.is_some());
    if (is_hidden || !before.is_connected())
        && let Ok(Some(fallback)) = card.query_selector(fallback)
    {
        // Where it is hidden itself, nothing has the focus.
        let _ = fallback.unchecked_into::<HtmlElement>().focus();
    }
}
