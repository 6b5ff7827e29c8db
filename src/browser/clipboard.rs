//! Text for another program.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// Bound by hand, because a page that came without TLS has no clipboard, and that throws.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<Promise, JsValue>;
}

/// Copies the text of an element. Where that is not allowed, the text is selected, so that the
/// reader can copy it by hand.
pub(crate) fn copy(element: Element, done: impl FnOnce() + 'static) {
    let written = write_text(&element.text_content().unwrap_or_default());
    spawn_local(async move {
        let copied = match written {
            Ok(promise) => JsFuture::from(promise).await.is_ok(),
            Err(_) => false,
        };
        if copied {
            done();
        } else if let Some(selection) = web_sys::window().and_then(|w| w.get_selection().ok().flatten()) {
            // An element can always be selected; where it is on the page is another matter.
            let _ = selection.select_all_children(&element);
        }
    });
}
