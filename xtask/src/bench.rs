//! The card beside its peers, in one run of one browser.
//!
//! What is measured and how is in `bench/`, in JavaScript, because a browser is what it is about.
//! Here only what it takes is put in place.

use std::{ffi::OsString, path::PathBuf};

use anyhow::Context as _;
use lexopt::prelude::{Long, ValueExt as _};

use crate::{
    build, fresh,
    machine::Machine,
    process, refused,
    screen::{say, warn},
    tools::{self, browser, npm, peers},
};

/// What is passed on to the bench, once it is known to mean something there.
pub(crate) fn options(arguments: &mut lexopt::Parser) -> anyhow::Result<Vec<OsString>> {
    let mut options = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("quick") => options.push("--quick".into()),
            Long(name @ ("only" | "output")) => {
                let name = format!("--{name}");
                let value = arguments.value().with_context(|| format!("{name} wants a value"))?.string()?;
                options.extend([name.into(), value.into()]);
            }
            other => return Err(refused(&other)),
        }
    }
    Ok(options)
}

/// Installs, builds, measures.
pub(crate) fn run(machine: &mut Machine, options: &[OsString]) -> anyhow::Result<()> {
    tools::for_bench(machine)?;
    if !fresh::is_fresh(machine) {
        build::card(machine)?;
    }
    let folder = peers::folder(machine);
    // Everything else is built in a second, by the bench itself.
    if wants_leptos(options) && !leptos_is_fresh(machine) {
        build_leptos(machine)?;
    }
    let node = |machine: &Machine| machine.command("node").within(&folder);
    let checks = node(machine).args(["--test"]);
    machine.step("Testing the arithmetic of the bench", &checks)?;
    let bench = node(machine).env("AIRALO_CHROMIUM", browser::find()?.program).args(["run.mjs"]);
    let output = machine.step("Measuring", &bench.args(options))?;
    for line in output.lines().filter(|line| !line.starts_with("round ")) {
        say(&format!("  {line}"));
    }
    machine.summary();
    Ok(())
}

fn wants_leptos(options: &[OsString]) -> bool {
    let only = options.iter().skip_while(|option| *option != "--only").nth(1);
    only.is_none_or(|names| names.to_string_lossy().split(',').any(|name| name == "leptos"))
}

fn leptos(machine: &Machine) -> (PathBuf, PathBuf) {
    let folder = peers::folder(machine);
    (folder.join("peers/leptos"), folder.join("built/leptos"))
}

fn leptos_is_fresh(machine: &Machine) -> bool {
    let (source, built) = leptos(machine);
    let built = fresh::newest(&built.join("index.html"));
    built.is_ok_and(|built| fresh::newest(&source).is_ok_and(|changed| changed < built))
}

/// The one peer that takes minutes to compile, so the bench goes on without it where it cannot.
fn build_leptos(machine: &mut Machine) -> anyhow::Result<()> {
    let (source, built) = leptos(machine);
    let trunk = machine
        .wasm_command("trunk")
        .within(&source)
        .env("CARGO_TARGET_DIR", &machine.target)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        .args(["build", "--release", "--dist"])
        .args([built]);
    let title = "Building the Leptos peer with Trunk (about 2 min the first time)";
    say(title);
    let finished = process::watch(&npm::with_programs(machine, trunk))?;
    if finished.success {
        machine.note(title, finished.took);
    } else {
        warn("  it could not be built and is left out; what it said:");
        warn(finished.text.trim_end());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> anyhow::Result<Vec<OsString>> {
        options(&mut lexopt::Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn what_the_bench_knows_is_passed_on_and_nothing_else() {
        assert_eq!(read("--quick --only card,lit").unwrap(), ["--quick", "--only", "card,lit"]);
        assert!(read("--fast").is_err());
        assert!(read("--only").is_err());
    }

    #[test]
    fn leptos_is_not_compiled_for_those_who_did_not_ask_for_it() {
        assert!(wants_leptos(&read("--quick").unwrap()));
        assert!(wants_leptos(&read("--only card,leptos").unwrap()));
        assert!(!wants_leptos(&read("--only card,lit").unwrap()));
    }

    #[test]
    fn the_leptos_peer_is_built_with_the_wasm_bindgen_that_the_card_installs() {
        let machine = Machine::here().unwrap();
        let version = |lock: &str| {
            let lock = std::fs::read_to_string(machine.at(lock)).unwrap();
            tools::bindgen::version_in_lock(&lock, "wasm-bindgen").unwrap()
        };
        assert_eq!(version("bench/peers/leptos/Cargo.lock"), version("Cargo.lock"));
    }
}
