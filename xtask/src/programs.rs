//! The programs to install: a static file with the card in it, a Debian package and an image.
//!
//! cargo, cargo-deb and buildah make them. Two builds of one commit are the same, byte for byte: all
//! times are that of the commit, and no folder of this machine is in them.

use std::{
    env::{self, consts::ARCH},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use pem::{EncodeConfig, LineEnding, Pem};
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use crate::{build, command::Cmd, machine::Machine, screen::say, tools::static_target, weight};

const PROXY: &str = "airalo-balance-proxy";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The time of what belongs to no commit: 1 January 2026.
const SOME_TIME: &str = "1767225600";

/// The licences of what is in the program, as `proxy/licences/about.toml` says.
const LICENCES: [&str; 2] = ["program.txt", "card.txt"];

/// Which programs are made.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// Those that are published, in `pkg/`.
    Release,
    /// The same for the tests, compiled in a third of the time.
    Test,
}

impl Kind {
    const fn profile(self) -> &'static str {
        match self {
            Self::Release => "program",
            Self::Test => "program-test",
        }
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Release => "pkg",
            Self::Test => "target/programs",
        }
    }
}

/// Makes all of them and the sums of everything beside them, or says why not.
pub(crate) fn make(machine: &mut Machine, kind: Kind) -> Result<()> {
    let folder = match kind {
        Kind::Release => machine.at(kind.folder()),
        // Nothing of an older version stays.
        Kind::Test => machine.empty_folder(kind.folder())?,
    };
    if static_target::is_here(machine) {
        let program = program(machine, kind, &folder)?;
        debian_package(machine, kind, &folder)?;
        image(machine, &program, &folder)?;
    } else {
        say(static_target::MISSING);
    }
    let sums = machine.command("node www/sums.mjs").arg(folder);
    machine.step("Writing SHA256SUMS", &sums).map(drop)
}

/// The static program, as cargo has built it and under the name by which it is published.
fn program(machine: &mut Machine, kind: Kind, folder: &Path) -> Result<PathBuf> {
    build::card_if_changed(machine)?;
    let command = machine
        .command("cargo build --locked --package airalo-balance-proxy --features bundled-card")
        .args(["--target", static_target::NAME, "--profile", kind.profile()])
        // mimalloc has the time of its compilation in it. Always the same one, since what is compiled stays
        // for the next commit.
        .env("SOURCE_DATE_EPOCH", SOME_TIME);
    let command = build::with_flags(machine, command, &[]);
    machine.step("Building the proxy as one static file, with the card in it", &command)?;
    let built = machine.target.join(static_target::NAME).join(kind.profile()).join(PROXY);
    weight::ensure_private(machine, &built)?;
    fs::copy(&built, folder.join(format!("{PROXY}-{VERSION}-linux-{ARCH}")))?;
    let texts = LICENCES.map(|file| fs::read_to_string(machine.at("proxy/licences").join(file)));
    let [program, card] = texts.map(|text| text.context("the licences are not there"));
    fs::write(folder.join(format!("{PROXY}-{VERSION}-licences.txt")), program? + &card?)?;
    Ok(built)
}

/// The Debian package of the program that is built already.
fn debian_package(machine: &mut Machine, kind: Kind, folder: &Path) -> Result<()> {
    let command = machine
        .command("cargo deb --quiet --locked --no-build --no-strip --package airalo-balance-proxy")
        .args(["--target", static_target::NAME, "--profile", kind.profile(), "--output"])
        .arg(folder)
        // A smaller file is worth half a minute where it is published.
        .args(matches!(kind, Kind::Test).then_some("--fast"))
        .env("SOURCE_DATE_EPOCH", source_date(machine));
    machine.step("Making the Debian package", &command).map(drop)
}

/// The time that reproducible builds give to everything, in seconds since 1970.
fn source_date(machine: &Machine) -> String {
    let commit = || machine.command("git log -1 --format=%ct").answer();
    env::var("SOURCE_DATE_EPOCH").ok().or_else(commit).unwrap_or_else(|| SOME_TIME.to_owned())
}

/// The image for containers, which has nothing in it but the program and root certificates: an archive
/// that `podman load` and `docker load` read.
fn image(machine: &mut Machine, program: &Path, folder: &Path) -> Result<()> {
    if which::which("buildah").is_err() {
        say("There is no image, because buildah is not on this machine.");
        return Ok(());
    }
    // What the Containerfile copies.
    let context = machine.empty_folder("target/image")?;
    machine.empty_folder("target/image/state")?;
    machine.empty_folder("target/image/licences")?;
    fs::copy(program, context.join(PROXY))?;
    for file in LICENCES {
        fs::copy(machine.at("proxy/licences").join(file), context.join("licences").join(file))?;
    }
    fs::write(context.join("ca-certificates.crt"), root_certificates())?;
    let archive = folder.join(format!("{PROXY}-{VERSION}-linux-{ARCH}-image.tar"));
    // A storage of its own that needs nothing of the kernel. The image itself goes to the archive.
    let build = machine
        .command("buildah --storage-driver vfs --root")
        .arg(machine.at("target/buildah/storage"))
        .arg("--runroot")
        .arg(machine.at("target/buildah/run"))
        .args(["build", "--quiet", "--isolation", "chroot", "--layers=false", "--timestamp"])
        .arg(source_date(machine))
        .args(["--build-arg", &format!("VERSION={VERSION}"), "--tag"])
        .arg(format!("docker-archive:{}:localhost/{PROXY}:{VERSION}", archive.display()))
        .args(["--file", "examples/container/Containerfile", "target/image"]);
    machine.step("Building the image", &build).map(drop)
}

/// Those of Mozilla, in the version of `Cargo.lock`: the ones of this machine may have others among them.
fn root_certificates() -> String {
    let certificates = TLS_SERVER_ROOT_CERTS.iter().map(|der| Pem::new("CERTIFICATE", der.as_ref()));
    let config = EncodeConfig::new().set_line_ending(LineEnding::LF);
    pem::encode_many_config(&certificates.collect::<Vec<_>>(), config)
}

/// Installs and starts each of them.
pub(crate) fn tests(machine: &Machine, kind: Kind) -> Result<Cmd> {
    let folder = machine.at(kind.folder());
    let is_filled = folder.join("SHA256SUMS").exists();
    ensure!(is_filled, "{} holds no programs; run `cargo xtask package`", folder.display());
    let tests = machine.command("node --test --test-reporter=tap").within("tests/programs");
    Ok(tests.env("AIRALO_PROGRAMS", folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_certificates_are_written_as_openssl_writes_them() {
        let text = root_certificates();
        assert!(text.starts_with("-----BEGIN CERTIFICATE-----\nMII"), "{text}");
        assert_eq!(text.matches("-----END CERTIFICATE-----\n").count(), TLS_SERVER_ROOT_CERTS.len());
        assert!(text.lines().all(|line| line.len() <= 64));
    }
}
