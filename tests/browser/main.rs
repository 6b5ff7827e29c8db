//! What only a browser can show: `wasm-pack test --headless --chrome`.
//!
//! The cards here are the real ones, in real shadow roots; only the network is a table.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails, which is what it is for")]

mod card;
mod fetching;
mod money;
mod page;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
