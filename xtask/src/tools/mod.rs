//! Which tools the project needs, which of them are missing here, and how each is had.
//!
//! Every tool is its own file with one question, `need`: is it missing, and if so, what is said
//! and done about it. The ordinary way comes first; a fall-back says that it is one, and why.

mod apt;
pub(crate) mod bindgen;
pub(crate) mod browser;
mod cargo_install;
pub(crate) mod e2e;
pub(crate) mod fonts;
mod lints;
pub(crate) mod npm;
mod packages;
pub(crate) mod peers;
pub(crate) mod std_source;
mod target;
mod trunk;
mod wasm_pack;

use std::time::Instant;

use crate::{machine::Machine, process, screen::say};

/// A tool that is missing here.
struct Need {
    name: String,
    /// What the project needs it for: "to …".
    why: &'static str,
    /// Roughly how long it takes, measured on two cores.
    about: &'static str,
    install: fn(&mut Machine) -> anyhow::Result<()>,
}

/// Installs what the demo lacks.
pub(crate) fn for_demo(machine: &mut Machine) -> anyhow::Result<()> {
    let needs = [target::need(machine), trunk::need(machine), bindgen::need(machine)?, npm::need(machine)];
    install(machine, needs.into_iter().flatten())?;
    smaller_library(machine)
}

/// Whose sources these are depends on the toolchain that now has the target.
fn smaller_library(machine: &mut Machine) -> anyhow::Result<()> {
    let sources = std_source::need(machine);
    install(machine, sources)
}

/// Installs what the tests lack, which is the demo's tools and a browser with its own.
pub(crate) fn for_tests(machine: &mut Machine) -> anyhow::Result<()> {
    let needs = [
        target::need(machine),
        trunk::need(machine),
        bindgen::need_runner(machine)?,
        npm::need(machine),
        wasm_pack::need(machine),
        browser::need(),
        e2e::need(machine),
        fonts::need(),
    ];
    install(machine, needs.into_iter().flatten())?;
    smaller_library(machine)?;
    // So does which clippy is the right one.
    let lints = lints::need(machine);
    install(machine, lints)
}

/// Installs what the bench lacks, which is the demo's tools, a browser and the peers.
pub(crate) fn for_bench(machine: &mut Machine) -> anyhow::Result<()> {
    let needs = [
        target::need(machine),
        trunk::need(machine),
        bindgen::need(machine)?,
        npm::need(machine),
        browser::need(),
        peers::need(machine),
    ];
    install(machine, needs.into_iter().flatten())
}

fn install(machine: &mut Machine, needs: impl IntoIterator<Item = Need>) -> anyhow::Result<()> {
    let needs: Vec<_> = needs.into_iter().collect();
    if needs.len() > 1 {
        say("Missing on this machine, and installed once:");
        for Need { name, why, about, .. } in &needs {
            say(&format!("  {name}, {why} (about {about})"));
        }
        say("");
    }
    for need in &needs {
        say(&format!("Installing {}, {} (about {})", need.name, need.why, need.about));
        let started = Instant::now();
        (need.install)(machine)?;
        machine.note(&format!("installing {}", need.name), started.elapsed());
    }
    cargo_install::tidy(machine);
    Ok(())
}

/// The first version number in what a program says about itself; a missing program has none.
fn version_in(answer: Option<&str>) -> Option<Vec<u32>> {
    let word = answer?.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(word.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect())
}

/// Why a command failed, in its own words: its first error, or else the last thing it said.
fn reason_of(finished: &process::Finished) -> &str {
    let mut lines = finished.text.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines.clone().find_map(|line| line.strip_prefix("error: "));
    error.or_else(|| lines.next_back()).unwrap_or("it gave no reason")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_words_around_them_and_compare_as_numbers() {
        let version = |answer| version_in(Some(answer)).unwrap();
        assert_eq!(version("trunk 0.22.1"), [0, 22, 1]);
        assert_eq!(version("wasm-opt version 132 (version_132)"), [132]);
        assert_eq!(version("Chromium 156.0.8078.79 built on Debian"), [156, 0, 8078, 79]);
        assert_eq!(version("trunk 0.21.0-rc.1"), [0, 21, 0]);
        assert!(version("wasm-opt version 99") < version("wasm-opt version 108"));
        assert_eq!(version_in(None), None);
        assert_eq!(version_in(Some("not a version")), None);
    }
}
