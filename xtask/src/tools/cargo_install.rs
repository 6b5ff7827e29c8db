//! Programs from the crate registry: as binaries where `cargo binstall` is at hand, else compiled.

use std::{fs, path::PathBuf};

use super::reason_of;
use crate::{
    machine::Machine,
    process,
    screen::{say, warn},
};

/// These tools run for seconds. Compiled without optimisation they are ready in a fifth of the
/// time, and nobody notices the difference when they run.
const CHEAP: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_LTO", "false"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// Installs one version of a program for this user.
pub(super) fn install(machine: &Machine, package: &str, version: &str, flags: &[&str]) -> anyhow::Result<()> {
    let wanted = format!("{package}@{version}");
    if which::which("cargo-binstall").is_ok() {
        // Compiling is what we do better ourselves, so binstall is asked for a binary or nothing.
        let command = machine
            .command("cargo")
            .args(["binstall", "--no-confirm", "--force", "--disable-strategies", "compile"])
            .args([&wanted]);
        let finished = process::watch(&command)?;
        if finished.success {
            return Ok(());
        }
        say(&format!("  cargo binstall has no binary ({}), so it is compiled", reason_of(&finished)));
    }
    // `--force`, because a program that cargo has noted and somebody has deleted is missing all the same.
    let mut command =
        machine.command("cargo").args(["install", "--force"]).args(flags.iter().copied()).args([&wanted]);
    for (name, value) in CHEAP {
        command = command.env(name, value);
    }
    process::must(&command.env("CARGO_TARGET_DIR", scratch(machine)))?;
    Ok(())
}

/// The folder in which they are all compiled: they share most of their crates.
fn scratch(machine: &Machine) -> PathBuf {
    machine.tools().join("cargo")
}

/// Deletes that folder, which is far too large to keep.
pub(super) fn tidy(machine: &Machine) {
    let scratch = scratch(machine);
    if scratch.exists()
        && let Err(error) = fs::remove_dir_all(&scratch)
    {
        warn(&format!("  {} can be deleted by hand: {error}", scratch.display()));
    }
}
