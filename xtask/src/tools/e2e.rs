//! The packages of the end-to-end tests, which bring Playwright.

use std::{fs, path::PathBuf, time::SystemTime};

use anyhow::ensure;

use super::{Need, npm::QUIET};
use crate::{machine::Machine, process};

/// The folder of the end-to-end tests, if the project has them.
pub(crate) fn folder(machine: &Machine) -> Option<PathBuf> {
    let folder = machine.at("tests/e2e");
    folder.join("package.json").exists().then_some(folder)
}

pub(super) fn need(machine: &Machine) -> Option<Need> {
    let folder = folder(machine)?;
    let written =
        |file: &str| -> Option<SystemTime> { fs::metadata(folder.join(file)).ok()?.modified().ok() };
    // npm writes the second file last, so an installation that was cut short does not count.
    let installed = written("node_modules/.package-lock.json");
    let current = installed.is_some() && installed >= written("package-lock.json");
    (!current).then(|| Need {
        name: "Playwright".to_owned(),
        why: "to run the end-to-end tests",
        about: "10 s",
        install,
    })
}

fn install(machine: &mut Machine) -> anyhow::Result<()> {
    let Some(folder) = folder(machine) else { return Ok(()) };
    ensure!(which::which("npm").is_ok(), "the end-to-end tests need npm; Node.js 18 or newer brings it");
    // The browser is the one this machine has; Playwright's own would be downloaded a second time.
    let command = machine.command("npm").within(&folder).args(["ci"]).args(QUIET);
    process::must(&command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    Ok(())
}
