//! The packages of the bench: what the card is compared with, and what compares it.

use std::path::PathBuf;

use super::{Need, packages};
use crate::machine::Machine;

/// The folder of the bench.
pub(crate) fn folder(machine: &Machine) -> PathBuf {
    machine.at("bench")
}

pub(super) fn need(machine: &Machine) -> Option<Need> {
    (!packages::are_current(&folder(machine))).then(|| Need {
        name: "the peers from npm, and Playwright".to_owned(),
        why: "to have something to compare the card with",
        about: "15 s",
        install: |machine| packages::install(machine, &folder(machine), "the peers of the bench"),
    })
}
