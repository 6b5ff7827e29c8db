//! wasm-pack, which runs the tests that need a real browser.

use super::{Need, cargo_install, version_in};
use crate::machine::Machine;

/// The version the test suite was written with.
const INSTALLED: &str = "0.15.1";

/// The first version that asks for nothing that `--mode no-install` rules out.
const OLDEST: [u32; 2] = [0, 13];

pub(super) fn need(machine: &Machine) -> Option<Need> {
    let answer = machine.command("wasm-pack").args(["--version"]).answer();
    let present = version_in(answer.as_deref()).is_some_and(|version| version[..] >= OLDEST[..]);
    (!present).then(|| Need {
        name: format!("wasm-pack {INSTALLED}"),
        why: "to run the card's own tests in a browser",
        about: "1 min",
        install: |machine| cargo_install::install(machine, "wasm-pack", INSTALLED, &["--locked"]),
    })
}
