//! Renders a component into an element of its own, from which nothing of it remains.

use js_sys::Reflect;
use web_sys::Element;
use yew::html::BaseComponent;
use yew::{AppHandle, Renderer};

/// Renders into `root`, a new empty element.
///
/// yew numbers its roots, for listeners, of which there are none here. A page or an app around it that
/// is made with yew looks for the nearest number around a click, and would not hear it.
pub(crate) fn render<C: BaseComponent>(root: &Element, props: C::Properties) -> AppHandle<C> {
    let app = Renderer::<C>::with_root_and_props(root.clone(), props).render();
    // An element of the page can always lose a property.
    let _ = Reflect::delete_property(root, &"__yew_subtree_id".into());
    app
}
