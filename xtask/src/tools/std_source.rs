//! The sources of Rust's standard library, from which a smaller one is compiled for the card.
//!
//! The library that comes with Rust can say where and why it panicked, and carries all the words
//! for it. A card only has to stop, so a build from the sources leaves them out.

use std::path::{Path, PathBuf};

use super::{Need, reason_of};
use crate::{machine::Machine, process, screen::say};

const COMPONENT: &str = "rust-src";

/// Compiles `panic!` to a trap, and leaves out what only a panic would say. Functions of the same
/// code are made one by `wasm-opt`, after those that are never called have been taken out.
/// Values of JavaScript are held by the glue and not in a table: that is more of JavaScript, and
/// twice as much less of WebAssembly. And a stack of 64 KB is thirteen times what a card has ever used: it lies
/// below everything else, so whatever has an address has a shorter one, and a page with a card has
/// a megabyte more to itself.
const FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none -Zlocation-detail=none \
                     -Zinline-mir=yes -Zmerge-functions=disabled -Ctarget-feature=-reference-types \
                     -Clink-arg=-zstack-size=65536";

/// What cargo and the compiler have to be told. The flags are for the card's target alone:
/// programs for this machine, and the build scripts on the way, are compiled as ever.
///
/// `RUSTC_BOOTSTRAP` lets a stable compiler take unstable options. They change what is left out
/// of the file; were one of them withdrawn, the build would say so, and go on without.
pub(crate) const SMALLER_LIBRARY: [(&str, &str); 3] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
];

/// The variable that holds the compiler's flags for the card.
pub(crate) const FLAGS_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Whether they are missing, and rustup could bring them.
pub(super) fn need(machine: &Machine) -> Option<Need> {
    (!is_here(machine)).then(|| Need {
        name: "the sources of Rust's standard library".to_owned(),
        why: "to make the card a third smaller",
        about: "10 s",
        install,
    })
}

/// Whether the toolchain that compiles the card has them.
pub(crate) fn is_here(machine: &Machine) -> bool {
    // Trunk starts cargo for its hook too, with these variables; only the shortcut that is a shell
    // script keeps them away from it.
    let sysroot = machine.wasm_command("rustc").args(["--print", "sysroot"]).answer();
    let library = |sysroot: String| Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.toml");
    cfg!(unix) && sysroot.is_some_and(|sysroot| library(sysroot).exists())
}

/// The linker that came with the compiler of the card.
pub(crate) fn linker(machine: &Machine) -> Option<PathBuf> {
    let libraries = machine.wasm_command("rustc").args(["--print", "target-libdir"]).answer()?;
    let linker = Path::new(libraries.trim()).parent()?.join("bin/rust-lld");
    linker.exists().then_some(linker)
}

/// The compiler's flags for the card, which never name a folder of this machine.
pub(crate) fn flags(machine: &Machine) -> String {
    let remap = |folder: std::path::PathBuf| format!("--remap-path-prefix={}=", folder.display());
    // Flags are separated by spaces, so a folder with a space in its name cannot be told.
    let remaps = machine.private_folders().into_iter().map(remap).filter(|flag| !flag.contains(' '));
    // The last one that fits counts, and the home folder holds most of the others.
    let mut flags: Vec<_> = remaps.collect();
    flags.reverse();
    if is_here(machine) {
        flags.push(FLAGS.to_owned());
    }
    flags.join(" ")
}

/// Without them the card is larger and works as well, so nothing here is an error.
fn install(machine: &mut Machine) -> anyhow::Result<()> {
    let command = machine.wasm_command("rustup").args(["component", "add", COMPONENT]);
    let reason = match process::watch(&command) {
        Ok(finished) if finished.success => return Ok(()),
        Ok(finished) => reason_of(&finished).to_owned(),
        Err(error) => error.to_string(),
    };
    say(&format!("  rustup could not add them ({reason}), so the card is about three fifths larger"));
    Ok(())
}
