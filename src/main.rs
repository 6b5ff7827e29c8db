//! The file that pages load: the card, and an allocator of its own.
//!
//! All that JavaScript can call is in [`airalo_balance::element`].

#![cfg_attr(target_arch = "wasm32", no_main)]

use airalo_balance as _;

/// A third of the standard one in size, and fast enough for a card. As a library the card lives with
/// whatever the app around it has chosen.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The card runs in browsers: `cargo xtask build` makes it, `cargo xtask demo` shows it.");
}
