//! wasm-opt and esbuild, which make the card small. npm brings both as ready-made binaries.

use std::{fs, path::PathBuf};

use anyhow::Context as _;

use super::{Need, apt, version_in};
use crate::{command::Cmd, machine::Machine, process, screen::warn};

/// The version whose sizes we publish. Debian 12's own wasm-opt (108) is too old for today's Rust.
const BINARYEN: &str = "132.0.0";

/// The version whose sizes we publish; any other gives nearly the same.
const ESBUILD: &str = "0.28.2";

/// The oldest that knows all options that are used.
const OLDEST_WASM_OPT: [u32; 1] = [123];

/// Quiet, and without asking the registry for anything but the packages.
pub(super) const QUIET: [&str; 3] = ["--no-audit", "--no-fund", "--loglevel=error"];

pub(super) fn need(machine: &Machine) -> Option<Need> {
    let packages: Vec<_> = missing(machine).collect();
    (!packages.is_empty()).then(|| Need {
        name: format!("{} from npm", packages.join(" and ")),
        why: "to make the card small",
        about: "5 s",
        install,
    })
}

/// Where the programs of our own packages are. Trunk and the last step of its build look here first.
pub(crate) fn programs(machine: &Machine) -> PathBuf {
    machine.tools().join("node_modules/.bin")
}

/// A command that finds these programs.
pub(crate) fn with_programs(machine: &Machine, command: Cmd) -> Cmd {
    let folder = programs(machine);
    if folder.exists() { command.path_first(folder) } else { command }
}

/// A minifier, if there is one. Without it the card works and is larger.
pub(crate) fn esbuild(machine: &Machine) -> Option<Cmd> {
    let command = with_programs(machine, machine.command("esbuild"));
    command.clone().args(["--version"]).answer().is_some().then_some(command)
}

/// What makes WebAssembly smaller, if it is here. Without it the card works and is larger.
pub(crate) fn wasm_opt(machine: &Machine) -> Option<Cmd> {
    let command = with_programs(machine, machine.command("wasm-opt"));
    let version = version_in(command.clone().args(["--version"]).answer().as_deref());
    version.is_some_and(|version| version[..] >= OLDEST_WASM_OPT[..]).then_some(command)
}

fn missing(machine: &Machine) -> impl Iterator<Item = String> {
    let wasm_opt = wasm_opt(machine).is_none().then(|| format!("binaryen@{BINARYEN}"));
    let esbuild = esbuild(machine).is_none().then(|| format!("esbuild@{ESBUILD}"));
    wasm_opt.into_iter().chain(esbuild)
}

fn install(machine: &mut Machine) -> anyhow::Result<()> {
    if which::which("npm").is_err() {
        if !apt::is_here() {
            warn(
                "  there is no npm, so the card works but is twice as large; Node.js 18 or newer brings npm",
            );
            return Ok(());
        }
        apt::install(machine, &["nodejs", "npm"])?;
    }
    let folder = machine.tools();
    fs::create_dir_all(&folder).with_context(|| format!("cannot write to {}", folder.display()))?;
    let command = machine.command("npm").args(["install"]).args(QUIET).args(["--prefix"]).args([&folder]);
    process::must(&command.args(missing(machine)))?;
    Ok(())
}
