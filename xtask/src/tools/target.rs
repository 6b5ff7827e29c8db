//! The `wasm32-unknown-unknown` target of Rust.
//!
//! The ordinary way is rustup. Where its server cannot be reached, Debian has a Rust with all of
//! its source code, and the standard library for the target is compiled from that.

use std::fs;

use anyhow::{Context as _, Result, ensure};

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
    let found = [None, Some(DEBIAN)].into_iter().find(|toolchain| {
        machine.wasm_toolchain = *toolchain;
        can_compile(machine)
    });
    machine.wasm_toolchain = found.flatten();
    found.is_some()
}

/// Adds the target with rustup, or else installs Debian's Rust.
pub(super) fn install(machine: &mut Machine) -> Result<()> {
    let Err(reason) = process::try_run(&machine.command("rustup target add").arg(TARGET)) else {
        return Ok(());
    };
    ensure!(
        apt::is_here(),
        "rustup could not add the target ({reason}); with a connection, `rustup target add {TARGET}` adds it"
    );
    say(&format!("  rustup could not add it: {reason}"));
    say("  so Debian's Rust is installed, and its library for browsers compiled from the source code");
    apt::install(machine, &PACKAGES)?;
    process::run(&machine.command("rustup toolchain link debian /usr"))?;
    machine.wasm_toolchain = Some(DEBIAN);
    compile_library(machine)
}

/// Compiles an empty test, which takes a tenth of a second. A look for the files would not notice
/// a library that belongs to another compiler, or that is there twice.
fn can_compile(machine: &Machine) -> bool {
    let probe = machine.at("target/xtask/probe");
    let command = machine.wasm_command("rustc - --test --crate-name probe --emit=metadata --target");
    fs::create_dir_all(&probe).is_ok() && command.arg(TARGET).arg("--out-dir").arg(probe).answer().is_some()
}

/// Builds the standard library for the target and copies it to where the compiler looks for it.
fn compile_library(machine: &Machine) -> Result<()> {
    const FOLDER: &str = "target/xtask/std";
    // Empty, because an earlier build with other flags would leave a second library here.
    let folder = machine.empty_folder(FOLDER)?;
    // A workspace of its own, because it lies inside the project's.
    let manifest = "[package]\nname = \"empty\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest).and_then(|()| fs::write(folder.join("lib.rs"), ""))?;
    let build =
        machine.wasm_command("cargo build --release -Zbuild-std=std,panic_abort,test --target").arg(TARGET);
    process::run(&build.within(FOLDER).env("CARGO_TARGET_DIR", "target").env("RUSTC_BOOTSTRAP", "1"))?;

    let question = machine.wasm_command("rustc --print target-libdir --target").arg(TARGET);
    let installed = question.answer().context("Debian's Rust does not say where its libraries are")?;
    let copy = machine.command("sh -c").arg(COPY).arg(installed);
    let built = folder.join("target").join(TARGET).join("release/deps");
    process::run(&apt::as_root(machine, copy.within(built))?)?;
    // Only the copy is needed again; failing to delete the rest costs nothing but space.
    let _ = fs::remove_dir_all(&folder);
    Ok(())
}
