//! Whether somebody looks at the page or the card, and whether there is a network.

use gloo_events::EventListener;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, EventTarget, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
};

/// Calls back when the tab is hidden or shown, and when the network goes or returns.
pub(crate) struct PageObserver {
    _listeners: Vec<EventListener>,
}

impl PageObserver {
    pub(crate) fn new(on_change: impl Fn() + 'static) -> Self {
        let on_change = Rc::new(on_change);
        let listen = |target: &EventTarget, event: &'static str| {
            let on_change = on_change.clone();
            EventListener::new(target, event, move |_| on_change())
        };
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            listeners.push(listen(&window, "online"));
            listeners.push(listen(&window, "offline"));
            if let Some(document) = window.document() {
                listeners.push(listen(&document, "visibilitychange"));
            }
        }
        Self { _listeners: listeners }
    }
}

pub(crate) fn is_page_hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

pub(crate) fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

/// How far outside the viewport a card counts as near it.
const NEAR: &str = "200px";

/// Calls back when an element comes near the viewport, and when it leaves.
pub(crate) struct ViewportObserver {
    observer: Option<IntersectionObserver>,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl ViewportObserver {
    pub(crate) fn new(element: &Element, on_change: impl Fn(bool) + 'static) -> Self {
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            // There is at least one entry, and the last one is the latest.
            on_change(entries.pop().unchecked_into::<IntersectionObserverEntry>().is_intersecting());
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(NEAR);
        let function = callback.as_ref().unchecked_ref();
        let observer = IntersectionObserver::new_with_options(function, &options).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        Self { observer, _callback: callback }
    }
}

impl Drop for ViewportObserver {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
