//! Debian's packages, and the rights that installing them takes.

use std::fs;

use anyhow::{Context as _, Result, bail, ensure};

use crate::{command::Cmd, machine::Machine, process, screen::warn};

/// Whether this is Debian or a system that descends from it.
pub(super) fn is_here() -> bool {
    which::which("apt-get").is_ok()
}

/// Whether this user is root.
fn is_root(machine: &Machine) -> bool {
    machine.command("id -u").answer().as_deref() == Some("0")
}

/// Whether all of these packages are installed.
pub(super) fn has(machine: &Machine, packages: &[&str]) -> bool {
    let question = machine.command(r"dpkg-query --show --showformat=${db:Status-Abbrev}\n");
    let answer = question.args(packages.iter().copied()).answer();
    answer.is_some_and(|answer| answer.lines().all(|status| status.starts_with("ii")))
}

/// Installs packages.
pub(super) fn install(machine: &Machine, packages: &[&str]) -> Result<()> {
    ensure!(is_here(), "there is no apt-get on this machine; install by hand: {}", packages.join(" "));
    // Debian's Rust conflicts with Debian's rustup. `--no-remove` has apt fail instead of removing
    // a rustup that is in use.
    let install =
        "env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-remove --no-install-recommends";
    let install = as_root(machine, machine.command(install).args(packages.iter().copied()))?;
    if process::try_run(&as_root(machine, machine.command("apt-get update"))?).is_err() {
        // One source of packages that cannot be reached says nothing about the others.
        warn("  apt-get update did not fully succeed; the package lists of the last time are used");
    }
    process::run(&install).map(drop)
}

/// Which packages a folder was filled with.
const CONTENTS: &str = "packages.txt";

/// Whether these packages are in the folder.
pub(super) fn is_unpacked(machine: &Machine, packages: &[&str], folder: &str) -> bool {
    let contents = fs::read_to_string(machine.at(folder).join(CONTENTS));
    contents.is_ok_and(|contents| contents == packages.join(" "))
}

/// Unpacks packages into a folder, and installs nothing: no server starts, now or with the machine,
/// and no rights are needed.
pub(super) fn unpack(machine: &Machine, packages: &[&str], folder: &str) -> Result<()> {
    let path = machine.empty_folder(folder)?;
    if let Ok(update) = as_root(machine, machine.command("apt-get update")) {
        // Without it, or where it fails, the package lists of the last time are used.
        let _ = process::try_run(&update);
    }
    process::run(&machine.command("apt-get download").args(packages.iter().copied()).within(folder))?;
    let unpack = "for package in *.deb; do dpkg-deb --extract \"$package\" . && rm \"$package\"; done";
    process::run(&machine.command("sh -e -c").arg(unpack).within(folder))?;
    fs::write(path.join(CONTENTS), packages.join(" ")).context("cannot write into target/")
}

/// Fails where root has to install these, and cannot do it without a password.
pub(super) fn ensure_rights(machine: &Machine, packages: &[&str]) -> Result<()> {
    if !packages.is_empty() && is_here() {
        as_root(machine, machine.command("apt-get install --no-remove").args(packages.iter().copied()))?;
    }
    Ok(())
}

/// The command with the rights of root, if they can be had without a password.
pub(super) fn as_root(machine: &Machine, command: Cmd) -> Result<Cmd> {
    if is_root(machine) {
        return Ok(command);
    }
    if machine.command("sudo -n true").answer().is_some() {
        return Ok(command.wrapped("sudo -n"));
    }
    let command = command.wrapped("sudo");
    bail!(
        "this needs the rights of root; after `sudo apt-get update`, run it yourself and start again:\n  {command}"
    )
}
