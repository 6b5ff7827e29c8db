//! The programs to install: a static file with the card in it, a Debian package and an image.
//!
//! cargo, cargo-deb and buildah make them. Two builds of one commit are the same, byte for byte: all
//! times are that of the commit, and no folder of this machine is in them.

mod image;

use std::{
    env::{self, consts::ARCH},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};

use crate::{build, command::Cmd, machine::Machine, screen::say, tools::static_target, weight};

pub(crate) const PROXY: &str = "airalo-balance-proxy";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The time of what belongs to no commit: 1 January 2026.
const SOME_TIME: &str = "1767225600";

/// The licences of what is in the program, as `proxy/licences/about.toml` says.
const LICENCES: &str = "proxy/licences";
const LICENCE_FILES: [&str; 2] = ["program.txt", "card.txt"];

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

    fn folder(self, machine: &Machine) -> PathBuf {
        match self {
            Self::Release => machine.at("pkg"),
            Self::Test => machine.target.join("programs"),
        }
    }
}

/// Makes all of them and the sums of everything beside them, or says why not.
pub(crate) fn make(machine: &mut Machine, kind: Kind) -> anyhow::Result<()> {
    let folder = kind.folder(machine);
    if matches!(kind, Kind::Test) && folder.exists() {
        // Those of an older version.
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot write to {}", folder.display()))?;
    if static_target::is_here(machine) {
        let program = program(machine, kind, &folder)?;
        debian_package(machine, kind, &folder)?;
        image::make(machine, &program, &folder)?;
    } else {
        say(static_target::MISSING);
    }
    let sums = machine.command("node").args(["www/sums.mjs"]).args([&folder]);
    machine.step("Writing SHA256SUMS", &sums).map(drop)
}

/// The static program, as cargo has built it and under the name by which it is published.
fn program(machine: &mut Machine, kind: Kind, folder: &Path) -> anyhow::Result<PathBuf> {
    build::card_if_changed(machine)?;
    let flags = build::remapped(&machine.private_folders()).join(" ");
    let command = machine
        .command("cargo")
        .args(["build", "--locked", "--package", PROXY, "--features", "bundled-card"])
        .args(["--target", static_target::NAME, "--profile", kind.profile()])
        .env(static_target::FLAGS, flags)
        // mimalloc has the time of its compilation in it. Always the same one, since what is compiled stays
        // for the next commit.
        .env("SOURCE_DATE_EPOCH", SOME_TIME);
    machine.step("Building the proxy as one static file, with the card in it", &command)?;
    let built = machine.target.join(static_target::NAME).join(kind.profile()).join(PROXY);
    weight::ensure_private(machine, &built)?;
    let published = folder.join(format!("{PROXY}-{VERSION}-linux-{ARCH}"));
    fs::copy(&built, &published).with_context(|| format!("cannot write {}", published.display()))?;
    let texts = LICENCE_FILES.map(|file| fs::read_to_string(machine.at(LICENCES).join(file)));
    let [program, card] = texts.map(|text| text.context("the licences are not there"));
    fs::write(folder.join(format!("{PROXY}-{VERSION}-licences.txt")), program? + &card?)
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    Ok(built)
}

/// The Debian package of the program that is built already.
fn debian_package(machine: &mut Machine, kind: Kind, folder: &Path) -> anyhow::Result<()> {
    // A smaller file is worth half a minute where it is published.
    let compression: &[&str] = if matches!(kind, Kind::Test) { &["--fast"] } else { &[] };
    let command = machine
        .command("cargo")
        .args(["deb", "--quiet", "--locked", "--no-build", "--no-strip", "--package", PROXY])
        .args(["--target", static_target::NAME, "--profile", kind.profile(), "--output"])
        .args([folder])
        .args(compression.iter().copied())
        .env("SOURCE_DATE_EPOCH", source_date(machine));
    machine.step("Making the Debian package", &command).map(drop)
}

/// The time that reproducible builds give to everything, in seconds since 1970.
fn source_date(machine: &Machine) -> String {
    let commit = || machine.command("git").args(["log", "-1", "--format=%ct"]).answer();
    let is_number = |text: &String| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let set = env::var("SOURCE_DATE_EPOCH").ok().filter(is_number);
    set.or_else(|| commit().filter(is_number)).unwrap_or_else(|| SOME_TIME.to_owned())
}

/// Installs and starts each of them.
pub(crate) fn tests(machine: &Machine, kind: Kind) -> anyhow::Result<Cmd> {
    let folder = kind.folder(machine);
    ensure!(
        folder.join("SHA256SUMS").exists(),
        "{} holds no programs; run `cargo xtask package`",
        folder.display()
    );
    Ok(machine
        .command("node")
        .within("tests/programs")
        .env("AIRALO_DIST", machine.at("dist"))
        .env("AIRALO_PROGRAMS", folder)
        .args(["--test", "--test-reporter=tap"]))
}
