//! `cargo xtask bench`: the card beside its peers, in one run of one browser; the proxy beside nginx;
//! and the forecast beside other methods.
//!
//! What is measured is written in `bench/`; in JavaScript where it happens in a browser.

use anyhow::Result;
use clap::ArgMatches;

use crate::{
    build,
    command::Cmd,
    machine::Machine,
    screen::{say, warn},
    tools::{self, browser::Browser},
};

/// Installs, builds, measures.
pub(crate) fn run(machine: &mut Machine, options: &ArgMatches) -> Result<()> {
    match options.get_one::<String>("what").map(String::as_str) {
        Some("proxy") => proxy(machine, options),
        Some("forecast") => forecast(machine),
        _ => card(machine, options),
    }
}

fn card(machine: &mut Machine, options: &ArgMatches) -> Result<()> {
    tools::install(machine, tools::Purpose::Bench)?;
    // Always built: `dist/` may hold a card that Trunk alone has built, which is larger.
    build::card(machine)?;
    let only = options.get_one::<String>("only");
    if only.is_none_or(|names| names.split(',').any(|name| name == "leptos")) {
        build_leptos(machine);
    }
    let chromium = Browser::named("chromium")?.program().unwrap_or_default();
    measure(machine, machine.command("node run.mjs").env("AIRALO_CHROMIUM", chromium), options)
}

fn proxy(machine: &mut Machine, options: &ArgMatches) -> Result<()> {
    tools::install(machine, tools::Purpose::ProxyBench)?;
    build::card_if_changed(machine)?;
    let build = machine.command("cargo build --release --package airalo-balance-proxy");
    machine.step("Building the proxy as it is shipped (about 3 min the first time)", &build)?;
    let program = machine.target.join("release/airalo-balance-proxy");
    measure(machine, machine.command("node proxy.mjs").env("AIRALO_PROXY_BIN", program), options)
}

fn forecast(machine: &mut Machine) -> Result<()> {
    let example = "cargo run --package airalo-balance --no-default-features --example forecast-comparison";
    let compare = machine.command(example).args(["--", "bench/forecast.md"]);
    machine.step("Comparing the forecast with other methods", &compare)?;
    say("  The tables are in bench/forecast.md.");
    Ok(())
}

fn measure(machine: &mut Machine, mut bench: Cmd, options: &ArgMatches) -> Result<()> {
    let tests = machine.command("node --test").within("bench");
    machine.step("Testing the arithmetic of the bench", &tests)?;
    if options.get_flag("quick") {
        bench = bench.arg("--quick");
    }
    for name in ["only", "output"] {
        let value = options.get_one::<String>(name);
        bench = bench.args(value.map(|value| format!("--{name}={value}")));
    }
    let output = machine.step("Measuring", &bench.within("bench"))?;
    for line in output.lines().filter(|line| !line.starts_with("round ")) {
        say(&format!("  {line}"));
    }
    machine.summary();
    Ok(())
}

/// Builds the one peer that takes minutes to compile. The bench goes on without it where it cannot.
fn build_leptos(machine: &mut Machine) {
    let trunk = build::trunk(machine, "build --release --dist ../../built/leptos")
        .within("bench/peers/leptos")
        .env("CARGO_TARGET_DIR", &machine.target);
    if let Err(error) =
        machine.step("Building the Leptos peer with Trunk (about 2 min the first time)", &trunk)
    {
        warn(&format!("  it is left out: {error}"));
    }
}
