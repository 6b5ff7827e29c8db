//! `cargo xtask test`: every suite of the project, one after the other, until one fails.

use std::env;

use anyhow::ensure;

use crate::{
    build,
    command::Cmd,
    deny,
    machine::Machine,
    screen::{format_duration, say},
    tools::{self, browser, python, table},
    weight,
};

/// The programs that the end-to-end tests start.
const PROGRAMS: [&str; 2] = ["airalo-balance-proxy", "airalo-balance-sandbox"];

/// Installs what is missing and runs everything.
pub(crate) fn run(machine: &mut Machine) -> anyhow::Result<()> {
    tools::install(machine, tools::Purpose::Test)?;
    lints(machine)?;
    deny::check(machine)?;
    let mut command = machine.command("cargo").args(["test", "--workspace"]);
    for folder in table::server_folders(machine) {
        command = command.path_first(folder);
    }
    let host = suite(machine, "on the host", &command)?;
    let command = in_the_browser(machine)?;
    let browser = suite(machine, "in a browser", &command)?;
    let build_step = machine.command("node").within("www").args(["--test"]);
    machine.step("Testing www/build.mjs", &build_step)?;
    build::card(machine)?;
    weight::check(machine)?;
    build::programs(machine, "Building the proxy and its stand-in", &PROGRAMS)?;
    let command = end_to_end(machine)?;
    let end_to_end = suite(machine, "end to end", &command)?;
    machine.summary();
    say("");
    say(&format!(
        "All passed: {} tests ({host} on the host, {browser} in the browser, {end_to_end} end to end) in {}",
        host + browser + end_to_end,
        format_duration(machine.started.elapsed())
    ));
    Ok(())
}

/// The examples of backends alone.
pub(crate) fn servers(machine: &mut Machine) -> anyhow::Result<()> {
    tools::install(machine, tools::Purpose::Test)?;
    build::card_if_changed(machine)?;
    build::programs(machine, "Building the stand-in", &PROGRAMS[1..])?;
    // The name of the project's own folder may hold "servers", too.
    let command = playwright(machine)?.args([r"e2e[\\/]servers[\\/]"]);
    suite(machine, "the examples of backends", &command)?;
    machine.summary();
    Ok(())
}

fn lints(machine: &mut Machine) -> anyhow::Result<()> {
    let format = machine.command("cargo").args(["fmt", "--all", "--check"]);
    machine.step("Checking the format", &format)?;
    let strict = ["--all-targets", "--", "-D", "warnings"];
    let host = machine.command("cargo").args(["clippy", "--workspace"]).args(strict);
    machine.step("Checking the code with clippy", &host)?;
    let wasm = ["clippy", "--package", "airalo-balance", "--target", "wasm32-unknown-unknown"];
    let wasm = machine.wasm_command("cargo").args(wasm).args(strict);
    machine.step("Checking the code for browsers with clippy", &wasm).map(drop)
}

/// Runs a suite and counts its tests. If no test ran, they were not found and nothing is proved.
fn suite(machine: &mut Machine, place: &str, command: &Cmd) -> anyhow::Result<usize> {
    let count = passed(&machine.step(&format!("Testing {place}"), command)?);
    ensure!(count > 0, "no test ran {place}");
    say(&format!("  {count} tests passed {place}"));
    Ok(count)
}

fn in_the_browser(machine: &Machine) -> anyhow::Result<Cmd> {
    let browser = browser::find()?;
    browser.check_driver(machine)?;
    let command = machine
        .wasm_command("wasm-pack")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", browser.settings(machine)?)
        // The defaults, 20 s and 5 s, are too short for two busy cores.
        .env_default("WASM_BINDGEN_TEST_TIMEOUT", "180")
        .env_default("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .args(["test", "--headless", "--chrome"]);
    Ok(match browser.driver {
        Some(driver) => command.args(["--mode", "no-install", "--chromedriver"]).args([driver]),
        None => command,
    })
}

fn end_to_end(machine: &mut Machine) -> anyhow::Result<Cmd> {
    let panicking = build::panicking_card(machine)?;
    let plain = build::plain_card(machine)?;
    let command = playwright(machine)?;
    Ok(command.env("AIRALO_PANIC_DIST", panicking).env("AIRALO_PLAIN_DIST", plain))
}

/// Playwright, which is told where everything is.
fn playwright(machine: &Machine) -> anyhow::Result<Cmd> {
    let mut command = machine
        .command("playwright")
        .within("tests/e2e")
        .path_first(machine.at("tests/e2e/node_modules/.bin"))
        .env("AIRALO_SERVERS", env::join_paths(table::server_folders(machine))?)
        .env("AIRALO_DIST", machine.at("dist"))
        .env("AIRALO_PROXY_BIN", machine.built(PROGRAMS[0]))
        .env("AIRALO_SANDBOX_BIN", machine.built(PROGRAMS[1]))
        .env("AIRALO_PYTHON", python::folder(machine))
        .env("AIRALO_CHROMIUM", browser::find()?.program)
        .args(["test", "--reporter=list"]);
    match browser::firefox() {
        Some(firefox) => command = command.env("AIRALO_FIREFOX", firefox),
        None => say("Nothing is tested in Firefox: there is none here, and FIREFOX names none."),
    }
    match table::fonts_are_here() {
        true => command = command.env("AIRALO_FONTS", "1"),
        false => say("No pictures are compared: their fonts are Debian's, and not on this machine."),
    }
    Ok(command)
}

/// How many tests have passed. For each suite cargo and wasm-pack print `test result: ok. 2 passed;`,
/// and Playwright's reporter `list` prints `34 passed (12.3s)` at the end.
fn passed(output: &str) -> usize {
    let total = |line: &str| {
        let mut words = line.trim().trim_start_matches("test result: ok. ").split_whitespace();
        let count = words.next()?.parse::<usize>().ok()?;
        (words.next()?.trim_end_matches(';') == "passed").then_some(count)
    };
    output.lines().filter_map(total).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_is_counted_and_what_failed_or_was_skipped_is_not() {
        let cargo = "test a ... ok\ntest result: ok. 2 passed; 0 failed; 1 ignored\n\n   Doc-tests x\n";
        assert_eq!(passed(&cargo.repeat(2)), 4);
        assert_eq!(passed("test result: FAILED. 7 passed; 1 failed; 0 ignored"), 0);
        assert_eq!(passed("  ✓  1 a test passed (1s)\n\n  2 skipped\n  34 passed (1.2m)\n"), 34);
    }

    #[cfg(unix)]
    #[test]
    fn a_suite_that_runs_no_test_is_an_error_that_names_it() {
        let mut machine = Machine::here().unwrap();
        let none = machine.command("echo").args(["test result: ok. 0 passed; 0 failed"]);
        let error = suite(&mut machine, "in a browser", &none).unwrap_err().to_string();
        assert!(error.contains("in a browser"), "{error}");
    }
}
