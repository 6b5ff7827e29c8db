//! wasm-bindgen, which writes the JavaScript between browser and WebAssembly.
//!
//! The tool reads what the library of the same name has left in the file, and both must be of
//! exactly one version. `Cargo.lock` says which.

use std::{
    fs,
    net::{TcpStream, ToSocketAddrs as _},
    time::Duration,
};

use anyhow::Context as _;

use super::{Need, cargo_install, trunk};
use crate::machine::Machine;

/// Where Trunk downloads its tools from.
const TRUNKS_SOURCE: (&str, u16) = ("github.com", 443);

/// A reachable server answers in a tenth of this; an unreachable one must not hold up the build.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether the demo lacks it. A Trunk that was here before us can usually download it in seconds.
pub(super) fn need(machine: &Machine) -> anyhow::Result<Option<Need>> {
    let version = locked_version(machine)?;
    let missing = !present(machine, "wasm-bindgen", &version);
    let trunk_downloads = || trunk::present(machine) && reachable(TRUNKS_SOURCE);
    Ok((missing && !trunk_downloads()).then(|| as_need(&version)))
}

/// Whether the browser tests lack it: they need the test runner, which Trunk does not download for us.
pub(super) fn need_runner(machine: &Machine) -> anyhow::Result<Option<Need>> {
    let version = locked_version(machine)?;
    let programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    let present = programs.iter().all(|program| present(machine, program, &version));
    Ok((!present).then(|| as_need(&version)))
}

/// Whether the version that `Cargo.lock` names is installed here.
pub(crate) fn is_installed(machine: &Machine) -> anyhow::Result<bool> {
    Ok(present(machine, "wasm-bindgen", &locked_version(machine)?))
}

/// Installs it on its own, where Trunk was expected to bring it and did not.
pub(crate) fn install_after_all(machine: &mut Machine) -> anyhow::Result<()> {
    install(machine)?;
    cargo_install::tidy(machine);
    Ok(())
}

fn install(machine: &mut Machine) -> anyhow::Result<()> {
    let version = locked_version(machine)?;
    // Without `--locked`: the list of crates that this tool was published with names a version that
    // not every copy of the registry has.
    cargo_install::install(machine, "wasm-bindgen-cli", &version, &["--no-default-features"])
}

fn as_need(version: &str) -> Need {
    Need {
        name: format!("wasm-bindgen {version}"),
        why: "to write the JavaScript between browser and WebAssembly",
        about: "1 min 30 s",
        install,
    }
}

fn present(machine: &Machine, program: &str, version: &str) -> bool {
    let answer = machine.command(program).args(["--version"]).answer();
    answer.is_some_and(|answer| answer.split_whitespace().any(|word| word == version))
}

fn reachable(address: (&str, u16)) -> bool {
    let Ok(mut addresses) = address.to_socket_addrs() else { return false };
    addresses.any(|address| TcpStream::connect_timeout(&address, PATIENCE).is_ok())
}

fn locked_version(machine: &Machine) -> anyhow::Result<String> {
    let path = machine.at("Cargo.lock");
    let lock = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}; `cargo generate-lockfile` writes it", path.display()))?;
    version_in_lock(&lock, "wasm-bindgen")
        .context("Cargo.lock names no wasm-bindgen; is this the card's own Cargo.lock?")
}

pub(crate) fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    Some(version.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-macro"
version = "0.2.1"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
"#;

    #[test]
    fn the_locked_version_is_that_of_the_package_and_not_of_its_namesakes() {
        assert_eq!(version_in_lock(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(LOCK, "wasm"), None);
        assert_eq!(version_in_lock("", "wasm-bindgen"), None);
        assert_eq!(version_in_lock("name = \"wasm-bindgen\"", "wasm-bindgen"), None);
    }

    #[test]
    fn a_closed_port_is_not_reachable() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert!(!reachable(("127.0.0.1", closed)));
    }
}
