//! Smaller scripts and styles, by esbuild. Files keep their names and go on importing each other.

use std::path::Path;

use super::files_with;
use crate::{command::Cmd, process};

/// What every browser with the card's other needs (WebAssembly, element internals) can read.
const LANGUAGE: &str = "--target=es2022";

/// Minifies every script and stylesheet in place.
pub(super) fn files(minifier: &Cmd, folder: &Path) -> anyhow::Result<()> {
    let files = files_with(folder, &["js", "css"])?;
    if files.is_empty() {
        return Ok(());
    }
    let [base, out] = ["--outbase=", "--outdir="].map(|option| {
        let mut option = std::ffi::OsString::from(option);
        option.push(folder);
        option
    });
    let command = minifier
        .clone()
        .args([
            "--minify",
            "--format=esm",
            "--charset=utf8",
            "--log-level=warning",
            LANGUAGE,
            "--allow-overwrite",
        ])
        .args([base, out])
        .args(files);
    process::must(&command)?;
    Ok(())
}

/// The text of a stylesheet, minified.
pub(super) fn stylesheet(minifier: &Cmd, path: &Path) -> anyhow::Result<String> {
    let command = minifier.clone().args(["--minify", "--charset=utf8", "--log-level=error"]).args([path]);
    Ok(process::must(&command)?.text)
}
