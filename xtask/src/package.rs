//! `cargo xtask package`: what is published, in `pkg/`.

use std::fs;

use anyhow::Context as _;

use crate::{
    build,
    command::Cmd,
    machine::Machine,
    programs,
    screen::say,
    tools::{self, browser},
};

/// Builds the card, and makes the npm package and the programs of it.
pub(crate) fn run(machine: &mut Machine) -> anyhow::Result<()> {
    tools::install(machine, tools::Purpose::Package)?;
    let folder = machine.at("pkg");
    // Nothing of an older version stays, because all of it gets its sums.
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    make(machine)?;
    programs::make(machine, programs::Kind::Release)?;
    machine.summary();
    say("");
    say(
        "pkg/ has the npm package, as a folder and packed, the plugin for WordPress, the documentation, and what docs/install.md installs.",
    );
    Ok(())
}

/// Makes the npm package. `npm pack` has the last word on what is in it.
pub(crate) fn make(machine: &mut Machine) -> anyhow::Result<()> {
    build::card_if_changed(machine)?;
    let package = machine.command("node").args(["www/package.mjs"]);
    machine.step("Making the npm package", &package)?;
    let plugin = machine.command("node").args(["www/wordpress.mjs"]);
    machine.step("Making the plugin for WordPress", &plugin)?;
    let docs = machine.command("node").args(["www/docs-zip.mjs"]);
    machine.step("Packing the documentation and its examples", &docs).map(drop)
}

/// Builds projects of partners with the packed file, and looks at them in a browser.
pub(crate) fn tests(machine: &Machine) -> anyhow::Result<Cmd> {
    Ok(machine
        .command("node")
        .within("tests/package")
        .env("AIRALO_CHROMIUM", browser::find()?.program)
        .env("AIRALO_DIST", machine.at("dist"))
        .env("AIRALO_PACKAGE_TESTS", machine.target.join("package-tests"))
        // One file after the other, because they share the projects that they install.
        .args(["--test", "--test-reporter=tap", "--test-concurrency=1"]))
}
