//! `cargo xtask test`: every suite of the project, one after the other, until one fails.

use anyhow::ensure;

use crate::{
    build, counts,
    machine::Machine,
    screen::{say, spoken},
    tools::{self, browser, e2e, fonts},
    weight,
};

/// The programs that the end-to-end tests start for themselves.
const PROGRAMS: [&str; 2] = ["airalo-balance-proxy", "airalo-balance-sandbox"];

/// The default of 20 s is for a machine with more than two cores that does nothing else.
const BROWSER_SECONDS: &str = "180";

/// The same for the driver, whose default is 5 s.
const DRIVER_SECONDS: &str = "60";

/// Installs what is missing and runs everything.
pub(crate) fn run(machine: &mut Machine) -> anyhow::Result<()> {
    tools::for_tests(machine)?;
    lints(machine)?;
    let host = counted(on_the_host(machine)?, "on the host")?;
    let browser = counted(in_the_browser(machine)?, "in the browser")?;
    build::card(machine)?;
    weight::check(machine)?;
    build::programs(machine, "Building the proxy and its stand-in", &PROGRAMS)?;
    let end_to_end = match end_to_end(machine)? {
        Some(count) => counted(count, "end to end")?,
        None => {
            say("There are no end-to-end tests: tests/e2e has no package.json");
            0
        }
    };
    machine.summary();
    say("");
    say(&format!(
        "All passed: {} tests ({host} on the host, {browser} in the browser, {end_to_end} end to end) in {}",
        host + browser + end_to_end,
        spoken(machine.elapsed())
    ));
    Ok(())
}

/// A suite that runs nothing proves nothing, and is usually one that was not found.
fn counted(count: usize, place: &str) -> anyhow::Result<usize> {
    ensure!(count > 0, "no test ran {place}");
    say(&format!("  {count} tests passed {place}"));
    Ok(count)
}

fn lints(machine: &mut Machine) -> anyhow::Result<()> {
    let format = machine.command("cargo").args(["fmt", "--all", "--check"]);
    machine.step("Checking the format", &format)?;
    let strict = ["--all-targets", "--", "-D", "warnings"];
    let host = machine.command("cargo").args(["clippy", "--workspace"]).args(strict);
    machine.step("Reading the code with clippy", &host)?;
    let wasm = machine.wasm_command("cargo").args(["clippy", "--package", "airalo-balance"]);
    let wasm = wasm.args(["--target", "wasm32-unknown-unknown"]).args(strict);
    machine.step("Reading it again as browsers get it", &wasm)?;
    Ok(())
}

fn on_the_host(machine: &mut Machine) -> anyhow::Result<usize> {
    let command = machine.command("cargo").args(["test", "--workspace"]);
    machine.step("Testing on the host", &command).map(|output| counts::of_cargo(&output))
}

fn in_the_browser(machine: &mut Machine) -> anyhow::Result<usize> {
    let browser = browser::find()?;
    browser.check_driver(machine)?;
    let mut command = machine
        .wasm_command("wasm-pack")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", browser.settings(machine)?)
        .env_default("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_SECONDS)
        .env_default("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", DRIVER_SECONDS)
        .args(["test", "--headless", "--chrome"]);
    if let Some(driver) = browser.driver {
        command = command.args(["--mode", "no-install", "--chromedriver"]).args([driver]);
    }
    machine.step("Testing in a browser", &command).map(|output| counts::of_cargo(&output))
}

fn end_to_end(machine: &mut Machine) -> anyhow::Result<Option<usize>> {
    let Some(folder) = e2e::folder(machine) else { return Ok(None) };
    let panicking = machine.at("target/panic-dist");
    build::panicking_card(machine, &panicking)?;
    let mut command = machine
        .command("npx")
        .within(&folder)
        .env("AIRALO_PANIC_DIST", &panicking)
        .env("AIRALO_DIST", machine.dist())
        .env("AIRALO_PROXY_BIN", machine.built(PROGRAMS[0]))
        .env("AIRALO_SANDBOX_BIN", machine.built(PROGRAMS[1]))
        .env("AIRALO_CHROMIUM", browser::find()?.program)
        // The list is the reporter whose last lines are counted.
        .args(["playwright", "test", "--reporter=list"]);
    if fonts::are_here() {
        command = command.env("AIRALO_FONTS", "1");
    } else {
        say("  no pictures are compared: their fonts are Debian’s, and not on this machine");
    }
    machine.step("Testing end to end", &command).map(|output| Some(counts::of_playwright(&output)))
}
