//! The packages of the end-to-end tests, which bring Playwright.

use std::path::PathBuf;

use super::{Need, packages};
use crate::machine::Machine;

/// The folder of the end-to-end tests, if the project has them.
pub(crate) fn folder(machine: &Machine) -> Option<PathBuf> {
    let folder = machine.at("tests/e2e");
    folder.join("package.json").exists().then_some(folder)
}

pub(super) fn need(machine: &Machine) -> Option<Need> {
    (!packages::are_current(&folder(machine)?)).then(|| Need {
        name: "Playwright".to_owned(),
        why: "to run the end-to-end tests",
        about: "10 s",
        install: |machine| match folder(machine) {
            Some(folder) => packages::install(machine, &folder, "the end-to-end tests"),
            None => Ok(()),
        },
    })
}
