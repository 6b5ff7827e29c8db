//! The tools that the project needs, and their installation.
//!
//! [`table`] has one entry for each tool. The ordinary way to install it comes first; a fall-back
//! says that it is one, and why.

mod apt;
pub(crate) mod browser;
mod registry;
pub(crate) mod static_target;
pub(crate) mod table;
mod target;

use anyhow::{Result, ensure};

use crate::{interrupt, machine::Machine, screen::say};

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
    how: How,
    /// Whether something else is here that does as well.
    replaced: fn() -> bool,
    /// What happens where it cannot be had. If nothing is said here, nothing is possible without it.
    without: Option<&'static str>,
}

/// How a tool is found and installed.
enum How {
    /// A program from the crate registry; any version from the oldest one will do.
    Cargo {
        program: &'static str,
        oldest: &'static [u32],
        version: &'static str,
        flags: &'static [&'static str],
    },
    /// The npm packages that a folder of the project names.
    Npm { folder: &'static str, flags: &'static [&'static str] },
    /// Packages of Debian. Elsewhere what they bring is used where it is.
    Apt(&'static [&'static str]),
    /// Packages of Debian that are unpacked into a folder instead, because as services they would start.
    Unpacked { folder: &'static str, packages: &'static [&'static str] },
    /// Functions that look for it and install it.
    Special(fn(&mut Machine) -> bool, fn(&mut Machine) -> Result<()>),
}

/// Installs what is missing, after a list of all of it.
pub(crate) fn install(machine: &mut Machine, purpose: Purpose) -> Result<()> {
    let needed = |tool: &&Tool| [Purpose::Build, purpose].iter().any(|one| tool.needed_for.contains(one));
    let tools: Vec<_> = table::TOOLS.iter().filter(needed).collect();
    let missing: Vec<_> = tools.iter().filter(|tool| !tool.is_here(machine)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say("Missing on this machine, and installed once:");
    for Tool { name, why, about, .. } in &missing {
        say(&format!("  {name}, {why} (about {about})"));
    }
    // Whoever has to type a password learns it at once, and not after minutes of compiling. What the
    // project can do without is no reason to stop.
    let required = missing.iter().filter(|tool| tool.without.is_none());
    let packages: Vec<_> = required.flat_map(|tool| tool.packages()).copied().collect();
    apt::ensure_rights(machine, &packages)?;
    // Each is looked for once more, because one installation may bring another tool along, or
    // choose a toolchain that lacks one.
    for tool in tools {
        if !tool.is_here(machine) {
            machine.timed(&format!("Installing {}", tool.name), |machine| tool.install(machine))?;
        }
    }
    // The folder is large and no longer needed. If it cannot be deleted, `cargo clean` does it.
    let _ = std::fs::remove_dir_all(registry::scratch(machine));
    Ok(())
}

impl Tool {
    fn is_here(&self, machine: &mut Machine) -> bool {
        (self.replaced)()
            || match self.how {
                How::Cargo { program, oldest, .. } => is_at_least(machine, program, oldest),
                How::Npm { folder, .. } => registry::is_npm_current(&machine.at(folder)),
                How::Apt(packages) => !apt::is_here() || apt::has(machine, packages),
                How::Unpacked { folder, packages } => {
                    !apt::is_here() || apt::is_unpacked(machine, packages, folder)
                }
                How::Special(is_here, _) => is_here(machine),
            }
    }

    /// The packages of Debian that it is made of.
    fn packages(&self) -> &'static [&'static str] {
        if let How::Apt(packages) = self.how { packages } else { &[] }
    }

    fn install(&self, machine: &mut Machine) -> Result<()> {
        match (self.try_install(machine), self.without) {
            (Err(error), Some(loss)) if !interrupt::requested() => {
                say(&format!("  it cannot be had, and {loss}: {error}"));
                Ok(())
            }
            (outcome, _) => outcome,
        }
    }

    fn try_install(&self, machine: &mut Machine) -> Result<()> {
        match self.how {
            How::Cargo { program, version, flags, .. } => registry::cargo(machine, program, version, flags)?,
            How::Npm { folder, flags } => registry::npm(machine, folder, flags)?,
            How::Apt(packages) => apt::install(machine, packages)?,
            How::Unpacked { folder, packages } => apt::unpack(machine, packages, folder)?,
            How::Special(_, install) => install(machine)?,
        }
        ensure!(self.is_here(machine), "it was installed and is still not found");
        Ok(())
    }
}

fn is_at_least(machine: &Machine, program: &str, oldest: &[u32]) -> bool {
    let answer = machine.command(program).arg("--version").answer();
    answer.and_then(|answer| version_in(&answer)).is_some_and(|version| version.as_slice() >= oldest)
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
        assert_eq!(version("trunk 0.21.0-rc.1"), [0, 21, 0]);
        assert!(version("wasm-opt version 99") < version("wasm-opt version 108"));
        assert_eq!(version_in("not a version"), None);
    }
}
