//! What the built files weigh, and what those of the card may weigh at most.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};

use crate::{
    finish::{self, compress::copy_of},
    machine::Machine,
    screen::say,
    tools::std_source,
};

/// The scripts that a page loads for an English card, besides all that is in the folder of the
/// WebAssembly. Any other language is one file of 1 KB more.
const SCRIPTS: [&str; 2] = ["airalo-balance.js", "airalo-balance-element.js"];
const FOLDER: &str = "card";

/// Bytes after brotli. Whoever needs more raises it, and says in the changelog what for.
const BUDGET: u64 = 50_000;

/// The same where the standard library cannot be compiled along, or Rust's own linker is not there.
const BUDGET_WITHOUT_RUSTS_PARTS: u64 = 80_000;

/// Prints what a browser has to load, as it lies there and as it is sent.
pub(crate) fn print(dist: &Path) -> anyhow::Result<()> {
    say(&format!("{:>10}{:>10}{:>10}", "raw", "gzip", "brotli"));
    let row = |name: &str, sizes: [u64; 3]| {
        say(&format!("{:>10}{:>10}{:>10}  {name}", sizes[0], sizes[1], sizes[2]));
    };
    for file in finish::files_with(dist, &["js", "wasm", "css", "html"])? {
        row(&file.strip_prefix(dist).unwrap_or(&file).display().to_string(), sizes(&file)?);
    }
    row("what a page loads for the card", card(dist)?);
    Ok(())
}

/// Whether the card keeps to its budget, and tells nobody where it was built. Times are for the
/// bench: here only bytes can fail.
pub(crate) fn check(machine: &Machine) -> anyhow::Result<()> {
    for file in files(&machine.dist())? {
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        if let Some(folder) = finish::wasm::named(&bytes, &machine.private_folders()) {
            bail!("{} names {}, a folder of this machine", file.display(), folder.display());
        }
    }
    let smallest = std_source::is_here(machine) && std_source::linker(machine).is_some();
    let budget = if smallest { BUDGET } else { BUDGET_WITHOUT_RUSTS_PARTS };
    let [_, _, weight] = card(&machine.dist())?;
    ensure!(weight <= budget, "the card weighs {weight} bytes after brotli, and may weigh {budget}");
    say(&format!("  the card weighs {weight} bytes after brotli, of {budget}"));
    Ok(())
}

fn files(dist: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = finish::files_with(&dist.join(FOLDER), &["js", "wasm"])?;
    files.extend(SCRIPTS.map(|script| dist.join(script)));
    Ok(files)
}

fn card(dist: &Path) -> anyhow::Result<[u64; 3]> {
    files(dist)?.iter().try_fold([0; 3], |sum, file| {
        let sizes = sizes(file)?;
        Ok([0, 1, 2].map(|at| sum[at] + sizes[at]))
    })
}

fn sizes(file: &Path) -> anyhow::Result<[u64; 3]> {
    let size = |copy: &Path| -> anyhow::Result<u64> {
        Ok(fs::metadata(copy).with_context(|| format!("cannot read {}", copy.display()))?.len())
    };
    Ok([size(file)?, size(&copy_of(file, ".gz"))?, size(&copy_of(file, ".br"))?])
}
