//! Packages that a folder of the project asks npm for, in the versions of its lock file.

use std::{fs, path::Path, time::SystemTime};

use anyhow::ensure;

use super::npm::QUIET;
use crate::{machine::Machine, process};

/// Whether everything that the lock file names has been installed.
pub(super) fn are_current(folder: &Path) -> bool {
    let written =
        |file: &str| -> Option<SystemTime> { fs::metadata(folder.join(file)).ok()?.modified().ok() };
    // npm writes the second file last, so an installation that was cut short does not count.
    let installed = written("node_modules/.package-lock.json");
    installed.is_some() && installed >= written("package-lock.json")
}

/// Installs them for a purpose, such as "the end-to-end tests".
pub(super) fn install(machine: &Machine, folder: &Path, purpose: &str) -> anyhow::Result<()> {
    ensure!(which::which("npm").is_ok(), "{purpose} need npm; Node.js 20 or newer brings it");
    // The browser is the one this machine has; Playwright's own would be downloaded a second time.
    let command = machine.command("npm").within(folder).args(["ci"]).args(QUIET);
    process::must(&command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    Ok(())
}
