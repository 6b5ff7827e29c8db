//! The tools that the project needs, and their installation.
//!
//! [`table`] has one entry for each tool. The ordinary way to install it comes first; a fall-back
//! says that it is one, and why.

mod apt;
pub(crate) mod browser;
pub(crate) mod python;
mod registry;
pub(crate) mod static_target;
pub(crate) mod table;
mod target;

use anyhow::ensure;

use crate::{machine::Machine, screen::say};

/// What a tool is needed for. All the others need what the build needs, too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Build,
    Package,
    Test,
    Bench,
    ProxyBench,
    WordPress,
}

/// A tool that the project needs.
struct Tool {
    name: &'static str,
    /// "to …"
    why: &'static str,
    /// How long the installation takes on two cores.
    about: &'static str,
    needed_for: &'static [Purpose],
    /// Whether it is here, in a version that will do. The machine may note where.
    is_here: fn(&mut Machine) -> bool,
    how: How,
}

/// How a tool is installed.
enum How {
    /// A program from the crate registry.
    Cargo { package: &'static str, version: &'static str, flags: &'static [&'static str] },
    /// The npm packages that a folder of the project names.
    Npm { folder: &'static str, flags: &'static [&'static str] },
    /// Packages of Debian.
    Apt { packages: &'static [&'static str] },
    /// A function, which also decides whether a failure is an error.
    Special(fn(&mut Machine) -> anyhow::Result<()>),
}

/// Installs what is missing, after a list of all of it.
pub(crate) fn install(machine: &mut Machine, purpose: Purpose) -> anyhow::Result<()> {
    let needed = |tool: &&Tool| [Purpose::Build, purpose].iter().any(|one| tool.needed_for.contains(one));
    let tools: Vec<_> = table::TOOLS.iter().filter(needed).collect();
    let missing: Vec<_> = tools.iter().filter(|tool| !(tool.is_here)(machine)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say("Missing on this machine, and installed once:");
    for Tool { name, why, about, .. } in missing {
        say(&format!("  {name}, {why} (about {about})"));
    }
    // Each is looked for once more, because one installation may bring another tool along, or
    // choose a toolchain that lacks one.
    for tool in tools {
        if !(tool.is_here)(machine) {
            machine.timed(&format!("Installing {}", tool.name), |machine| tool.install(machine))?;
        }
    }
    // The folder is large and no longer needed. If it cannot be deleted, `cargo clean` does it.
    let _ = std::fs::remove_dir_all(registry::scratch(machine));
    Ok(())
}

impl Tool {
    fn install(&self, machine: &mut Machine) -> anyhow::Result<()> {
        match self.how {
            How::Cargo { package, version, flags } => registry::cargo(machine, package, version, flags)?,
            How::Npm { folder, flags } => registry::npm(machine, folder, flags)?,
            How::Apt { packages } => apt::install(machine, packages)?,
            How::Special(install) => return install(machine),
        }
        ensure!((self.is_here)(machine), "{} was installed and is still not found", self.name);
        Ok(())
    }
}

/// The first version number in what a program prints about itself.
fn version_in(answer: &str) -> Option<Vec<u32>> {
    let mut words = answer.split_whitespace().map(|word| word.trim_start_matches('v'));
    let version = words.find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_words_around_them_and_compare_as_numbers() {
        let version = |answer| version_in(answer).unwrap();
        assert_eq!(version("v20.20.2"), [20, 20, 2]);
        assert_eq!(version("Chromium 156.0.8078.79 built on Debian"), [156, 0, 8078, 79]);
        assert_eq!(version("trunk 0.21.0-rc.1"), [0, 21, 0]);
        assert!(version("wasm-opt version 99") < version("wasm-opt version 108"));
        assert_eq!(version_in("not a version"), None);
    }
}
