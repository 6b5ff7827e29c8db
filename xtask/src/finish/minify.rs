//! Smaller scripts and styles, and fewer of them, by esbuild.

use std::{fs, path::Path};

use anyhow::Context as _;

use super::files_with;
use crate::{command::Cmd, process};

/// What every browser with the card's other needs (WebAssembly, element internals) can read.
const LANGUAGE: &str = "--target=es2022";

/// What a page loads to have the class.
const ELEMENT: &str = "airalo-balance-element.js";

/// What only that file imports. Each would be one more round trip before anything can be seen.
const INSIDE: [&str; 5] =
    ["card-instance.js", "card-words.js", "first-amount.js", "first-request.js", "skeleton.js"];

/// Puts the pieces of the element's class into one file, and takes them away.
pub(super) fn bundle(minifier: &Cmd, folder: &Path) -> anyhow::Result<()> {
    let element = folder.join(ELEMENT);
    let mut out = std::ffi::OsString::from("--outfile=");
    out.push(&element);
    let how =
        ["--bundle", "--format=esm", "--charset=utf8", "--log-level=warning", LANGUAGE, "--allow-overwrite"];
    process::must(&minifier.clone().args(how).args([out]).args([&element]))?;
    for piece in INSIDE {
        let path = folder.join(piece);
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

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
