//! Whether anybody looks, and whether there is a network.

use gloo_events::EventListener;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// Hears when the tab goes to the background or comes back, and when the network goes or comes.
pub(crate) struct Attention {
    _listeners: Vec<EventListener>,
}

impl Attention {
    pub(crate) fn watch(changed: impl Fn() + 'static) -> Self {
        let changed = Rc::new(changed);
        let listen = |target: &web_sys::EventTarget, name: &'static str| {
            let changed = changed.clone();
            EventListener::new(target, name, move |_| changed())
        };
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            for name in ["online", "offline"] {
                listeners.push(listen(&window, name));
            }
            if let Some(document) = window.document() {
                listeners.push(listen(&document, "visibilitychange"));
            }
        }
        Self { _listeners: listeners }
    }
}

pub(crate) fn is_hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

pub(crate) fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

/// How far outside of the visible part a card may be and still count as near it.
const NEAR: &str = "200px";

/// Hears when an element comes near the visible part of the page, and when it leaves.
pub(crate) struct Sight {
    observer: Option<IntersectionObserver>,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl Sight {
    pub(crate) fn watch(element: &Element, seen: impl Fn(bool) + 'static) -> Self {
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            // There is one at least, and the last one is the latest.
            seen(entries.pop().unchecked_into::<IntersectionObserverEntry>().is_intersecting());
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

impl Drop for Sight {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
