//! The `wasm32-unknown-unknown` target of Rust.
//!
//! rustup is the ordinary way. Where its server cannot be reached, Debian has a Rust of its own
//! with all sources, and the standard library for the target is compiled from those. Whether a
//! toolchain has the target is found out by compiling for it: that also notices a library that
//! belongs to another compiler, or that lies there twice.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};

use super::{Need, apt, reason_of};
use crate::{command::Cmd, machine::Machine, process, screen::say};

const TARGET: &str = "wasm32-unknown-unknown";

/// The name under which rustup knows Debian's Rust after us.
const DEBIAN: &str = "debian";

/// Debian's newest Rust with its sources, and the linker that it calls `rust-lld`.
const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];

pub(super) fn need(machine: &mut Machine) -> Option<Need> {
    let found = [None, Some(DEBIAN)].into_iter().find(|toolchain| compiles(machine, *toolchain));
    if let Some(toolchain) = found {
        machine.wasm_toolchain = toolchain;
        return None;
    }
    Some(Need {
        name: format!("the {TARGET} target"),
        why: "to compile Rust for browsers",
        about: "10 s with rustup, 1 min 30 s without its server",
        install,
    })
}

fn install(machine: &mut Machine) -> anyhow::Result<()> {
    let reason = match process::watch(&machine.command("rustup").args(["target", "add", TARGET])) {
        Ok(finished) if finished.success && compiles(machine, None) => return Ok(()),
        Ok(finished) => reason_of(&finished).to_owned(),
        Err(error) => error.to_string(),
    };
    ensure!(
        apt::is_here(),
        "rustup could not add the {TARGET} target ({reason}); with a connection, `rustup target add {TARGET}` does it"
    );
    say(&format!("  rustup could not add it: {reason}"));
    say("  so Debian's own Rust is installed, and its library for browsers compiled from its sources");
    apt::install(machine, &PACKAGES)?;
    process::must(&machine.command("rustup").args(["toolchain", "link", DEBIAN, "/usr"]))?;
    compile_library(machine)?;
    ensure!(
        compiles(machine, Some(DEBIAN)),
        "Debian's Rust still cannot compile for {TARGET}; `rustup target add {TARGET}` is the other way"
    );
    machine.wasm_toolchain = Some(DEBIAN);
    Ok(())
}

fn with(command: Cmd, toolchain: Option<&str>) -> Cmd {
    match toolchain {
        Some(name) => command.env("RUSTUP_TOOLCHAIN", name),
        None => command,
    }
}

/// Compiles an empty test for the target, which takes a tenth of a second.
fn compiles(machine: &Machine, toolchain: Option<&str>) -> bool {
    let probe = machine.tools().join("probe");
    if fs::create_dir_all(&probe).is_err() {
        return false;
    }
    let command = machine
        .command("rustc")
        .args(["-", "--test", "--crate-name", "probe", "--emit=metadata", "--target", TARGET, "--out-dir"])
        .args([&probe]);
    with(command, toolchain).answer().is_some()
}

/// Builds the standard library for the target and puts it where the compiler looks for it.
fn compile_library(machine: &Machine) -> anyhow::Result<()> {
    let folder = machine.tools().join("std");
    // What an earlier build with other flags has left would be a second copy, and the compiler
    // refuses both.
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    empty_crate(&folder).with_context(|| format!("cannot write to {}", folder.display()))?;
    let build = machine
        .command("cargo")
        .within(&folder)
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,test"])
        .env("CARGO_TARGET_DIR", "target")
        .env("RUSTUP_TOOLCHAIN", DEBIAN)
        .env("RUSTC_BOOTSTRAP", "1");
    process::must(&build)?;

    let question = machine.command("rustc").args(["--print", "target-libdir", "--target", TARGET]);
    let home = with(question, Some(DEBIAN))
        .answer()
        .context("Debian's Rust does not say where its libraries are")?;
    let stale = libraries(Path::new(&home)).unwrap_or_default();
    if !stale.is_empty() {
        process::must(&apt::as_root(machine, machine.command("rm").args(["-f"]).args(stale))?)?;
    }
    let built = folder.join("target").join(TARGET).join("release/deps");
    let built = libraries(&built).with_context(|| format!("cannot read {}", built.display()))?;
    let copy = machine.command("install").args(["-D", "-m", "644", "-t", home.as_str()]).args(built);
    process::must(&apt::as_root(machine, copy)?)?;
    // The copy is what counts; the build is a hundred megabytes that nobody needs again.
    let _ = fs::remove_dir_all(&folder);
    Ok(())
}

fn empty_crate(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    // A workspace of its own, because it lies inside ours.
    fs::write(folder.join("Cargo.toml"), "[package]\nname = \"empty\"\nedition = \"2024\"\n[workspace]\n")
}

fn libraries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let is_library = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rlib");
    let is_ours =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libempty-"));
    Ok(files.filter(|path| is_library(path) && !is_ours(path)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_that_does_not_exist_has_no_target() {
        assert!(!compiles(&Machine::here().unwrap(), Some("no-such-toolchain")));
    }
}
