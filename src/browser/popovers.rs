//! The popover of a card whose contents go away, and the focus in what is hidden.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, ShadowRoot};

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
    if (!is_hidden && before.is_connected()) || has_moved_on(card, before) {
        return;
    }
    if let Ok(Some(fallback)) = card.query_selector(fallback) {
        // The reader may have scrolled away.
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // Where it is hidden itself, nothing has the focus.
        let _ = fallback.unchecked_into::<HtmlElement>().focus_with_options(&options);
    }
}

/// Whether something else has the focus by now, in the card or on the page.
fn has_moved_on(card: &Element, before: &Element) -> bool {
    let Ok(root) = card.get_root_node().dyn_into::<ShadowRoot>() else { return false };
    if let Some(now) = root.active_element() {
        return now != *before;
    }
    let around = root.host().get_root_node();
    let now = match around.dyn_ref::<ShadowRoot>() {
        Some(around) => around.active_element(),
        None => root.owner_document().and_then(|document| document.active_element()),
    };
    now.is_some_and(|now| now.local_name() != "body")
}
