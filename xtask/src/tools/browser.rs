//! A Chromium, a Firefox and a WebKit, and the drivers that steer them. `CHROME`, `CHROMEDRIVER`,
//! `FIREFOX`, `GECKODRIVER` and `WEBKIT_DRIVER` choose others.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use serde_json::json;

use super::{apt, version_in};
use crate::{
    command::Cmd,
    machine::{Machine, install_folder},
    screen::warn,
};

/// A browser that tests can be run in.
pub(crate) struct Browser {
    pub(crate) program: PathBuf,
    /// If there is none, wasm-pack downloads the one that fits.
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

/// No window, no first-run pages, no updates, and no process for graphics.
const ARGUMENTS: &str = "--headless=new --disable-gpu --disable-dev-shm-usage --disable-background-networking \
                         --no-first-run --disable-component-update --disable-sync";

/// Finds the browser and its driver.
pub(crate) fn find() -> anyhow::Result<Browser> {
    let program = first("CHROME", &BROWSERS)
        .context("there is no Chrome or Chromium here; install one, or set CHROME to its program")?;
    Ok(Browser { program, driver: first("CHROMEDRIVER", &DRIVERS) })
}

/// Debian's packages of WebKit: the driver, which brings a browser, and a screen that nobody sees.
pub(crate) const WEBKIT_PACKAGES: [&str; 3] = ["webkit2gtk-driver", "xvfb", "xauth"];

/// Finds a Firefox. Playwright needs no driver for it.
pub(crate) fn firefox() -> Option<PathBuf> {
    first("FIREFOX", &["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"])
}

/// Finds the driver of Firefox, which wasm-pack needs.
pub(crate) fn geckodriver() -> Option<PathBuf> {
    let installed =
        install_folder().map(|folder| folder.join(format!("geckodriver{}", env::consts::EXE_SUFFIX)));
    first("GECKODRIVER", &["geckodriver"]).or(installed.filter(|program| program.exists()))
}

/// Finds the driver of WebKitGTK, where there is a screen for its browser.
pub(crate) fn webkit_driver() -> Option<PathBuf> {
    first("WEBKIT_DRIVER", &["WebKitWebDriver"]).filter(|_| which::which("xvfb-run").is_ok())
}

fn first(variable: &str, names: &[&str]) -> Option<PathBuf> {
    let configured = env::var_os(variable).map(PathBuf::from);
    configured.into_iter().chain(names.iter().map(PathBuf::from)).find_map(|name| which::which(name).ok())
}

impl Browser {
    /// Writes a file that tells the runner of the browser tests how to start a Chromium.
    pub(crate) fn chromium_settings(&self, machine: &Machine) -> anyhow::Result<PathBuf> {
        let mut arguments: Vec<_> = ARGUMENTS.split(' ').collect();
        // Chromium refuses to run its sandbox as root. For everybody else the sandbox stays on.
        if apt::is_root(machine) {
            arguments.push("--no-sandbox");
        }
        let options = json!({ "args": arguments, "binary": self.program });
        write_settings(machine, &json!({ "goog:chromeOptions": options }))
    }

    /// The same for a Firefox.
    pub(crate) fn firefox_settings(&self, machine: &Machine) -> anyhow::Result<PathBuf> {
        let options = json!({ "args": ["-headless"], "binary": self.program });
        write_settings(machine, &json!({ "moz:firefoxOptions": options }))
    }

    /// Fails where browser and driver are of different versions: the driver's own message is hard
    /// to understand.
    pub(crate) fn check_driver(&self, machine: &Machine) -> anyhow::Result<()> {
        let Some(driver) = &self.driver else {
            warn("  there is no chromedriver here, so wasm-pack downloads one");
            return Ok(());
        };
        let major = |program: &Path| {
            let answer = Cmd::new(program, &machine.root).args(["--version"]).answer()?;
            version_in(&answer)?.first().copied()
        };
        let (browser, driver_version) = (major(&self.program), major(driver));
        ensure!(
            browser.is_none() || driver_version.is_none() || browser == driver_version,
            "{} has version {} and {} has version {}; both must be the same. \
             CHROME and CHROMEDRIVER choose others",
            self.program.display(),
            browser.unwrap_or_default(),
            driver.display(),
            driver_version.unwrap_or_default()
        );
        Ok(())
    }
}

fn write_settings(machine: &Machine, settings: &serde_json::Value) -> anyhow::Result<PathBuf> {
    let path = machine.scratch().join("webdriver.json");
    fs::create_dir_all(machine.scratch())
        .and_then(|()| fs::write(&path, settings.to_string()))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}
