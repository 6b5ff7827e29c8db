//! The `wasm32-unknown-unknown` target of Rust.
//!
//! The ordinary way is rustup. Where its server cannot be reached, Debian has a Rust with all of
//! its source code, and the standard library for the target is compiled from that.

use std::{fs, io, path::Path};

use anyhow::{Context as _, ensure};

use super::apt;
use crate::{machine::Machine, process, screen::say};

const TARGET: &str = "wasm32-unknown-unknown";

/// The name that rustup is given for Debian's Rust.
const DEBIAN: &str = "debian";

/// Debian's newest Rust with its source code and clippy, and the linker that it calls `rust-lld`.
const PACKAGES: [&str; 6] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy", "lld-22"];

/// Copies the libraries of this folder to the folder `$0`. The compiler refuses a library that is
/// there twice, so older ones are deleted first, and the empty crate is not copied.
const COPY: &str = r#"rm -f "$0"/*.rlib libempty-*.rlib && install -D -m 644 -t "$0" *.rlib"#;

/// Whether a toolchain has the target. The machine notes which one, if it is not the default.
pub(super) fn is_here(machine: &mut Machine) -> bool {
    for toolchain in [None, Some(DEBIAN)] {
        machine.wasm_toolchain = toolchain;
        if can_compile(machine) {
            return true;
        }
    }
    machine.wasm_toolchain = None;
    false
}

/// Adds the target with rustup, or else installs Debian's Rust.
pub(super) fn install(machine: &mut Machine) -> anyhow::Result<()> {
    let reason = match process::watch(&machine.command("rustup").args(["target", "add", TARGET])) {
        Ok(finished) if finished.success && is_here(machine) => return Ok(()),
        Ok(finished) => finished.reason().to_owned(),
        Err(error) => error.to_string(),
    };
    let by_hand = format!("with a connection, `rustup target add {TARGET}` adds it");
    ensure!(apt::is_here(), "rustup could not add the target ({reason}); {by_hand}");
    say(&format!("  rustup could not add it: {reason}"));
    say("  so Debian's Rust is installed, and its library for browsers compiled from the source code");
    apt::install(machine, &PACKAGES)?;
    process::run(&machine.command("rustup").args(["toolchain", "link", DEBIAN, "/usr"]))?;
    machine.wasm_toolchain = Some(DEBIAN);
    compile_library(machine)?;
    ensure!(can_compile(machine), "Debian's Rust still cannot compile for browsers; {by_hand}");
    Ok(())
}

/// Compiles an empty test, which takes a tenth of a second. A look for the files would not notice
/// a library that belongs to another compiler, or that is there twice.
fn can_compile(machine: &Machine) -> bool {
    let probe = machine.scratch().join("probe");
    let options =
        ["-", "--test", "--crate-name", "probe", "--emit=metadata", "--target", TARGET, "--out-dir"];
    let command = machine.wasm_command("rustc").args(options).args([&probe]);
    fs::create_dir_all(&probe).is_ok() && command.answer().is_some()
}

/// Builds the standard library for the target and copies it to where the compiler looks for it.
fn compile_library(machine: &Machine) -> anyhow::Result<()> {
    let folder = machine.scratch().join("std");
    empty_crate(&folder).with_context(|| format!("cannot write to {}", folder.display()))?;
    let options = ["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,test"];
    let build = machine.wasm_command("cargo").within(&folder).args(options);
    process::run(&build.env("CARGO_TARGET_DIR", "target").env("RUSTC_BOOTSTRAP", "1"))?;

    let question = machine.wasm_command("rustc").args(["--print", "target-libdir", "--target", TARGET]);
    let installed = question.answer().context("Debian's Rust does not say where its libraries are")?;
    let copy = machine.command("sh").within(folder.join("target").join(TARGET).join("release/deps"));
    process::run(&apt::as_root(machine, copy.args(["-c", COPY, &installed]))?)?;
    // Only the copy is needed again; failing to delete the rest costs nothing but space.
    let _ = fs::remove_dir_all(&folder);
    Ok(())
}

fn empty_crate(folder: &Path) -> io::Result<()> {
    // An earlier build with other flags would leave a second library here.
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    // A workspace of its own, because it lies inside the project's.
    fs::write(folder.join("Cargo.toml"), "[package]\nname = \"empty\"\nedition = \"2024\"\n[workspace]\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_that_does_not_exist_has_no_target() {
        let mut machine = Machine::here().unwrap();
        machine.wasm_toolchain = Some("no-such-toolchain");
        assert!(!can_compile(&machine));
    }
}
