//! Every call to the outside: the clock, one request, `Intl`, clicks, the clipboard, other tabs.
//!
//! What is started here is a value, and dropping the value stops it.
//! When to ask and what an answer means is decided in [`crate::model`]; `poller` only carries the
//! events there and the requests back.

pub(crate) mod attention;
pub(crate) mod clicks;
pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod fetch;
pub(crate) mod intl;
pub(crate) mod poller;
pub(crate) mod tabs;

pub use fetch::{Headers, Started};

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// For whoever builds the page.
    #[wasm_bindgen(js_namespace = console)]
    pub(crate) fn warn(message: &str);
}
