//! Has Trunk compile Rust's standard library along with the card, which makes the card smaller.
//!
//! The library that comes with Rust can tell where and why it panicked, and carries the text for
//! that. A card only has to stop, so a build from the source code leaves the text out.

use std::path::Path;

use crate::{machine::Machine, process, screen::say};

/// `RUSTC_BOOTSTRAP` lets a stable compiler accept unstable options.
pub(crate) const VARIABLES: [(&str, &str); 3] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
];

/// A panic becomes a trap, and the text that only its message would use is left out.
pub(crate) const FLAGS: [&str; 4] =
    ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zfmt-debug=none", "-Zlocation-detail=none"];

/// Whether the toolchain that compiles the card has the source code.
pub(crate) fn is_possible(machine: &Machine) -> bool {
    let sysroot = machine.wasm_command("rustc").args(["--print", "sysroot"]).answer();
    sysroot.is_some_and(|root| Path::new(&root).join("lib/rustlib/src/rust/library/Cargo.toml").exists())
}

/// Asks rustup for the source code. The card works without it, so a failure is no error.
pub(crate) fn install(machine: &mut Machine) -> anyhow::Result<()> {
    let finished = process::watch(&machine.wasm_command("rustup").args(["component", "add", "rust-src"]))?;
    if !finished.success {
        say(&format!("  rustup could not add it: {}", finished.reason()));
    }
    Ok(())
}
