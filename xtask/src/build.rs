//! Builds the card with Trunk, and the programs of the workspace with cargo.
//!
//! `trunk build --release` is the whole pipeline: cargo, wasm-bindgen, wasm-opt, and a hook that
//! runs `www/build.mjs`. Here it only gets the tools on its `PATH` and flags for the compiler.

use std::path::Path;

use anyhow::Result;

use crate::{command::Cmd, fresh, machine::Machine, process, screen::say, tools, weight};

/// Has the standard library compiled along, which makes the card smaller. The one that comes with Rust
/// can tell where and why it panicked, and carries the text for that; a card only has to stop.
const STD_VARIABLES: [(&str, &str); 3] = [
    // Lets a stable compiler accept unstable options.
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
];

/// A panic becomes a trap, and the text that only its message would use is left out.
const STD_FLAGS: [&str; 4] =
    ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zfmt-debug=none", "-Zlocation-detail=none"];

/// `cargo xtask build`.
pub(crate) fn run(machine: &mut Machine) -> Result<()> {
    tools::install(machine, tools::Purpose::Build)?;
    card(machine)?;
    machine.summary();
    say("");
    weight::print(&machine.at("dist")).map(drop)
}

/// Builds the card and its page into `dist/`.
pub(crate) fn card(machine: &mut Machine) -> Result<()> {
    let trunk = shipped(machine);
    machine.step("Building the card with Trunk", &trunk).map(drop)
}

/// The same, unless nothing has changed since the last build.
pub(crate) fn card_if_changed(machine: &mut Machine) -> Result<()> {
    if fresh::is_fresh(&machine.root) { Ok(()) } else { card(machine) }
}

/// Builds what the end-to-end tests compare with the card, where they look for it: a card that panics on
/// demand, with the flags of the shipped one, because a panic ends in another way without them; the card
/// of somebody who calls Trunk without this crate; and the yew app of the examples as its author would.
pub(crate) fn cards_for_tests(machine: &mut Machine) -> Result<()> {
    let panicking = shipped(machine).args(["--features", "test-panic", "--dist", "target/panic-dist"]);
    machine.step("Building a card that can be made to panic", &panicking)?;
    let plain = trunk(machine, "build --release --dist target/plain-dist");
    machine.step("Building the card with Trunk alone", &plain)?;
    let yew_host = trunk(machine, "build --dist ../../target/yew-host").within("examples/yew-host");
    machine.step("Building the yew app of the examples with Trunk", &yew_host).map(drop)
}

/// Builds programs of the workspace for this machine.
pub(crate) fn programs(machine: &mut Machine, title: &str, packages: &[&str]) -> Result<()> {
    let packages = packages.iter().flat_map(|package| ["--package", package]);
    let command = machine.command("cargo build").args(packages);
    machine.step(title, &command).map(drop)
}

/// Trunk, which finds esbuild and wasm-opt among the packages of `www/`.
pub(crate) fn trunk(machine: &Machine, arguments: &str) -> Cmd {
    machine.wasm_command(&format!("trunk {arguments}")).path_first(machine.at("www/node_modules/.bin"))
}

fn shipped(machine: &Machine) -> Cmd {
    let trunk = trunk(machine, "build --release");
    if !std_is_here(machine) {
        return with_flags(machine, trunk, &[]);
    }
    let trunk = STD_VARIABLES.iter().fold(trunk, |trunk, (name, value)| trunk.env(name, *value));
    with_flags(machine, trunk, &STD_FLAGS)
}

/// Whether the toolchain that compiles the card has the source code of the standard library.
pub(crate) fn std_is_here(machine: &Machine) -> bool {
    let sysroot = machine.wasm_command("rustc --print sysroot").answer();
    sysroot.is_some_and(|root| Path::new(&root).join("lib/rustlib/src/rust/library/Cargo.toml").exists())
}

/// Asks rustup for it.
pub(crate) fn install_std(machine: &mut Machine) -> Result<()> {
    process::try_run(&machine.wasm_command("rustup component add rust-src")).map(drop)
}

/// A build with these flags of the compiler, and with those that keep the names of private folders out
/// of it. The build names its target, so cargo uses none of them for programs of this machine.
pub(crate) fn with_flags(machine: &Machine, build: Cmd, flags: &[&str]) -> Cmd {
    // The last flag that applies to a path counts, so the home folder, which holds most of the
    // others, comes first.
    let folders = machine.private_folders();
    let remapped = folders.iter().rev().map(|folder| format!("--remap-path-prefix={}=", folder.display()));
    let flags: Vec<_> = remapped.chain(flags.iter().map(ToString::to_string)).collect();
    // The separator of this variable, since folders may have spaces in their names.
    build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
}
