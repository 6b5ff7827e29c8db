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

/// What only the class imports of the glue. The other ways to start it are left out.
const GLUE: &str = "card/airalo-balance.js";
const ASKED_OF_THE_GLUE: &str = "export { default, mount, stopAll } from \"./airalo-balance.js\";\n";

/// Puts the pieces of the element's class into one file, and takes them away; and takes out of the
/// glue what the class does not ask for.
pub(super) fn bundle(minifier: &Cmd, folder: &Path) -> anyhow::Result<()> {
    let element = folder.join(ELEMENT);
    into_one(minifier, &element, &element)?;
    for piece in INSIDE {
        remove(&folder.join(piece))?;
    }

    let glue = folder.join(GLUE);
    let asked = glue.with_file_name("asked.js");
    fs::write(&asked, ASKED_OF_THE_GLUE).with_context(|| format!("cannot write {}", asked.display()))?;
    into_one(minifier, &asked, &glue)?;
    remove(&asked)?;
    // What the glue imports is inside it now.
    let snippets = glue.with_file_name("snippets");
    fs::remove_dir_all(&snippets).with_context(|| format!("cannot remove {}", snippets.display()))
}

fn into_one(minifier: &Cmd, from: &Path, into: &Path) -> anyhow::Result<()> {
    let mut out = std::ffi::OsString::from("--outfile=");
    out.push(into);
    let how =
        ["--bundle", "--format=esm", "--charset=utf8", "--log-level=warning", LANGUAGE, "--allow-overwrite"];
    process::must(&minifier.clone().args(how).args([out]).args([from]))?;
    Ok(())
}

fn remove(path: &Path) -> anyhow::Result<()> {
    fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))
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
