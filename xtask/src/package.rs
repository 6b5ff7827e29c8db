//! `cargo xtask package`: what is published, in `pkg/`.

use anyhow::Result;

use crate::{
    build,
    command::Cmd,
    machine::Machine,
    programs,
    screen::say,
    tools::{self, browser::Browser},
};

/// Where the tests have theirs, so that the sums in `pkg/` stay right.
pub(crate) const FOR_TESTS: &str = "target/pkg";

/// Builds the card, and makes the npm package and the programs of it.
pub(crate) fn run(machine: &mut Machine) -> Result<()> {
    tools::install(machine, tools::Purpose::Package)?;
    // Nothing of an older version stays, because all of it gets its sums.
    machine.empty_folder("pkg")?;
    // Always built: `dist/` may hold a card that Trunk alone has built, which names local folders.
    build::card(machine)?;
    make(machine, "pkg")?;
    programs::make(machine, programs::Kind::Release)?;
    machine.summary();
    say("");
    say("pkg/ has the npm package, as a folder and packed, the plugin for WordPress, the documentation, and");
    say("what docs/install.md installs.");
    Ok(())
}

/// Makes the npm package and what else is packed of the card. `npm pack` has the last word on what is in it.
pub(crate) fn make(machine: &mut Machine, folder: &str) -> Result<()> {
    build::card_if_changed(machine)?;
    for (title, command) in [
        ("Making the npm package", "node www/package.mjs"),
        ("Making the plugin for WordPress", "node www/wordpress.mjs"),
        ("Packing the documentation and its examples", "node www/docs-zip.mjs"),
    ] {
        machine.step(title, &machine.command(command).arg(machine.at(folder)))?;
    }
    Ok(())
}

/// Builds projects of partners with the packed file, and looks at them in a browser.
pub(crate) fn tests(machine: &Machine) -> Result<Cmd> {
    let chromium = Browser::named("chromium")?.program().unwrap_or_default();
    // One file after the other, because they share the projects that they install.
    let tests =
        machine.command("node --test --test-reporter=tap --test-concurrency=1").within("tests/package");
    Ok(tests.env("AIRALO_CHROMIUM", chromium))
}
