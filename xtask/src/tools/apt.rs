//! Debian's packages, and the rights that installing them takes.

use std::{fs, path::Path};

use anyhow::{Context as _, bail, ensure};

use crate::{command::Cmd, machine::Machine, process, screen::warn};

/// Whether this is Debian or a system that descends from it.
pub(super) fn is_here() -> bool {
    which::which("apt-get").is_ok()
}

/// Whether this user is root.
pub(super) fn is_root(machine: &Machine) -> bool {
    machine.command("id").args(["-u"]).answer().as_deref() == Some("0")
}

/// Installs packages.
pub(super) fn install(machine: &Machine, packages: &[&str]) -> anyhow::Result<()> {
    ensure!(is_here(), "there is no apt-get on this machine; install by hand: {}", packages.join(" "));
    // Debian's Rust conflicts with Debian's rustup. `--no-remove` has apt fail instead of removing
    // a rustup that is in use.
    let options = ["install", "--yes", "--no-remove", "--no-install-recommends"];
    let install = machine.command("env").args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(options);
    let install = as_root(machine, install.args(packages.iter().copied()))?;
    let update = process::watch(&as_root(machine, machine.command("apt-get").args(["update"]))?)?;
    if !update.success {
        // One source of packages that cannot be reached says nothing about the others.
        warn("  apt-get update did not fully succeed; the package lists of the last time are used");
    }
    process::run(&install).map(drop)
}

/// Unpacks packages into a folder, and installs nothing: no server starts, now or with the machine,
/// and no rights are needed.
pub(super) fn unpack(machine: &Machine, packages: &[&str], folder: &Path) -> anyhow::Result<()> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    if let Ok(update) = as_root(machine, machine.command("apt-get").args(["update"])) {
        // Without it, or where it fails, the package lists of the last time are used.
        process::watch(&update)?;
    }
    let download = machine.command("apt-get").args(["download"]).args(packages.iter().copied());
    process::run(&download.within(folder))?;
    let unpack = "for package in *.deb; do dpkg-deb --extract \"$package\" . && rm \"$package\"; done";
    process::run(&machine.command("sh").args(["-e", "-c", unpack]).within(folder)).map(drop)
}

/// The command with the rights of root, if they can be had without a password.
pub(super) fn as_root(machine: &Machine, command: Cmd) -> anyhow::Result<Cmd> {
    if is_root(machine) {
        return Ok(command);
    }
    if machine.command("sudo").args(["-n", "true"]).answer().is_some() {
        return Ok(command.wrapped("sudo", &["-n"]));
    }
    bail!("this needs the rights of root; run it yourself, then start again:\n  sudo {command}")
}
