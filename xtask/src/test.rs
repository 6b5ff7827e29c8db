//! `cargo xtask test`: every suite of the project, one after the other, until one fails.

use std::env;

use anyhow::ensure;
use clap::ArgMatches;

use crate::{
    build,
    command::Cmd,
    deny,
    engine::Engine,
    machine::Machine,
    package, programs,
    screen::{format_duration, say},
    tools::{self, python, static_target, table},
    weight,
};

/// The programs that the end-to-end tests start.
const PROGRAMS: [&str; 2] = ["airalo-balance-proxy", "airalo-balance-sandbox"];

/// Installs what is missing and runs everything, or only the suites that are named.
pub(crate) fn run(machine: &mut Machine, options: &ArgMatches) -> anyhow::Result<()> {
    let purpose = match options.subcommand_name() {
        Some("wordpress") => tools::Purpose::WordPress,
        _ => tools::Purpose::Test,
    };
    tools::install(machine, purpose)?;
    match options.subcommand_name() {
        Some("package") => drop(npm_package(machine)?),
        Some("hosts") => hosts(machine, &names(options))?,
        Some("programs") => drop(programs_to_install(machine, kind(options))?),
        Some("wordpress") => wordpress(machine)?,
        Some(_) => servers(machine)?,
        None => return selected(machine, options),
    }
    machine.summary();
    Ok(())
}

/// Everything, or what runs in the browsers that are named.
fn selected(machine: &mut Machine, options: &ArgMatches) -> anyhow::Result<()> {
    let named = options.get_one::<String>("browser").map(String::as_str);
    let engines = Engine::chosen(named)?;
    let host = if named.is_none() { on_the_host(machine)? } else { 0 };
    let mut browser = 0;
    for engine in &engines {
        browser += suite(machine, &format!("in {}", engine.name()), &engine.unit_tests(machine)?)?;
    }
    build::card(machine)?;
    weight::check(machine)?;
    build::programs(machine, "Building the proxy and its stand-in", &PROGRAMS)?;
    let command = end_to_end(machine, &engines)?;
    let end_to_end = suite(machine, "end to end", &command)?;
    let package = if named.is_none() { npm_package(machine)? } else { 0 };
    let programs = if named.is_none() { programs_to_install(machine, programs::Kind::Test)? } else { 0 };
    machine.summary();
    say("");
    say(&format!(
        "All passed: {} tests ({host} on the host, {browser} in browsers, {end_to_end} end to end, {package} of \
         the npm package, {programs} of the programs to install) in {}",
        host + browser + end_to_end + package + programs,
        format_duration(machine.started.elapsed())
    ));
    Ok(())
}

fn on_the_host(machine: &mut Machine) -> anyhow::Result<usize> {
    lints(machine)?;
    library(machine)?;
    deny::check(machine)?;
    let mut command = machine.command("cargo").args(["test", "--workspace"]);
    for folder in table::server_folders(machine) {
        command = command.path_first(folder);
    }
    let count = suite(machine, "on the host", &command)?;
    let www = machine.command("node").within("www").args(["--test", "--test-reporter=tap"]);
    Ok(count + suite(machine, "in www", &www)?)
}

/// The npm package in projects of partners. Their tools need a newer Node.js than the build does.
fn npm_package(machine: &mut Machine) -> anyhow::Result<usize> {
    if !table::node_is_at_least(machine, &[20, 19]) {
        say("The npm package is not tested: the tools of its tests need Node.js 20.19 or newer.");
        return Ok(0);
    }
    package::make(machine)?;
    suite(machine, "in projects of partners", &package::tests(machine)?)
}

/// The programs to install, made for that or published. Their code differs from that of the others by
/// a feature, so clippy looks at it too.
fn programs_to_install(machine: &mut Machine, kind: programs::Kind) -> anyhow::Result<usize> {
    if !static_target::is_here(machine) {
        say(static_target::MISSING);
        return Ok(0);
    }
    if matches!(kind, programs::Kind::Test) {
        programs::make(machine, kind)?;
        let clippy =
            ["clippy", "--package", programs::PROXY, "--features", "bundled-card", "--", "-D", "warnings"];
        machine
            .step("Checking the code of the program with clippy", &machine.command("cargo").args(clippy))?;
    }
    suite(machine, "of the programs to install", &programs::tests(machine, kind)?)
}

fn kind(options: &ArgMatches) -> programs::Kind {
    let is_release = options.subcommand().is_some_and(|(_, options)| options.get_flag("release"));
    if is_release { programs::Kind::Release } else { programs::Kind::Test }
}

/// The examples of backends.
fn servers(machine: &mut Machine) -> anyhow::Result<()> {
    build::card_if_changed(machine)?;
    build::programs(machine, "Building the stand-in", &PROGRAMS[1..])?;
    // The name of the project's own folder may hold "servers", too.
    let command = playwright(machine, &[Engine::Chromium])?.args([r"e2e[\\/]servers[\\/]"]);
    suite(machine, "in the examples of backends", &command).map(drop)
}

/// The examples of panels. Those that are built have the npm package.
fn hosts(machine: &mut Machine, names: &str) -> anyhow::Result<()> {
    package::make(machine)?;
    build::programs(machine, "Building the proxy and its stand-in", &PROGRAMS)?;
    let command = playwright(machine, &[Engine::Chromium])?.args([r"e2e[\\/]hosts[\\/]"]);
    let command = command.env("AIRALO_HOSTS", names).env("AIRALO_HOSTS_DIR", machine.target.join("hosts"));
    suite(machine, "in the examples of panels", &command).map(drop)
}

/// The examples that are named, or all, as their tests want them.
fn names(options: &ArgMatches) -> String {
    let named = options.subcommand().and_then(|(_, options)| options.get_many::<String>("names"));
    let names: Vec<_> = named.into_iter().flatten().map(String::as_str).collect();
    if names.is_empty() { "all".to_owned() } else { names.join(",") }
}

/// The plugin, in a `WordPress` of its own. What that needs is installed only for this.
fn wordpress(machine: &mut Machine) -> anyhow::Result<()> {
    package::make(machine)?;
    build::programs(machine, "Building the stand-in", &PROGRAMS[1..])?;
    let command = playwright(machine, &[Engine::Chromium])?.within("../wordpress");
    let command = command.env("AIRALO_WORDPRESS", table::wordpress_folder(machine));
    suite(machine, "in WordPress", &command).map(drop)
}

fn lints(machine: &mut Machine) -> anyhow::Result<()> {
    let format = machine.command("cargo").args(["fmt", "--all", "--check"]);
    machine.step("Checking the format", &format)?;
    let strict = ["--all-targets", "--", "-D", "warnings"];
    let host = machine.command("cargo").args(["clippy", "--workspace"]).args(strict);
    machine.step("Checking the code with clippy", &host)?;
    let wasm = [
        "clippy",
        "--package",
        "airalo-balance",
        "--package",
        "yew-host",
        "--target",
        "wasm32-unknown-unknown",
    ];
    let wasm = machine.wasm_command("cargo").args(wasm).args(strict);
    machine.step("Checking the code for browsers with clippy", &wasm).map(drop)
}

/// The crate as others get it: what is packaged compiles by itself, and every link of its documentation
/// leads somewhere.
fn library(machine: &mut Machine) -> anyhow::Result<()> {
    let package = ["--package", "airalo-balance", "--target", "wasm32-unknown-unknown"];
    let documentation = machine.wasm_command("cargo").args(["doc", "--no-deps"]).args(package);
    machine
        .step("Writing the documentation of the crate", &documentation.env("RUSTDOCFLAGS", "-D warnings"))?;
    // Everything that it needs is here, so that no registry is asked.
    let packaged =
        machine.wasm_command("cargo").args(["package", "--allow-dirty", "--offline"]).args(package);
    machine.step("Packaging the crate", &packaged).map(drop)
}

/// Runs a suite and counts its tests. If no test ran, they were not found and nothing is proved.
fn suite(machine: &mut Machine, place: &str, command: &Cmd) -> anyhow::Result<usize> {
    let count = passed(&machine.step(&format!("Testing {place}"), command)?);
    ensure!(count > 0, "no test ran {place}");
    say(&format!("  {count} tests passed {place}"));
    Ok(count)
}

fn end_to_end(machine: &mut Machine, engines: &[Engine]) -> anyhow::Result<Cmd> {
    let panicking = build::panicking_card(machine)?;
    let plain = build::plain_card(machine)?;
    let yew_host = build::yew_host(machine)?;
    let command = playwright(machine, engines)?;
    let command = command.env("AIRALO_PANIC_DIST", panicking).env("AIRALO_PLAIN_DIST", plain);
    Ok(command.env("AIRALO_YEW_HOST", yew_host))
}

/// Playwright, which is told where everything is.
fn playwright(machine: &Machine, engines: &[Engine]) -> anyhow::Result<Cmd> {
    let mut command = machine
        .command("playwright")
        .within("tests/e2e")
        .path_first(machine.at("tests/e2e/node_modules/.bin"))
        .env("AIRALO_SERVERS", env::join_paths(table::server_folders(machine))?)
        .env("AIRALO_DIST", machine.at("dist"))
        .env("AIRALO_PROXY_BIN", machine.built(PROGRAMS[0]))
        .env("AIRALO_SANDBOX_BIN", machine.built(PROGRAMS[1]))
        .env("AIRALO_PYTHON", python::folder(machine))
        .args(["test", "--reporter=list"]);
    for engine in engines {
        command = engine.chosen_for(command)?;
    }
    match table::fonts_are_here() {
        true => command = command.env("AIRALO_FONTS", "1"),
        false => say("No pictures are compared: their fonts are Debian's, and not on this machine."),
    }
    Ok(command)
}

/// How many tests have passed. For each suite cargo and wasm-pack print `test result: ok. 2 passed;`; at
/// the end Playwright's reporter `list` prints `34 passed (12.3s)` and Node's reporter `tap` `# pass 34`.
fn passed(output: &str) -> usize {
    let total = |line: &str| {
        if let Some(count) = line.strip_prefix("# pass ") {
            return count.parse::<usize>().ok();
        }
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
        assert_eq!(passed("ok 1 - a fact\n# tests 3\n# pass 2\n# fail 1\n"), 2);
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
