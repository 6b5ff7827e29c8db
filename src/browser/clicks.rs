//! Clicks on whatever names an action, wherever inside it they fall.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// Calls `act` with the action of each click below an element, until dropped.
pub(crate) fn listen(
    element: &Element,
    attribute: &'static str,
    act: impl Fn(&str, &Element, &Event) + 'static,
) -> EventListener {
    let selector = ["[", attribute, "]"].concat();
    let card = element.clone();
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(element, "click", options, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let pressed = target.and_then(|target| target.closest(&selector).ok().flatten());
        // What a page has put into a slot has actions of its own.
        let pressed = pressed.filter(|pressed| card.contains(Some(pressed)));
        if let Some((action, pressed)) = pressed.and_then(|p| Some((p.get_attribute(attribute)?, p))) {
            act(&action, &pressed, event);
        }
    })
}
