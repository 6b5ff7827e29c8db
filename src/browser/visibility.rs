//! Whether somebody looks at the page or the card, and whether there is a network.

use gloo_events::EventListener;
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// Calls back when the tab is hidden or shown, and when the network goes or returns.
pub(crate) struct PageObserver {
    _listeners: Vec<EventListener>,
}

impl PageObserver {
    pub(crate) fn new(on_visibility: impl Fn() + 'static, on_network: impl Fn() + Clone + 'static) -> Self {
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            for event in ["online", "offline"] {
                let on_network = on_network.clone();
                listeners.push(EventListener::new(&window, event, move |_| {
                    BROWSER_IS_WRONG.set(false);
                    on_network();
                }));
            }
            if let Some(document) = window.document() {
                listeners.push(EventListener::new(&document, "visibilitychange", move |_| on_visibility()));
            }
        }
        Self { _listeners: listeners }
    }
}

pub(crate) fn is_page_hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

thread_local! {
    /// Whether a server has answered although the browser says that it has no network.
    static BROWSER_IS_WRONG: Cell<bool> = const { Cell::new(false) };
}

fn is_said_to_be_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

/// A server has answered, so there is a network.
pub(crate) fn network_answered() {
    if is_said_to_be_offline() {
        BROWSER_IS_WRONG.set(true);
    }
}

/// Whether the browser says that it has no network. Some always say so, so it only explains why a
/// request has failed; whether there is a network is for a request to find out.
pub(crate) fn is_offline() -> bool {
    is_said_to_be_offline() && !BROWSER_IS_WRONG.get()
}

/// How far outside the viewport a card counts as near it.
const NEAR: &str = "200px";

/// Calls back when an element comes near the viewport, and when it leaves.
pub(crate) struct ViewportObserver {
    observer: IntersectionObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl ViewportObserver {
    /// `None` where the browser cannot tell.
    pub(crate) fn new(element: &Element, on_change: impl Fn(bool) + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            // There is at least one entry, and the last one is the latest.
            on_change(entries.pop().unchecked_into::<IntersectionObserverEntry>().is_intersecting());
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(NEAR);
        let function = callback.as_ref().unchecked_ref();
        let observer = IntersectionObserver::new_with_options(function, &options).ok()?;
        observer.observe(element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for ViewportObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
