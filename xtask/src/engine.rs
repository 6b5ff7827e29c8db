//! The browsers that the tests run in. Chromium runs all of them, Firefox and WebKit the card's own
//! and the core of those end to end.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::{
    command::Cmd,
    machine::Machine,
    screen::say,
    tools::browser::{self, Browser},
};

/// A browser, by the engine that it is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// As people write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        }
    }

    /// The engines to test. One that is named has to be here. Without a name they are all that are
    /// here: Chromium has to be, and each of the others that is missing is reported.
    pub(crate) fn chosen(name: Option<&str>) -> anyhow::Result<Vec<Self>> {
        let mut chosen = Vec::new();
        for engine in Self::ALL {
            let is_named = name.is_some_and(|name| name.eq_ignore_ascii_case(engine.name()));
            if !is_named && name.is_some_and(|name| name != "all") {
                continue;
            }
            match engine.missing() {
                None => chosen.push(engine),
                Some(what) if is_named || engine == Self::Chromium => bail!("{what}"),
                Some(what) => say(&format!("Nothing is tested in {}: {what}.", engine.name())),
            }
        }
        Ok(chosen)
    }

    /// What is not here and how to get it.
    fn missing(self) -> Option<String> {
        match self {
            Self::Chromium => browser::find().err().map(|error| error.to_string()),
            Self::Firefox if browser::firefox().is_none() => {
                Some("there is no Firefox here; install one, or set FIREFOX to its program".to_owned())
            }
            Self::WebKit if browser::webkit_driver().is_none() => Some(format!(
                "there is no WebKitGTK with its driver here; on Debian, install {}",
                browser::WEBKIT_PACKAGES.join(" ")
            )),
            Self::Firefox | Self::WebKit => None,
        }
    }

    /// Runs the card's own tests in it.
    pub(crate) fn unit_tests(self, machine: &Machine) -> anyhow::Result<Cmd> {
        let command = machine
            .wasm_command("wasm-pack")
            // The defaults, 20 s and 5 s, are too short for two busy cores.
            .env_default("WASM_BINDGEN_TEST_TIMEOUT", "180")
            .env_default("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
            .args(["test", "--headless"]);
        Ok(match self {
            Self::Chromium => {
                let browser = browser::find()?;
                browser.check_driver(machine)?;
                let settings = browser.chromium_settings(machine)?;
                with_driver(command, settings, browser.driver, ["--chrome", "--chromedriver"])
            }
            Self::Firefox => {
                let program = browser::firefox().context("there is no Firefox here")?;
                let browser = Browser { program, driver: browser::geckodriver() };
                let settings = browser.firefox_settings(machine)?;
                with_driver(command, settings, browser.driver, ["--firefox", "--geckodriver"])
            }
            Self::WebKit => {
                let driver = browser::webkit_driver().context("there is no WebKit here")?;
                // It has no headless mode, and needs a screen. It does not load a page that isolates
                // itself from other origins, which the runner asks for by default.
                command
                    .env("WASM_BINDGEN_TEST_NO_ORIGIN_ISOLATION", "1")
                    .args(["--safari", "--mode", "no-install", "--safaridriver"])
                    .args([driver])
                    .wrapped("xvfb-run", &["--auto-servernum"])
            }
        })
    }

    /// Has the end-to-end tests run in it: Chromium also in the oldest version, which comes with them.
    pub(crate) fn chosen_for(self, command: Cmd) -> anyhow::Result<Cmd> {
        let oldest_is_here = cfg!(all(target_os = "linux", target_arch = "x86_64"));
        let oldest = (self == Self::Chromium && oldest_is_here).then_some("--project=oldest");
        let project = format!("--project={}", self.name().to_lowercase());
        let command = command.args([project]).args(oldest);
        Ok(match self {
            Self::Chromium => command.env("AIRALO_CHROMIUM", browser::find()?.program),
            Self::Firefox => command.env("AIRALO_FIREFOX", browser::firefox().unwrap_or_default()),
            Self::WebKit => command.env("AIRALO_WEBKIT_DRIVER", browser::webkit_driver().unwrap_or_default()),
        })
    }
}

/// Without a driver wasm-pack downloads one.
fn with_driver(
    command: Cmd,
    settings: PathBuf,
    driver: Option<PathBuf>,
    [kind, option]: [&'static str; 2],
) -> Cmd {
    let command = command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings).args([kind]);
    match driver {
        Some(driver) => command.args(["--mode", "no-install", option]).args([driver]),
        None => command,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_engine_is_chosen_by_its_name_in_small_letters() {
        for engine in Engine::ALL {
            let Ok(chosen) = Engine::chosen(Some(&engine.name().to_lowercase())) else { continue };
            assert!(chosen == [engine], "{}", engine.name());
        }
    }
}
