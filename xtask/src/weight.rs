//! What the files that a page loads weigh, and may weigh at most.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use walkdir::WalkDir;

use crate::{build_std, machine::Machine, screen::say};

/// What the card may weigh at most, in bytes after brotli: what it weighs now and 3 %.
const BUDGET: u64 = 116_300;

/// The same where the standard library is not compiled along.
const BUDGET_WITHOUT_STD: u64 = 130_400;

/// What only a page loads whose card cannot run.
const FALLBACK: &str = "fallback.js";

/// The size of a file: as it is, after gzip and after brotli.
type Sizes = [u64; 3];

/// Prints the size of every file that a page loads, and their sum.
pub(crate) fn print(dist: &Path) -> anyhow::Result<()> {
    let row =
        |[raw, gzip, brotli]: Sizes, name: &str| say(&format!("{raw:>10}{gzip:>10}{brotli:>10}  {name}"));
    say(&format!("{:>10}{:>10}{:>10}", "raw", "gzip", "brotli"));
    let files = files(dist)?;
    for (file, sizes) in &files {
        row(*sizes, &file.strip_prefix(dist)?.display().to_string());
    }
    row(sum(&files), "what a page loads for the card");
    Ok(())
}

/// Fails where the card is too large, or names a folder of the machine that has built it.
pub(crate) fn check(machine: &Machine) -> anyhow::Result<()> {
    let files = files(&machine.at("dist"))?;
    for (file, _) in &files {
        ensure_private(machine, file)?;
    }
    let budget = if build_std::is_possible(machine) { BUDGET } else { BUDGET_WITHOUT_STD };
    let [_, _, weight] = sum(&files);
    ensure!(weight <= budget, "the card weighs {weight} bytes after brotli, and may weigh {budget}");
    say(&format!("  the card weighs {weight} bytes after brotli, of {budget}"));
    Ok(())
}

/// Fails where a file that is published names a folder of the machine that has built it.
pub(crate) fn ensure_private(machine: &Machine, file: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    if let Some(folder) = machine.private_folders().iter().find(|folder| names(&bytes, folder)) {
        bail!("{} names {}, a folder of this machine", file.display(), folder.display());
    }
    Ok(())
}

fn names(bytes: &[u8], folder: &Path) -> bool {
    let name = folder.as_os_str().as_encoded_bytes();
    bytes.windows(name.len()).any(|window| window == name)
}

/// The script with the class, and the folder with the WebAssembly and its glue.
fn files(dist: &Path) -> anyhow::Result<Vec<(PathBuf, Sizes)>> {
    let script = dist.join("airalo-balance.js");
    let mut files = vec![(script.clone(), sizes(&script)?)];
    for entry in WalkDir::new(dist.join("card")).sort_by_file_name() {
        let entry = entry.context("the card was not built")?;
        let is_copy = entry.path().extension().is_some_and(|kind| kind == "br" || kind == "gz");
        if entry.file_type().is_file() && !is_copy && entry.file_name() != FALLBACK {
            files.push((entry.path().to_owned(), sizes(entry.path())?));
        }
    }
    Ok(files)
}

fn sizes(file: &Path) -> anyhow::Result<Sizes> {
    let raw = fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
    // A file without a compressed copy is sent as it is.
    let copy = |kind| fs::metadata(file.with_added_extension(kind)).map_or(raw, |copy| copy.len());
    Ok([raw, copy("gz"), copy("br")])
}

fn sum(files: &[(PathBuf, Sizes)]) -> Sizes {
    [0, 1, 2].map(|at| files.iter().map(|(_, sizes)| sizes[at]).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_is_the_class_and_its_folder_without_the_fallback_and_a_missing_copy_counts_as_the_file() {
        let dist = tempfile::tempdir().unwrap();
        assert!(files(dist.path()).is_err());
        fs::create_dir_all(dist.path().join("card/0123456789abcdef")).unwrap();
        for (file, size) in [
            ("airalo-balance.js", 100),
            ("airalo-balance.js.gz", 50),
            ("airalo-balance.js.br", 40),
            ("card/0123456789abcdef/card.wasm", 1000),
            ("card/0123456789abcdef/card.wasm.br", 300),
            ("card/0123456789abcdef/fallback.js", 90),
            ("site.js", 7),
        ] {
            fs::write(dist.path().join(file), vec![b'.'; size]).unwrap();
        }
        assert_eq!(sum(&files(dist.path()).unwrap()), [1100, 1050, 340]);
    }

    #[test]
    fn a_folder_of_this_machine_is_found_wherever_it_stands() {
        let folder = Path::new("/home/somebody");
        assert!(names(b"\0asm /home/somebody/.cargo/x.rs", folder));
        assert!(!names(b"\0asm src/lib.rs", folder));
    }
}
