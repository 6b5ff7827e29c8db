//! The Python packages of the example of a backend, in an environment of their own.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, ensure};

use super::{apt, version_in};
use crate::{machine::Machine, process, screen::say};

const REQUIREMENTS: &str = "examples/servers/python/requirements.txt";

/// Where the environment is.
pub(crate) fn folder(machine: &Machine) -> PathBuf {
    machine.target.join("python")
}

/// Whether exactly the packages of the list are installed.
pub(super) fn is_here(machine: &mut Machine) -> bool {
    let wanted = fs::read(machine.at(REQUIREMENTS)).ok();
    wanted.is_some() && fs::read(installed(machine)).ok() == wanted
}

/// A copy of the list, written when everything on it is installed.
fn installed(machine: &Machine) -> PathBuf {
    folder(machine).join("requirements.txt")
}

pub(super) fn install(machine: &mut Machine) -> anyhow::Result<()> {
    if let Err(error) = try_install(machine) {
        say(&format!("  it cannot be had, and its tests are skipped: {error}"));
        return Ok(());
    }
    fs::copy(machine.at(REQUIREMENTS), installed(machine))
        .context("cannot write into target/python")
        .map(drop)
}

fn try_install(machine: &Machine) -> anyhow::Result<()> {
    let version = machine.command("python3").args(["--version"]).answer();
    let version = version.and_then(|answer| version_in(&answer)).unwrap_or_default();
    ensure!(version.as_slice() >= &[3, 11], "it needs Python 3.11 or newer");
    let folder = folder(machine);
    let create = machine.command("python3").args(["-m", "venv", "--clear"]).args([&folder]);
    // Debian has the module `venv` without what it needs in a package of its own.
    if !process::watch(&create)?.success && apt::is_here() {
        apt::install(machine, &["python3-venv"])?;
        process::run(&create)?;
    }
    let pip = machine.command(&folder.join("bin/pip").to_string_lossy());
    let quiet = ["install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS];
    process::run(&pip.args(quiet)).map(drop)
}
