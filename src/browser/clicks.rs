//! Clicks on the elements that name an action.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// Calls back with the value of `attribute` on the clicked element or the nearest one around it,
/// until the listener is dropped.
pub(crate) fn listen(
    root: &Element,
    attribute: &'static str,
    on_click: impl Fn(&str, &Element, &Event) + 'static,
) -> EventListener {
    let selector = format!("[{attribute}]");
    let card = root.clone();
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(root, "click", options, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let pressed = target.and_then(|target| target.closest(&selector).ok().flatten());
        // Slotted elements of the page may use the same attribute for themselves.
        let Some(pressed) = pressed.filter(|pressed| card.contains(Some(pressed))) else { return };
        if let Some(action) = pressed.get_attribute(attribute) {
            on_click(&action, &pressed, event);
        }
    })
}
