//! The language of the place where an element stands.

use wasm_bindgen::JsCast;
use web_sys::{Element, ShadowRoot};

/// The nearest `lang` up the tree, through the borders of shadow roots.
pub(crate) fn nearest(element: &Element) -> Option<String> {
    let mut from = element.clone();
    loop {
        if let Ok(Some(holder)) = from.closest("[lang]") {
            return holder.get_attribute("lang").filter(|tag| !tag.trim().is_empty());
        }
        from = from.get_root_node().dyn_into::<ShadowRoot>().ok()?.host();
    }
}
