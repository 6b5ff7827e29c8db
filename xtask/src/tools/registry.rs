//! Programs from the crate registry, and packages from npm and `PyPI`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use super::apt;
use crate::{machine::Machine, process, screen::say};

/// These tools run for seconds. Without optimisation they compile in a fifth of the time, and
/// nobody notices the difference when they run.
const CHEAP_PROFILE: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_LTO", "false"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// Installs a program for this user: as a binary where `cargo binstall` is here, else compiled.
pub(super) fn cargo(machine: &Machine, package: &str, version: &str, flags: &[&str]) -> Result<()> {
    let wanted = format!("{package}@{version}");
    if which::which("cargo-binstall").is_ok() {
        // binstall would compile without the cheap profile, so it is asked for a binary or nothing.
        let binstall = "cargo binstall --no-confirm --force --disable-strategies compile";
        match process::try_run(&machine.command(binstall).arg(&wanted)) {
            Ok(_) => return Ok(()),
            Err(error) => say(&format!("  cargo binstall has no binary ({error}), so it is compiled")),
        }
    }
    // `--force`, because cargo does not notice that somebody has deleted a program.
    let command = machine.command("cargo install --force").arg(&wanted).args(flags.iter().copied());
    let command = CHEAP_PROFILE.iter().fold(command, |command, (name, value)| command.env(name, *value));
    process::run(&command.env("CARGO_TARGET_DIR", scratch(machine))).map(drop)
}

/// The folder in which all of them are compiled, because they share most of their crates.
pub(super) fn scratch(machine: &Machine) -> PathBuf {
    machine.at("target/xtask/cargo-install")
}

/// Whether everything that the lock file of a folder names is installed in that folder.
pub(super) fn is_npm_current(folder: &Path) -> bool {
    let changed = |file: &str| fs::metadata(folder.join(file)).and_then(|file| file.modified()).ok();
    // npm writes this file last, so an installation that was stopped half way does not count.
    let installed = changed("node_modules/.package-lock.json");
    installed.is_some() && installed >= changed("package-lock.json")
}

/// Installs exactly the packages that the lock file of a folder names.
pub(super) fn npm(machine: &Machine, folder: &str, flags: &[&str]) -> Result<()> {
    let command = machine.command("npm ci --no-audit --no-fund --loglevel=error").args(flags.iter().copied());
    // The tests use the browser of this machine, so Playwright need not download its own.
    process::run(&command.within(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")).map(drop)
}

/// The Python packages of the example of a backend, and the environment that they are installed in.
const REQUIREMENTS: &str = "examples/servers/python/requirements.txt";
const PYTHON: &str = "target/python";

/// Whether exactly the packages of the list are installed: a copy of it is written when they are.
pub(super) fn is_python_current(machine: &mut Machine) -> bool {
    let [wanted, installed] = [REQUIREMENTS.into(), format!("{PYTHON}/requirements.txt")]
        .map(|file| fs::read(machine.at(&file)).ok());
    wanted.is_some() && wanted == installed
}

/// Installs them.
pub(super) fn python(machine: &mut Machine) -> Result<()> {
    let create = machine.command("python3 -m venv --clear").arg(PYTHON);
    // Debian has the module `venv` without what it needs in a package of its own.
    if process::try_run(&create).is_err() && apt::is_here() {
        apt::install(machine, &["python3-venv"])?;
        process::try_run(&create)?;
    }
    let pip = machine
        .command("target/python/bin/python -m pip install --quiet --disable-pip-version-check --requirement");
    process::try_run(&pip.arg(REQUIREMENTS))?;
    fs::copy(machine.at(REQUIREMENTS), machine.at(PYTHON).join("requirements.txt"))
        .map(drop)
        .context("cannot write into target/python")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn packages_are_current_until_the_lock_file_changes() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("node_modules")).unwrap();
        let write = |file: &str, age: u64| {
            let changed = SystemTime::now() - Duration::from_secs(age);
            fs::File::create(folder.path().join(file)).unwrap().set_modified(changed).unwrap();
        };
        write("package-lock.json", 60);
        assert!(!is_npm_current(folder.path()));
        write("node_modules/.package-lock.json", 30);
        assert!(is_npm_current(folder.path()));
        write("package-lock.json", 0);
        assert!(!is_npm_current(folder.path()));
    }
}
