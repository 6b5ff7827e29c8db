//! Debian's packages, and the rights that installing them takes.

use anyhow::{bail, ensure};

use crate::{command::Cmd, machine::Machine, process, screen::warn};

/// Whether this is Debian or one of its descendants.
pub(super) fn is_here() -> bool {
    which::which("apt-get").is_ok()
}

/// Whether this user is root, who also has to start browsers without their sandbox.
pub(super) fn is_root(machine: &Machine) -> bool {
    machine.command("id").args(["-u"]).answer().as_deref() == Some("0")
}

/// Installs packages, or says which command the person has to run.
pub(super) fn install(machine: &Machine, packages: &[&str]) -> anyhow::Result<()> {
    ensure!(is_here(), "this machine has no apt; install with its own tool: {}", packages.join(" "));
    // The packages of the distribution's Rust conflict with its rustup. `--no-remove` makes that
    // an error instead of a loss.
    let install = machine
        .command("env")
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--no-remove"])
        .args(["--no-install-recommends"])
        .args(packages.iter().copied());
    let install = as_root(machine, install)?;
    let update = process::watch(&as_root(machine, machine.command("apt-get").args(["update"]))?)?;
    if !update.success {
        // One broken source of somebody else's packages is no reason to give up on Debian's.
        warn("  apt-get update did not fully succeed; trying with what is known");
    }
    process::must(&install)?;
    Ok(())
}

/// The command with the rights of root, if they can be had without asking for a password.
pub(super) fn as_root(machine: &Machine, command: Cmd) -> anyhow::Result<Cmd> {
    if is_root(machine) {
        return Ok(command);
    }
    if machine.command("sudo").args(["-n", "true"]).answer().is_some() {
        return Ok(command.wrapped(["sudo", "-n"]));
    }
    bail!("this needs the rights of root; run it yourself and come back:\n  sudo {command}")
}
