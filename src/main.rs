//! The program that pages load: the library with an allocator of its own.
//!
//! Everything that JavaScript can call is in [`airalo_balance::element`].

#![cfg_attr(target_arch = "wasm32", no_main)]

use airalo_balance as _;

/// Only the program chooses an allocator: as a library the card uses that of the app around it.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The card runs in browsers: `cargo xtask build` builds it, `cargo xtask demo` shows it.");
}
