//! What only a browser can show: `wasm-pack test --headless --chrome`.
//!
//! The cards and shadow roots are real; only the network is simulated.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails, which is what it is for")]

mod app;
mod card;
mod component;
mod fetching;
mod money;
mod page;
mod playground; // What the playground has people paste, which only has to compile.

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
