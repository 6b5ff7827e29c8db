//! Copies text to the clipboard.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// Bound by hand to catch the exception: a page without TLS has no `navigator.clipboard`.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<Promise, JsValue>;
}

/// Copies the text of what this selector finds in the card. Where that is not allowed, it selects the
/// text instead, so that the reader can copy it.
pub(crate) fn copy_from(card: &Element, selector: &str, on_copied: impl FnOnce() + 'static) {
    // Looked up now, because an extension may have put something between text and button.
    let Ok(Some(element)) = card.query_selector(selector) else { return };
    let written = write_text(&element.text_content().unwrap_or_default());
    spawn_local(async move {
        let copied = match written {
            Ok(promise) => JsFuture::from(promise).await.is_ok(),
            Err(_) => false,
        };
        if copied {
            on_copied();
        } else if let Some(selection) = web_sys::window().and_then(|w| w.get_selection().ok().flatten()) {
            // Selecting fails only for an element outside the document, and then nobody sees it.
            let _ = selection.select_all_children(&element);
        }
    });
}
