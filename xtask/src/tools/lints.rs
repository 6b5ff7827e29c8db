//! rustfmt and clippy: for this machine, and for the toolchain that has the `wasm32` target.

use super::{Need, apt};
use crate::{machine::Machine, process};

pub(super) fn need(machine: &Machine) -> Option<Need> {
    let present = |command: crate::command::Cmd| command.answer().is_some();
    let here = present(machine.command("cargo").args(["fmt", "--version"]))
        && present(machine.command("cargo").args(["clippy", "--version"]));
    let for_browsers = present(machine.wasm_command("cargo").args(["clippy", "--version"]));
    (!here || !for_browsers).then(|| Need {
        name: "clippy and rustfmt".to_owned(),
        why: "to read the code before the tests do",
        about: "10 s",
        install,
    })
}

fn install(machine: &mut Machine) -> anyhow::Result<()> {
    if machine.wasm_toolchain.is_some() {
        apt::install(machine, &["rust-web-clippy"])?;
    }
    if need(machine).is_some() {
        process::must(&machine.command("rustup").args(["component", "add", "clippy", "rustfmt"]))?;
    }
    Ok(())
}
