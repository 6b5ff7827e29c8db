//! Every call to the outside: the clock, requests, `Intl`, clicks, the clipboard, other tabs.
//!
//! What is started here is a value, and dropping the value stops it.
//! [`crate::model`] decides when to make a request and what a response means. [`poller`] only
//! carries events there and requests back.

pub(crate) mod clicks;
pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod fetch;
mod headers;
pub(crate) mod intl;
mod page_load;
pub(crate) mod poller;
pub(crate) mod popovers;
pub(crate) mod shadow_root;
pub(crate) mod tabs;
pub(crate) mod visibility;

pub use fetch::StartedRequest;
pub use headers::Headers;

use std::cell::Cell;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static LAST_NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// A number that is unique on the page, for an id in the document. Failures and settled requests are
/// numbered by it too, so that a card that is pointed at another URL never takes an old event for a new
/// one.
pub(crate) fn unique_number() -> u32 {
    LAST_NUMBER.set(LAST_NUMBER.get().wrapping_add(1));
    LAST_NUMBER.get()
}

#[wasm_bindgen]
extern "C" {
    /// `console.warn`, for the developers of the page.
    #[wasm_bindgen(js_namespace = console)]
    pub(crate) fn warn(message: &str);

    /// `console.error`, with what was thrown.
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    pub(crate) fn report(message: &str, error: &wasm_bindgen::JsValue);
}
