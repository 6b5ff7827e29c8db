//! The target of programs that need no library of the system: Linux with musl.

use std::path::Path;

use super::apt;
use crate::{machine::Machine, process, screen::say};

/// The target for the processor of this machine.
pub(crate) const NAME: &str =
    if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-musl" } else { "x86_64-unknown-linux-musl" };

/// The variable with the flags of the compiler for this target alone.
pub(crate) const FLAGS: &str = if cfg!(target_arch = "aarch64") {
    "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_RUSTFLAGS"
} else {
    "CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_RUSTFLAGS"
};

/// What is said where it is not here.
pub(crate) const MISSING: &str =
    "No programs are made: that needs Linux, rustup's target for musl and musl-gcc.";

/// Whether programs for it can be compiled, C included.
pub(crate) fn is_here(machine: &Machine) -> bool {
    let libraries = machine.command("rustc").args(["--print", "target-libdir", "--target", NAME]).answer();
    let has_libraries = libraries.is_some_and(|folder| Path::new(&folder).exists());
    cfg!(target_os = "linux") && has_libraries && which::which("musl-gcc").is_ok()
}

/// Asks rustup for it, and Debian for the C compiler. All else works without them, so a failure is no
/// error.
pub(super) fn install(machine: &mut Machine) -> anyhow::Result<()> {
    let added = process::watch(&machine.command("rustup").args(["target", "add", NAME]))?;
    if !added.success {
        say(&format!("  rustup could not add it: {}", added.reason()));
    }
    if which::which("musl-gcc").is_err()
        && let Err(error) = apt::install(machine, &["musl-tools"])
    {
        say(&format!("  its C compiler cannot be had: {error}"));
    }
    Ok(())
}
