//! The target of programs that need no library of the system: Linux with musl.

use std::path::Path;

use super::apt;
use crate::{machine::Machine, process};

/// The target for the processor of this machine.
pub(crate) const NAME: &str =
    if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-musl" } else { "x86_64-unknown-linux-musl" };

/// What is said where it is not here.
pub(crate) const MISSING: &str =
    "No programs are made: that needs Linux, rustup's target for musl and musl-gcc.";

/// Whether programs for it can be compiled, C included.
pub(crate) fn is_here(machine: &Machine) -> bool {
    let libraries = machine.command("rustc --print target-libdir --target").arg(NAME).answer();
    let has_libraries = libraries.is_some_and(|folder| Path::new(&folder).exists());
    cfg!(target_os = "linux") && has_libraries && which::which("musl-gcc").is_ok()
}

/// Asks rustup for it, and Debian for the C compiler.
pub(super) fn install(machine: &mut Machine) -> anyhow::Result<()> {
    process::try_run(&machine.command("rustup target add").arg(NAME))?;
    if which::which("musl-gcc").is_err() { apt::install(machine, &["musl-tools"]) } else { Ok(()) }
}
