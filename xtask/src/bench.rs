//! `cargo xtask bench`: the card beside its peers, in one run of one browser; the proxy beside nginx;
//! and the forecast beside other methods.
//!
//! What is measured is written in `bench/`; in JavaScript where it happens in a browser.

use clap::ArgMatches;

use crate::{
    build,
    command::Cmd,
    machine::Machine,
    process,
    screen::{say, warn},
    tools::{self, browser, table},
};

/// Installs, builds, measures.
pub(crate) fn run(machine: &mut Machine, options: &ArgMatches) -> anyhow::Result<()> {
    match options.subcommand() {
        Some(("proxy", _)) => proxy(machine),
        Some(("forecast", _)) => forecast(machine),
        Some((_, options)) => card(machine, options, 3),
        None => card(machine, options, 2),
    }
}

/// Its own options begin at this word of the command line.
fn card(machine: &mut Machine, options: &ArgMatches, own: usize) -> anyhow::Result<()> {
    tools::install(machine, tools::Purpose::Bench)?;
    // Always built: `dist/` may hold a card that Trunk alone has built, which is larger.
    build::card(machine)?;
    if wants_leptos(options) {
        build_leptos(machine)?;
    }
    let bench = machine.command("node").env("AIRALO_CHROMIUM", browser::find()?.program).args(["run.mjs"]);
    measure(machine, bench, own)
}

fn proxy(machine: &mut Machine) -> anyhow::Result<()> {
    tools::install(machine, tools::Purpose::ProxyBench)?;
    build::card_if_changed(machine)?;
    let build = machine.command("cargo").args(["build", "--release", "--package", "airalo-balance-proxy"]);
    machine.step("Building the proxy as it is shipped (about 3 min the first time)", &build)?;
    let program = machine.target.join("release/airalo-balance-proxy");
    let mut bench =
        machine.command("node").env("AIRALO_PROXY_BIN", program).env("AIRALO_DIST", machine.at("dist"));
    for folder in table::server_folders(machine) {
        bench = bench.path_first(folder);
    }
    measure(machine, bench.args(["proxy.mjs"]), 3)
}

fn forecast(machine: &mut Machine) -> anyhow::Result<()> {
    let example =
        ["--package", "airalo-balance", "--no-default-features", "--example", "forecast-comparison"];
    let compare = machine.command("cargo").args(["run"]).args(example).args(["--", "bench/forecast.md"]);
    machine.step("Comparing the forecast with other methods", &compare)?;
    say("  The tables are in bench/forecast.md.");
    Ok(())
}

fn measure(machine: &mut Machine, bench: Cmd, own: usize) -> anyhow::Result<()> {
    let tests = machine.command("node").within("bench").args(["--test"]);
    machine.step("Testing the arithmetic of the bench", &tests)?;
    // The bench knows the same options, and `main` has refused all others.
    let bench = bench.within("bench").args(std::env::args_os().skip(own));
    let output = machine.step("Measuring", &bench)?;
    for line in output.lines().filter(|line| !line.starts_with("round ")) {
        say(&format!("  {line}"));
    }
    machine.summary();
    Ok(())
}

fn wants_leptos(options: &ArgMatches) -> bool {
    let only = options.get_one::<String>("only");
    only.is_none_or(|names| names.split(',').any(|name| name == "leptos"))
}

/// Builds the one peer that takes minutes to compile. The bench goes on without it where it cannot.
fn build_leptos(machine: &mut Machine) -> anyhow::Result<()> {
    let trunk = build::trunk(machine)
        .within("bench/peers/leptos")
        .env("CARGO_TARGET_DIR", &machine.target)
        .args(["build", "--release", "--dist"])
        .args([machine.at("bench/built/leptos")]);
    machine.timed("Building the Leptos peer with Trunk (about 2 min the first time)", |_| {
        let finished = process::watch(&trunk)?;
        if !finished.success {
            warn("  it could not be built and is left out; its output:");
            warn(finished.text.trim_end());
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leptos_is_not_compiled_for_those_who_did_not_ask_for_it() {
        let wanted = |line: &str| {
            let line = format!("xtask bench {line}");
            let arguments = crate::commands().get_matches_from(line.split_whitespace());
            wants_leptos(arguments.subcommand_matches("bench").unwrap())
        };
        assert!(wanted("--quick"));
        assert!(wanted("--only card,leptos"));
        assert!(!wanted("--only card,lit"));
    }
}
