//! What the card never does, taken out of the file.
//!
//! yew can draw elements, texts and lists, components within components, portals, suspended trees
//! and raw HTML, listen for events and fill in forms. A card draws itself, and is a single node to
//! yew. But all of it hangs on one `match` over the kinds of a node, so no linker can see that a card
//! asks for none of it: a quarter of the download. Here the bodies of those functions become a trap
//! before the linker comes, which then leaves out what only they have named: other functions, the
//! tables that these stand in, and their words.
//!
//! Listed are functions that begin with something of the kind, or end it. One that is called all the
//! same, and finds that there is nothing to do, does nothing. Some are part of whoever calls them by
//! the time that they come here: that is up to the compiler, and another one decides otherwise.
//!
//! Whoever uses more of yew in the card takes it off the list: a card that comes to a trap stops
//! as after a panic, and every end-to-end test runs against a file without these functions.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::module::{Instead, Module};

/// Names of functions, without the hashes of their crates; a star stands for anything.
const UNUSED: &[&str] = &[
    // Nodes of all kinds but the one that somebody else has made.
    "<yew::virtual_dom::vtag::VTag as *",
    "<yew::virtual_dom::vtag::VTag>*",
    "<yew::virtual_dom::vtext::VText as *",
    "<yew::virtual_dom::vlist::VList as *",
    "<yew::virtual_dom::vcomp::VComp as *",
    "<yew::virtual_dom::vraw::VRaw as *",
    "<yew::virtual_dom::vportal::VPortal as *",
    "<yew::virtual_dom::vsuspense::VSuspense as *",
    "<yew::virtual_dom::Attributes*",
    "<alloc::rc::Rc<yew::virtual_dom::vtag::VTag>*",
    "<alloc::rc::Rc<yew::virtual_dom::vlist::VList>*",
    "<alloc::rc::Rc<yew::virtual_dom::vcomp::VComp>*",
    "<alloc::rc::Rc<yew::virtual_dom::vportal::VPortal>*",
    "<alloc::rc::Rc<yew::virtual_dom::vsuspense::VSuspense>*",
    "<yew::dom_bundle::btag::*",
    "<yew::dom_bundle::btext::*",
    "<yew::dom_bundle::blist::BList>::apply*",
    "<yew::dom_bundle::bcomp::*",
    "<yew::dom_bundle::braw::BRaw*",
    "<yew::dom_bundle::bportal::BPortal as *",
    "<yew::dom_bundle::bsuspense::BSuspense as *",
    "core::ptr::drop_in_place::<yew::virtual_dom::Attributes>",
    // Waiting for something while drawing.
    "<yew::suspense::*",
    "<yew::html::component::scope::Scope<yew::suspense::*",
    "<yew::html::component::scope::feat_csr_ssr::MsgQueue<yew::suspense::*>::push",
    "<yew::html::component::scope::AnyScope>::*::<yew::suspense::*",
    "<yew::html::component::lifecycle::ComponentState>::suspend::*",
    "core::ptr::drop_in_place::<yew::suspense::suspension::Suspension>",
    "<alloc::rc::Rc<*uspens*>::drop_slow",
    // Listeners: `browser::clicks` listens for all of a card.
    "<yew::virtual_dom::listeners::ListenerKind*",
    "<yew::dom_bundle::btag::listeners::ListenerRegistration>::register",
    "<yew::dom_bundle::btag::listeners::Registry>::unregister",
    "<alloc::rc::Rc<dyn yew::virtual_dom::listeners::Listener>>::drop_slow",
    "std::collections::hash::map::Entry<*EventDescriptor*",
    "<std::collections::hash::map::Entry<*EventDescriptor*",
    "<yew::dom_bundle::subtree_root::BSubtree>::ensure_handled",
    "<yew::dom_bundle::subtree_root::SubtreeData>::add_listener*",
    "<yew::dom_bundle::subtree_root::SubtreeData>::bubble*",
    "yew::dom_bundle::subtree_root::shadow_aware_parent",
    "<yew::dom_bundle::subtree_root::EventDescriptor as *",
    "<hashbrown::*EventDescriptor*>::insert*",
    "<hashbrown::*EventDescriptor*>::rustc_entry*",
    "<hashbrown::*EventDescriptor*>::remove_entry*",
    "<hashbrown::*EventDescriptor*>::reserve*",
    "<hashbrown::*EventDescriptor*>::find*",
    "<hashbrown::raw::RawIterRange<(yew::dom_bundle::subtree_root::EventDescriptor, *",
    "<hashbrown::*>::drop_elements::<*EventDescriptor*",
    "<std::hash::random::RandomState as *EventDescriptor>",
    "<std::hash::random::RandomState as *<&u32>",
    // Fields of a form.
    "<yew::virtual_dom::vtag::InputFields as *",
    "<yew::virtual_dom::vtag::TextareaFields as *",
    "<yew::virtual_dom::vtag::Value<*",
    // Nodes that move.
    "<yew::dom_bundle::bnode::BNode as *>::shift",
    // Attributes that are not the same ones, in the same order, each time.
    "<*::HashMap<&str, &yew::virtual_dom::AttributeOrProperty*",
    "<hashbrown::map::Iter<&str, &yew::virtual_dom::AttributeOrProperty*",
    "<indexmap::*",
    "<alloc::rc::Rc<indexmap::*",
    "<core::iter::adapters::filter_map::FilterMap<indexmap::*",
    "<core::iter::adapters::filter_map::FilterMap<core::slice::iter::Iter<(&str, yew::*",
    "<hashbrown::*<(&str, &yew::virtual_dom::AttributeOrProperty)>*",
    "<std::hash::random::RandomState as *<&&str>",
    "<std::hash::random::RandomState as *<&implicit_clone::*",
    // Nodes that are drawn twice.
    "<yew::virtual_dom::vnode::VNode as core::clone::Clone>::clone",
    "<alloc::vec::Vec<yew::virtual_dom::vnode::VNode> as core::clone::Clone>::clone",
    "<alloc::boxed::Box<[core::option::Option<* as core::clone::Clone>::clone",
    // Callbacks of JavaScript's collections. wasm-bindgen looks at them while it writes the glue,
    // and leaves them in the table of functions.
    "wasm_bindgen::convert::closures::_::invoke::<*, js_sys::*Array, *",
    "wasm_bindgen::convert::closures::_::invoke::<wasm_bindgen::JsValue, u32, *",
    "wasm_bindgen::convert::closures::_::invoke::<wasm_bindgen::JsValue, wasm_bindgen::JsValue, *",
    "wasm_bindgen::convert::closures::_::invoke::<js_sys::JsString, *",
    // Tables of more than one entry: each root of yew has one of the roots below it, itself.
    "<hashbrown::raw::RawTableInner>::rehash_in_place",
    // Maps of more than eleven entries, which is one node of a tree. yew keeps in them what is to be
    // drawn first, and the class in `www/` has it draw one card at a time (`card-instance.js`).
    "<alloc::collections::btree::node::BalancingContext<*",
    "<alloc::collections::btree::node::Handle<*, alloc::collections::btree::node::marker::KV>>::split*",
    "<alloc::collections::btree::node::NodeRef<*marker::Internal>>::*",
    "<alloc::collections::btree::node::Handle<*marker::Internal>, *::insert_fit",
    // Programs that wait for a promise without saying so, and globals by other names than `self`.
    "js_sys::futures::jspi::spawn_promising*",
    "js_sys::futures::jspi::task_waker::*",
    "<js_sys::futures::jspi::*",
    "js_sys::global::get_global_object::GLOBAL::init",
    "js_sys::global::get_global_object::GLOBAL_THIS::init",
    "js_sys::global::get_global_object::WINDOW::init",
    // What a panic would say, where a panic is a trap; and with it all that puts values into words,
    // which `tests/tidy.rs` keeps out of the card.
    "console_error_panic_hook*",
    "gloo_console::*",
    "<console_error_panic_hook*",
    "core::fmt::*",
    "<core::fmt::*",
    "<alloc::string::String as core::fmt::Write>*",
];

/// What finds nothing to do each time: no suspension to end, no listener to forget, no hash to spread.
const IDLE: &[&str] = &[
    "<std::thread::local::LocalKey<core::cell::Cell<(u64, u64)>>>::with::<<std::hash::random::RandomState>::new::*",
    "<yew::html::component::lifecycle::ComponentState>::resume_existing_suspension",
    "<hashbrown::raw::RawTable<(yew::dom_bundle::subtree_root::EventDescriptor, *> as core::ops::drop::Drop>::drop",
];

/// What is always answered with no. In no list has every node a key, so no list asks for them; and
/// nobody waits for a promise without saying so.
const NEVER: &[&str] = &[
    "<yew::virtual_dom::vlist::VList>::fully_keyed",
    "<yew::virtual_dom::vnode::VNode>::key",
    "<yew::dom_bundle::bnode::BNode>::key",
    "js_sys::futures::jspi::in_context",
];

/// What tells things apart of which there is only one.
const SAME: &[&str] = &[
    "<std::hash::random::RandomState as core::hash::BuildHasher>::hash_one::<&yew::dom_bundle::subtree_root::WeakSubtree>",
];

/// Puts something shorter in their place; how many there were.
pub(super) fn cut(module: &mut Module) -> Option<usize> {
    module.put(|symbol| instead(&format!("{:#}", rustc_demangle::demangle(symbol))))
}

fn instead(name: &str) -> Option<Instead> {
    let is_in = |list: &[&str]| list.iter().any(|pattern| fits(pattern, name));
    if is_in(UNUSED) {
        Some(Instead::Trap)
    } else if is_in(IDLE) {
        Some(Instead::Nothing)
    } else if is_in(SAME) {
        Some(Instead::Zero)
    } else {
        is_in(NEVER).then_some(Instead::No)
    }
}

/// Another number for another list. Cargo does not know that this list goes into what it links.
pub(crate) fn number() -> u64 {
    let mut hasher = DefaultHasher::new();
    (UNUSED, IDLE, NEVER, SAME).hash(&mut hasher);
    hasher.finish()
}

fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|start| name.strip_prefix(start)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name) in
            [("a::b", "a::b"), ("a*", "a::b"), ("<*<x>::y*", "<h<z<x>::y::<u8>"), ("a*b", "ab")]
        {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("a::b", "a::bc"), ("a*", "ba"), ("<*<x>::y", "<h<x>::y::z"), ("a*b*c", "acb")]
        {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn what_is_called_all_the_same_is_no_trap() {
        for (name, expected) in [
            (
                "<hashbrown::raw::RawTable<(yew::dom_bundle::subtree_root::EventDescriptor, ())> as core::ops::drop::Drop>::drop",
                Some(Instead::Nothing),
            ),
            (
                "<hashbrown::raw::RawTableInner>::drop_inner_table::<(yew::dom_bundle::subtree_root::EventDescriptor, ()), alloc::alloc::Global>",
                None,
            ),
            (
                "<yew::html::component::lifecycle::ComponentState>::resume_existing_suspension",
                Some(Instead::Nothing),
            ),
            ("core::ptr::drop_in_place::<core::option::Option<yew::suspense::suspension::Suspension>>", None),
            ("<yew::virtual_dom::vlist::VList>::fully_keyed", Some(Instead::No)),
            (
                "<yew::virtual_dom::vraw::VRaw as yew::dom_bundle::traits::Reconcilable>::attach",
                Some(Instead::Trap),
            ),
        ] {
            assert_eq!(instead(name), expected, "{name}");
        }
    }
}
