//! A Chromium and the driver that steers it. The person's own comes before one of ours.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use serde_json::json;

use super::{Need, apt, version_in};
use crate::{command::Cmd, machine::Machine, screen::warn};

/// A browser that tests can be run in.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) program: PathBuf,
    /// Missing where only wasm-pack can tell which one to download.
    pub(crate) driver: Option<PathBuf>,
}

const BROWSERS: [&str; 6] = [
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
];

/// Ubuntu keeps the driver of its packaged Chromium outside PATH.
const DRIVERS: [&str; 3] =
    ["chromedriver", "/snap/bin/chromium.chromedriver", "/usr/lib/chromium-browser/chromedriver"];

/// Quiet and alone: no first-run pages, no updates, no second process for graphics that nobody sees.
const ARGUMENTS: [&str; 7] = [
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
];

pub(super) fn need() -> Option<Need> {
    let complete = find().is_ok_and(|browser| browser.driver.is_some());
    // Outside Debian wasm-pack downloads the driver, and the browser is for the person to choose.
    (!complete && apt::is_here()).then(|| Need {
        name: "Chromium and its driver".to_owned(),
        why: "to run the browser tests in",
        about: "20 s",
        install: |machine| apt::install(machine, &["chromium", "chromium-driver"]),
    })
}

/// Finds the browser and its driver.
pub(crate) fn find() -> anyhow::Result<Browser> {
    let program = first("CHROME", &BROWSERS)
        .context("there is no Chrome or Chromium here; install one, or set CHROME to its program")?;
    Ok(Browser { program, driver: first("CHROMEDRIVER", &DRIVERS) })
}

fn first(variable: &str, names: &[&str]) -> Option<PathBuf> {
    let given = env::var_os(variable).map(PathBuf::from);
    let known = names.iter().map(PathBuf::from);
    given.into_iter().chain(known).find_map(|name| which::which(name).ok())
}

impl Browser {
    /// Writes how the browser is to be started, for the runner of the browser tests.
    pub(crate) fn settings(&self, machine: &Machine) -> anyhow::Result<PathBuf> {
        let mut arguments = ARGUMENTS.to_vec();
        // Chromium refuses to start its sandbox for root. For everybody else it stays on.
        if apt::is_root(machine) {
            arguments.push("--no-sandbox");
        }
        let settings = json!({ "goog:chromeOptions": { "args": arguments, "binary": self.program } });
        let path = machine.tools().join("webdriver.json");
        fs::create_dir_all(machine.tools())
            .and_then(|()| fs::write(&path, settings.to_string()))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// A driver steers only browsers of its own major version, and says so in less clear words.
    pub(crate) fn check_driver(&self, machine: &Machine) -> anyhow::Result<()> {
        let Some(driver) = &self.driver else {
            warn("  there is no chromedriver here, so wasm-pack downloads one");
            return Ok(());
        };
        let major = |program: &Path| {
            let answer = Cmd::new(program, &machine.root).args(["--version"]).answer();
            version_in(answer.as_deref()).and_then(|version| version.first().copied())
        };
        if let (Some(browser), Some(driver_version)) = (major(&self.program), major(driver)) {
            ensure!(
                browser == driver_version,
                "{} is of version {browser} and {} of version {driver_version}; they must be of the same. \
                 CHROME and CHROMEDRIVER choose others",
                self.program.display(),
                driver.display()
            );
        }
        Ok(())
    }
}
