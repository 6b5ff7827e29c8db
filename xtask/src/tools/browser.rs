//! The browsers that the tests run in, and the drivers that steer them. Chromium runs all tests, Firefox
//! and WebKit the card's own and the core of those end to end.
//!
//! `CHROME`, `CHROMEDRIVER`, `FIREFOX`, `GECKODRIVER` and `WEBKIT_DRIVER` choose other programs.

use std::{env, fs, path::PathBuf};

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::{
    command::Cmd,
    machine::{Machine, install_folder},
    screen::say,
};

/// A browser, by the engine that it is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Browser {
    Chromium,
    Firefox,
    WebKit,
}

/// Debian's packages of WebKit: the driver, which brings a browser, and a screen that nobody sees.
pub(super) const WEBKIT_PACKAGES: &[&str] = &["webkit2gtk-driver", "xvfb", "xauth"];

impl Browser {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// Its program. That of WebKitGTK is the driver, which brings the browser; it needs a screen.
    pub(crate) fn program(self) -> Option<PathBuf> {
        match self {
            Self::Chromium => first(
                "CHROME",
                &[
                    "google-chrome",
                    "google-chrome-stable",
                    "chromium",
                    "chromium-browser",
                    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
                    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
                ],
            ),
            Self::Firefox => first(
                "FIREFOX",
                &["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
            ),
            Self::WebKit => self.driver().filter(|_| which::which("xvfb-run").is_ok()),
        }
    }

    /// The driver that wasm-pack needs. Playwright needs it only for WebKit.
    pub(super) fn driver(self) -> Option<PathBuf> {
        match self {
            // Ubuntu keeps the driver of its packaged Chromium outside PATH.
            Self::Chromium => first(
                "CHROMEDRIVER",
                &[
                    "chromedriver",
                    "/snap/bin/chromium.chromedriver",
                    "/usr/lib/chromium-browser/chromedriver",
                ],
            ),
            Self::Firefox => first("GECKODRIVER", &["geckodriver"]),
            Self::WebKit => first("WEBKIT_DRIVER", &["WebKitWebDriver"]),
        }
    }

    /// The browser of this name, in small letters, which has to be here.
    pub(crate) fn named(name: &str) -> Result<Self> {
        let named = |browser: &Self| format!("{browser:?}").to_lowercase() == name;
        let browser = Self::ALL.into_iter().find(named).context("there is no such browser")?;
        browser.program().with_context(|| browser.missing())?;
        Ok(browser)
    }

    /// All that are here. Chromium has to be, and each of the others that is missing is reported.
    pub(crate) fn all_here() -> Result<Vec<Self>> {
        Self::named("chromium")?;
        let mut browsers = Self::ALL.to_vec();
        browsers.retain(|browser| {
            let is_here = browser.program().is_some();
            if !is_here {
                say(&format!("Nothing is tested in {browser:?}: {}.", browser.missing()));
            }
            is_here
        });
        Ok(browsers)
    }

    fn missing(self) -> &'static str {
        match self {
            Self::Chromium => {
                "there is no Chrome or Chromium here; install one, or set CHROME to its program"
            }
            Self::Firefox => "there is no Firefox here; install one, or set FIREFOX to its program",
            Self::WebKit => {
                "there is no WebKitGTK with its driver; on Debian, install webkit2gtk-driver xvfb xauth"
            }
        }
    }

    /// Runs the card's own tests in it.
    pub(crate) fn unit_tests(self, machine: &Machine) -> Result<Cmd> {
        let [kind, option] = match self {
            Self::Chromium => ["--chrome", "--chromedriver"],
            Self::Firefox => ["--firefox", "--geckodriver"],
            Self::WebKit => ["--safari", "--safaridriver"],
        };
        let mut command = machine
            .wasm_command("wasm-pack test --headless")
            .arg(kind)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", self.settings(machine)?)
            // The defaults, 20 s and 5 s, are too short for two busy cores.
            .env_default("WASM_BINDGEN_TEST_TIMEOUT", "180")
            .env_default("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
        // Without a driver wasm-pack downloads one.
        if let Some(driver) = self.driver() {
            command = command.args(["--mode", "no-install", option]).arg(driver);
        }
        if self == Self::WebKit {
            // It has no headless mode. It does not load a page that isolates itself from other
            // origins, which the runner asks for by default.
            command = command.env("WASM_BINDGEN_TEST_NO_ORIGIN_ISOLATION", "1");
            command = command.wrapped("xvfb-run --auto-servernum");
        }
        Ok(command)
    }

    /// Writes a file that tells the runner of the tests where the browser is, and to keep it quiet. The
    /// runner itself asks for no window.
    fn settings(self, machine: &Machine) -> Result<PathBuf> {
        let quiet = [
            "disable-gpu",
            "disable-background-networking",
            "no-first-run",
            "disable-component-update",
            "disable-sync",
        ];
        let settings = match self {
            Self::Chromium => json!({ "goog:chromeOptions": { "args": quiet, "binary": self.program() } }),
            Self::Firefox => json!({ "moz:firefoxOptions": { "binary": self.program() } }),
            Self::WebKit => json!({}),
        };
        let path = machine.empty_folder("target/xtask/webdriver")?.join("webdriver.json");
        fs::write(&path, settings.to_string()).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Has the end-to-end tests run in it: Chromium also in the oldest version, which comes with them.
    pub(crate) fn chosen_for(self, command: Cmd) -> Cmd {
        let (project, variable) = match self {
            Self::Chromium => ("--project=chromium", "AIRALO_CHROMIUM"),
            Self::Firefox => ("--project=firefox", "AIRALO_FIREFOX"),
            Self::WebKit => ("--project=webkit", "AIRALO_WEBKIT_DRIVER"),
        };
        let oldest_is_here = cfg!(all(target_os = "linux", target_arch = "x86_64"));
        let oldest = (self == Self::Chromium && oldest_is_here).then_some("--project=oldest");
        command.arg(project).args(oldest).env(variable, self.program().unwrap_or_default())
    }
}

/// What a variable names, or else the first of these that is here.
fn first(variable: &str, names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = install_folder().into_iter().chain(env::split_paths(&path));
    let path = env::join_paths(folders).ok()?;
    let configured = env::var_os(variable).map(PathBuf::from);
    let mut names = configured.into_iter().chain(names.iter().map(PathBuf::from));
    names.find_map(|name| which::which_in(name, Some(&path), ".").ok())
}
