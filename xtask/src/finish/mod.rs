//! The last step of every Trunk build: styles into the element, and fewer bytes over the wire.
//!
//! Trunk's hook calls this for `trunk build` and `trunk serve` alike, so it works on whatever
//! Trunk has just staged, and does without any tool that is missing.

pub(crate) mod compress;
mod minify;
mod page;
mod stamp;
mod styles;
pub(crate) mod wasm;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{machine::Machine, screen::say, tools::npm};

/// What this step has to say starts with this, so that the caller of Trunk can pick it out.
pub(crate) const VOICE: &str = "finish-dist: ";

/// Finishes the build that Trunk has staged.
pub(crate) fn run(machine: &Machine) -> anyhow::Result<()> {
    let staging = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).context(
        "Trunk did not say where its build is; this is the end of `trunk build`, and `cargo xtask build` runs both",
    )?;
    // While somebody works on the card, readable files are worth more than small ones.
    let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    let minifier = if release { npm::esbuild(machine) } else { None };

    page::clean(&staging)?;
    styles::embed(&staging, &machine.at("src/components/card.css"), minifier.as_ref())?;
    if release {
        wasm::shrink(npm::wasm_opt(machine).as_ref(), &staging.join("card"), &machine.private_folders())?;
        match &minifier {
            Some(minifier) => {
                minify::bundle(minifier, &staging)?;
                minify::files(minifier, &staging)?;
            }
            None => say(&format!(
                "{VOICE}there is no esbuild, so JavaScript and styles stay as large as they are"
            )),
        }
        stamp::stamp(&staging)?;
        compress::beside(&staging)?;
    }
    Ok(())
}

/// The files below a folder that have one of these extensions, in a fixed order.
pub(crate) fn files_with(folder: &Path, extensions: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        if path.is_dir() {
            found.append(&mut files_with(&path, extensions)?);
        } else if path
            .extension()
            .is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted))
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
