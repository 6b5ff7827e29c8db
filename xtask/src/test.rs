//! `cargo xtask test`: every suite of the project, one after the other, until one fails.

use anyhow::{Result, ensure};
use clap::ArgMatches;

use crate::{
    build,
    command::Cmd,
    machine::Machine,
    package, process,
    programs::{self, Kind},
    screen::{format_duration, say, warn},
    tools::{self, browser::Browser, static_target, table},
    weight,
};

/// The programs that the end-to-end tests start.
const PROGRAMS: [&str; 2] = ["airalo-balance-proxy", "airalo-balance-sandbox"];

/// Installs what is missing and runs everything, or only the suites that are named.
pub(crate) fn run(machine: &mut Machine, options: &ArgMatches) -> Result<()> {
    let suite = options.subcommand();
    let is_wordpress = options.subcommand_name() == Some("wordpress");
    tools::install(machine, if is_wordpress { tools::Purpose::WordPress } else { tools::Purpose::Test })?;
    let count = match suite {
        Some(("package", _)) => npm_package(machine)?,
        Some(("hosts", options)) => hosts(machine, options)?,
        Some(("programs", options)) => programs_to_install(
            machine,
            if options.get_flag("release") { Kind::Release } else { Kind::Test },
        )?,
        Some(("wordpress", _)) => wordpress(machine)?,
        Some(_) => servers(machine)?,
        None => selected(machine, options.get_one::<String>("browser").map(String::as_str))?,
    };
    machine.summary();
    say("");
    say(&format!("All passed: {count} tests in {}", format_duration(machine.started.elapsed())));
    Ok(())
}

/// Everything, or what runs in the browser that is named.
fn selected(machine: &mut Machine, browser: Option<&str>) -> Result<usize> {
    let browsers = match browser {
        None | Some("all") => Browser::all_here()?,
        Some(name) => vec![Browser::named(name)?],
    };
    if browser.is_some() {
        return in_browsers(machine, &browsers);
    }
    let count = on_the_host(machine)? + in_browsers(machine, &browsers)?;
    Ok(count + npm_package(machine)? + programs_to_install(machine, Kind::Test)?)
}

fn on_the_host(machine: &mut Machine) -> Result<usize> {
    lints(machine)?;
    library(machine)?;
    dependencies(machine)?;
    let host = machine.command("cargo test --workspace");
    let www = machine.command("node --test --test-reporter=tap").within("www");
    Ok(suite(machine, "on the host", &host)? + suite(machine, "in www", &www)?)
}

/// The card's own tests, and those from end to end.
fn in_browsers(machine: &mut Machine, browsers: &[Browser]) -> Result<usize> {
    let mut count = 0;
    for browser in browsers {
        let command = browser.unit_tests(machine)?;
        count += suite(machine, &format!("in {browser:?}"), &command)?;
    }
    build::card(machine)?;
    weight::check(machine)?;
    build::programs(machine, "Building the proxy and its stand-in", &PROGRAMS)?;
    build::cards_for_tests(machine)?;
    let end_to_end = playwright(machine, browsers);
    Ok(count + suite(machine, "end to end", &end_to_end)?)
}

/// The npm package in projects of partners. Their tools need a newer Node.js than the build does.
fn npm_package(machine: &mut Machine) -> Result<usize> {
    if !table::node_is_at_least(machine, &[20, 19]) {
        say("The npm package is not tested: the tools of its tests need Node.js 20.19 or newer.");
        return Ok(0);
    }
    package::make(machine, package::FOR_TESTS)?;
    suite(machine, "in projects of partners", &package::tests(machine)?)
}

/// The programs to install, made for that or published. Their code differs from that of the others by
/// a feature, so clippy looks at it too.
fn programs_to_install(machine: &mut Machine, kind: Kind) -> Result<usize> {
    if !static_target::is_here(machine) {
        say(static_target::MISSING);
        return Ok(0);
    }
    if matches!(kind, Kind::Test) {
        programs::make(machine, kind)?;
        let clippy = "cargo clippy --package airalo-balance-proxy --features bundled-card -- -D warnings";
        machine.step("Checking the code of the program with clippy", &machine.command(clippy))?;
    }
    suite(machine, "of the programs to install", &programs::tests(machine, kind)?)
}

/// The examples of backends.
fn servers(machine: &mut Machine) -> Result<usize> {
    build::card_if_changed(machine)?;
    build::programs(machine, "Building the stand-in", &PROGRAMS[1..])?;
    // The name of the project's own folder may hold "servers", too.
    let command = playwright(machine, &[Browser::Chromium]).arg(r"e2e[\\/]servers[\\/]");
    suite(machine, "in the examples of backends", &command)
}

/// The examples of panels, all or those that are named. Those that are built have the npm package.
fn hosts(machine: &mut Machine, options: &ArgMatches) -> Result<usize> {
    package::make(machine, package::FOR_TESTS)?;
    build::programs(machine, "Building the proxy and its stand-in", &PROGRAMS)?;
    let names = options.get_many::<String>("names").into_iter().flatten().map(String::as_str);
    let names = names.collect::<Vec<_>>().join(",");
    let command = playwright(machine, &[Browser::Chromium]).arg(r"e2e[\\/]hosts[\\/]");
    let command = command.env("AIRALO_HOSTS", if names.is_empty() { "all" } else { &names });
    suite(machine, "in the examples of panels", &command)
}

/// The plugin, in a `WordPress` of its own. What that needs is installed only for this.
fn wordpress(machine: &mut Machine) -> Result<usize> {
    package::make(machine, package::FOR_TESTS)?;
    build::programs(machine, "Building the stand-in", &PROGRAMS[1..])?;
    let command = playwright(machine, &[Browser::Chromium]).within("../wordpress");
    let files = machine.at(table::WORDPRESS_FOLDER).join("usr/share/wordpress");
    suite(machine, "in WordPress", &command.env("AIRALO_WORDPRESS", files))
}

fn lints(machine: &mut Machine) -> Result<()> {
    machine.step("Checking the format", &machine.command("cargo fmt --all --check"))?;
    let host = machine.command("cargo clippy --workspace --all-targets -- -D warnings");
    machine.step("Checking the code with clippy", &host)?;
    let wasm = "cargo clippy --package airalo-balance --package yew-host --target wasm32-unknown-unknown";
    let wasm = machine.wasm_command(wasm).args(["--all-targets", "--", "-D", "warnings"]);
    machine.step("Checking the code for browsers with clippy", &wasm).map(drop)
}

/// The crate as others get it: what is packaged compiles by itself, and every link of its documentation
/// leads somewhere.
fn library(machine: &mut Machine) -> Result<()> {
    let package = ["--package", "airalo-balance", "--target", "wasm32-unknown-unknown"];
    let documentation = machine.wasm_command("cargo doc --no-deps").args(package);
    machine
        .step("Writing the documentation of the crate", &documentation.env("RUSTDOCFLAGS", "-D warnings"))?;
    // Everything that it needs is here, so that no registry is asked.
    let packaged = machine.wasm_command("cargo package --allow-dirty --offline").args(package);
    machine.step("Packaging the crate", &packaged).map(drop)
}

/// The crates that are used, by `deny.toml`.
fn dependencies(machine: &mut Machine) -> Result<()> {
    let offline = machine.command("cargo deny --workspace check licenses bans sources");
    machine.step("Checking licences and sources of the crates with cargo-deny", &offline)?;
    let advisories = machine.command("cargo deny --workspace check advisories");
    // They are published at any time, and no reason not to run the tests. Their database is on GitHub,
    // which cannot be reached from everywhere.
    if let Err(error) =
        machine.timed("Looking for advisories about the crates", |_| process::run(&advisories))
    {
        warn(&format!("  the tests go on all the same: {error}"));
    }
    Ok(())
}

/// Runs a suite and counts its tests. If no test ran, they were not found and nothing is proved.
fn suite(machine: &mut Machine, place: &str, command: &Cmd) -> Result<usize> {
    let count = passed(&machine.step(&format!("Testing {place}"), command)?);
    ensure!(count > 0, "no test ran {place}");
    say(&format!("  {count} tests passed {place}"));
    Ok(count)
}

/// Playwright, which is told where the browsers and the programs are.
fn playwright(machine: &Machine, browsers: &[Browser]) -> Cmd {
    let command = machine
        .command("playwright test --reporter=list")
        .within("tests/e2e")
        .path_first(machine.at("tests/e2e/node_modules/.bin"))
        .env("AIRALO_PROXY_BIN", machine.built(PROGRAMS[0]))
        .env("AIRALO_SANDBOX_BIN", machine.built(PROGRAMS[1]));
    let command = browsers.iter().fold(command, |command, browser| browser.chosen_for(command));
    if table::fonts_are_here(machine) {
        return command.env("AIRALO_FONTS", "1");
    }
    say("No pictures are compared: their fonts are Debian's, and not on this machine.");
    command
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
}
