//! What yew brings along for other apps.
//!
//! A node of yew's tree can be raw markup, a portal or a suspended part, and can have listeners.
//! Whether one ever is shows only while the app runs, so the linker keeps all of it. This card
//! has none of them: its view makes elements, texts and lists, and its clicks are heard by
//! `browser/clicks.rs`. So these functions are emptied, and wasm-opt takes away what they alone
//! have called. One that is called all the same traps, as a panic does, and the end-to-end tests
//! run on what is left.

use std::env;

use super::module::Module;
use crate::tools::std_source::{FLAGS_VARIABLE, KEPT_APART};

/// Parts of the names of functions that cannot be reached.
const UNREACHED: [&[&str]; 18] = [
    // Listeners: `onclick` and its like.
    &["yew::", "::subtree_root::SubtreeData>::add_listener"],
    &["yew::", "::subtree_root::BSubtree>::ensure_handled"],
    &["yew::", "::listeners::ListenerRegistration>::register"],
    &["yew::", "::subtree_root::EventDescriptor as ", "Clone>::clone"],
    &["yew::", "::ListenerKind as ", "Clone>::clone"],
    &["yew::", "::ListenerKind>::type_name"],
    // Raw markup, portals and suspense.
    &["<yew::", "::VRaw as ", "::Reconcilable>::"],
    &["<yew::", "::VPortal as ", "::Reconcilable>::"],
    &["<yew::", "::VSuspense as ", "::Reconcilable>::"],
    &["RcExt<yew::virtual_dom::vraw::"],
    &["RcExt<yew::virtual_dom::vportal::"],
    &["RcExt<yew::virtual_dom::vsuspense::"],
    &["Scope<yew::suspense::", "BaseSuspense>>::send_message"],
    &["find_parent_scope::<yew::suspense::"],
    &["ComponentState>::suspend"],
    // Components inside of components.
    &["<yew::", "::VComp as ", "::Reconcilable>::"],
    &["RcExt<yew::virtual_dom::vcomp::"],
    // With the panic strategy of a shipped card no hook is ever called.
    &["console_error_panic_hook::hook"],
];

/// What is shorter may be the same as something else, and stand for it under this name.
const LENGTH: usize = 100;

/// Empties them, where the file still says which function is which.
///
/// Functions that are alike are usually made one, which has the name of any of them: emptied, it
/// takes the others along. So this is only for a file whose compiler was told to keep them apart.
pub(super) fn empty(module: &mut Module) {
    if !env::var(FLAGS_VARIABLE).is_ok_and(|flags| flags.contains(KEPT_APART)) {
        return;
    }
    module.empty(|name, length| {
        let name = without_hashes(name);
        let is_glue = name.contains("drop_in_place") || name.contains("::FnOnce<");
        length >= LENGTH && !is_glue && UNREACHED.iter().any(|parts| holds(&name, parts))
    });
}

/// Whether all parts are there, one after the other.
fn holds(name: &str, parts: &[&str]) -> bool {
    let after = |rest: &str, part: &&str| rest.split_once(*part).map(|(_, rest)| rest.to_owned());
    parts.iter().try_fold(name.to_owned(), |rest, part| after(&rest, part)).is_some()
}

/// The compiler marks every crate with a hash in brackets.
fn without_hashes(name: &str) -> String {
    let mut parts = name.split('[');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((hash, rest)) if hash.len() > 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
                plain.push_str(rest);
            }
            _ => {
                plain.push('[');
                plain.push_str(part);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_known_by_the_parts_of_its_name_in_their_order() {
        let raw = "<yew[f069fb85f483a539]::virtual_dom::vraw::VRaw as yew[f069fb85f483a539]::dom_bundle::traits::Reconcilable>::attach";
        assert!(holds(&without_hashes(raw), UNREACHED[6]));
        assert!(!holds(&without_hashes(&raw.replace("VRaw", "VTag")), UNREACHED[6]));
    }

    #[test]
    fn only_hashes_are_taken_out_of_a_name() {
        assert_eq!(without_hashes("<[yew[f069fb85f483a539]::V]>::to_vec[1]"), "<[yew::V]>::to_vec[1]");
    }
}
