//! Builds the card with Trunk, and the programs of the workspace with cargo.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{
    command::Cmd,
    finish,
    link::{self, unused},
    machine::Machine,
    process,
    screen::say,
    tools::{self, bindgen, npm, std_source},
    weight,
};

/// Where cargo looks for the linker of the card.
const LINKER_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";

/// `cargo xtask build`.
pub(crate) fn run(machine: &mut Machine) -> anyhow::Result<()> {
    tools::for_demo(machine)?;
    card(machine)?;
    say("");
    weight::print(&machine.dist())
}

/// Builds the card and its page into `dist/`.
pub(crate) fn card(machine: &mut Machine) -> anyhow::Result<()> {
    let trunk = trunk_build(machine)?.args(["--release"]);
    let title = "Building the card with Trunk";
    say(title);
    let mut finished = process::watch(&trunk)?;
    if !finished.success && !bindgen::is_installed(machine)? {
        // A Trunk that was compiled without TLS cannot download, and it does not say so beforehand.
        say("  Trunk could not get wasm-bindgen, so it is compiled here (about 1 min 30 s)");
        bindgen::install_after_all(machine)?;
        finished = process::watch(&trunk)?;
    }
    let finished = process::succeeded(&trunk, finished)?;
    for line in finished.text.lines().filter_map(|line| line.strip_prefix(finish::VOICE)) {
        say(&format!("  {line}"));
    }
    machine.note(title, finished.took);
    Ok(())
}

/// Builds the card once more, with panics on demand: for the tests that show what becomes of one.
/// As it is shipped, because a panic ends in another way there than while somebody works on it.
pub(crate) fn panicking_card(machine: &mut Machine, dist: &Path) -> anyhow::Result<()> {
    let trunk = trunk_build(machine)?.args(["--release", "--features", "test-panic", "--dist"]).args([dist]);
    machine.step("Building a card that can be made to panic", &trunk)?;
    Ok(())
}

/// Builds programs of the workspace for this machine.
pub(crate) fn programs(machine: &mut Machine, title: &str, packages: &[&str]) -> anyhow::Result<()> {
    let packages = packages.iter().flat_map(|package| ["--package", package]);
    let command = machine.command("cargo").args(["build"]).args(packages);
    machine.step(title, &command)?;
    Ok(())
}

fn trunk_build(machine: &Machine) -> anyhow::Result<Cmd> {
    let command = machine.wasm_command("trunk").args(["build"]);
    // A failed build is explained by the compiler; the way through Trunk's own code adds nothing.
    let command = command.env("TRUNK_SKIP_VERSION_CHECK", "true").env("RUST_LIB_BACKTRACE", "0");
    let command = npm::with_programs(machine, command);
    let command = command.env(std_source::FLAGS_VARIABLE, std_source::flags(machine));
    let smaller = std_source::is_here(machine);
    let command = if smaller {
        let command = std_source::SMALLER_LIBRARY
            .iter()
            .fold(command, |command, (name, value)| command.env(name, *value));
        with_our_linker(machine, command)?
    } else {
        say("  without the sources of Rust's standard library the card is about three fifths larger");
        command
    };
    if machine.wasm_toolchain.is_none() && !smaller {
        return Ok(command);
    }
    Ok(command.path_first(hook_shortcut(machine)?))
}

/// Has cargo link the card through `xtask link`, wherever Rust brings its own linker along.
fn with_our_linker(machine: &Machine, command: Cmd) -> anyhow::Result<Cmd> {
    let Some(linker) = std_source::linker(machine) else {
        say("  without Rust's own linker the card keeps what it never does, and is a third larger");
        return Ok(command);
    };
    let own = std::env::current_exe()?;
    // Cargo links anew where the linker has another name, and only then.
    let name = format!("link-{:016x}", unused::number());
    let script = script(machine, &name, &format!("exec '{}' link \"$@\"\n", own.display()))?;
    Ok(command.env(LINKER_VARIABLE, script.as_os_str()).env(link::LINKER, linker.as_os_str()))
}

/// A `cargo` that knows one shortcut. Trunk's hook asks cargo for this program; where Trunk runs
/// with another toolchain, cargo would compile all of it a second time; and where Trunk is told to
/// compile the standard library, cargo would do so for this program too, and fail.
fn hook_shortcut(machine: &Machine) -> anyhow::Result<PathBuf> {
    let cargo = machine.command("cargo").find()?;
    let own = std::env::current_exe()?;
    let text = format!(
        "case \"$*\" in *' -- finish-dist') exec '{}' finish-dist ;; esac\nexec '{}' \"$@\"\n",
        own.display(),
        cargo.display()
    );
    let script = script(machine, "cargo", &text)?;
    Ok(script.parent().map(Path::to_path_buf).unwrap_or_default())
}

/// A program of a few words, in a folder of its own.
fn script(machine: &Machine, name: &str, text: &str) -> anyhow::Result<PathBuf> {
    let folder = machine.tools().join("hook");
    let script = folder.join(name);
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&script, format!("#!/bin/sh\n{text}")));
    written
        .and_then(|()| make_executable(&script))
        .with_context(|| format!("cannot write {}", script.display()))?;
    Ok(script)
}

fn make_executable(script: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(script, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    #[cfg(not(unix))]
    let _ = script;
    Ok(())
}
