//! Trunk, which builds the card and its page.

use super::{Need, cargo_install, version_in};
use crate::machine::Machine;

/// The newest version that compiles in under three minutes without its own TLS stack. 0.22 does
/// nothing for us that 0.21 does not, and takes half as long again.
const INSTALLED: &str = "0.21.14";

/// The first version that reads all of our `Trunk.toml`.
const OLDEST: [u32; 2] = [0, 21];

pub(super) fn need(machine: &Machine) -> Option<Need> {
    (!present(machine)).then(|| Need {
        name: format!("Trunk {INSTALLED}"),
        why: "to build the card and its page",
        about: "3 min",
        install: |machine| {
            cargo_install::install(machine, "trunk", INSTALLED, &["--locked", "--no-default-features"])
        },
    })
}

pub(super) fn present(machine: &Machine) -> bool {
    let answer = machine.command("trunk").args(["--version"]).answer();
    version_in(answer.as_deref()).is_some_and(|version| version[..] >= OLDEST[..])
}
