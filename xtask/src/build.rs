//! Builds the card with Trunk, and the programs of the workspace with cargo.
//!
//! `trunk build --release` is the whole pipeline: cargo, wasm-bindgen, wasm-opt, and a hook that
//! runs `www/build.mjs`. Here it only gets the tools on its `PATH` and flags for the compiler.

use std::path::{Path, PathBuf};

use crate::{build_std, command::Cmd, fresh, machine::Machine, screen::say, tools, weight};

/// The compiler's flags for the card alone, and not for programs of this machine.
const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// `cargo xtask build`.
pub(crate) fn run(machine: &mut Machine) -> anyhow::Result<()> {
    tools::install(machine, tools::Purpose::Build)?;
    card(machine)?;
    machine.summary();
    say("");
    weight::print(&machine.at("dist"))
}

/// Builds the card and its page into `dist/`.
pub(crate) fn card(machine: &mut Machine) -> anyhow::Result<()> {
    if !build_std::is_possible(machine) {
        say("Without the source code of Rust's standard library the card is larger, and works the same.");
    }
    let trunk = shipped(machine);
    machine.step("Building the card with Trunk", &trunk).map(drop)
}

/// The same, unless nothing has changed since the last build.
pub(crate) fn card_if_changed(machine: &mut Machine) -> anyhow::Result<()> {
    if fresh::is_fresh(&machine.root) { Ok(()) } else { card(machine) }
}

/// Builds a card that panics on demand, for the tests of what happens then. It has the flags of
/// the shipped card, because a panic ends in another way without them.
pub(crate) fn panicking_card(machine: &mut Machine) -> anyhow::Result<PathBuf> {
    let dist = machine.target.join("panic-dist");
    let trunk = shipped(machine).args(["--features", "test-panic", "--dist"]).args([&dist]);
    machine.step("Building a card that can be made to panic", &trunk).map(|_| dist)
}

/// Builds the card as somebody does who calls Trunk without this crate.
pub(crate) fn plain_card(machine: &mut Machine) -> anyhow::Result<PathBuf> {
    let dist = machine.target.join("plain-dist");
    let trunk = trunk(machine).args(["build", "--release", "--dist"]).args([&dist]);
    machine.step("Building the card with Trunk alone", &trunk).map(|_| dist)
}

/// Builds the yew app of the examples, without optimizations, as its author would for a look at it.
pub(crate) fn yew_host(machine: &mut Machine) -> anyhow::Result<PathBuf> {
    let dist = machine.target.join("yew-host");
    let trunk = trunk(machine).within("examples/yew-host").args(["build", "--dist"]).args([&dist]);
    machine.step("Building the yew app of the examples with Trunk", &trunk).map(|_| dist)
}

/// Builds programs of the workspace for this machine.
pub(crate) fn programs(machine: &mut Machine, title: &str, packages: &[&str]) -> anyhow::Result<()> {
    let packages = packages.iter().flat_map(|package| ["--package", package]);
    let command = machine.command("cargo").args(["build"]).args(packages);
    machine.step(title, &command).map(drop)
}

/// Trunk, which finds esbuild and wasm-opt among the packages of `www/`.
pub(crate) fn trunk(machine: &Machine) -> Cmd {
    machine.wasm_command("trunk").path_first(machine.at("www/node_modules/.bin"))
}

fn shipped(machine: &Machine) -> Cmd {
    let mut flags = remapped(&machine.private_folders());
    let mut trunk = trunk(machine).args(["build", "--release"]);
    if build_std::is_possible(machine) {
        flags.extend(build_std::FLAGS.map(str::to_owned));
        trunk = build_std::VARIABLES.iter().fold(trunk, |trunk, (name, value)| trunk.env(name, *value));
    }
    trunk.env(FLAGS, flags.join(" "))
}

/// The flags that keep these folders out of the file.
pub(crate) fn remapped(folders: &[impl AsRef<Path>]) -> Vec<String> {
    // The last flag that applies to a path counts, so the home folder, which holds most of the
    // others, comes first.
    let folders = folders.iter().rev().map(|folder| folder.as_ref().display());
    let flags = folders.map(|folder| format!("--remap-path-prefix={folder}="));
    // Spaces separate flags, so a folder with a space in its name cannot be given.
    flags.filter(|flag| !flag.contains(' ')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_inside_the_home_folder_is_removed_from_paths_as_a_whole() {
        let flags = remapped(&["/home/ann/project", "/home/two words", "/home/ann"]);
        assert_eq!(flags, ["--remap-path-prefix=/home/ann=", "--remap-path-prefix=/home/ann/project="]);
    }
}
