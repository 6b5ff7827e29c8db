//! What the files that a page loads weigh, and may weigh at most.

use std::{
    fs,
    path::{MAIN_SEPARATOR, Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use walkdir::WalkDir;

use crate::{build, machine::Machine, screen::say};

/// What the card may weigh at most, in bytes after brotli: what it weighs now and 3 %.
const BUDGET: u64 = 125_200;

/// The same where the standard library is not compiled along.
const BUDGET_WITHOUT_STD: u64 = 136_800;

/// What only a page loads whose card cannot run.
const FALLBACK: &str = "fallback.js";

/// Prints what every file weighs that a page loads, and their sum, which it returns.
pub(crate) fn print(dist: &Path) -> Result<u64> {
    let mut sum = 0;
    for file in files(dist)? {
        // A file without a compressed copy is sent as it is.
        let sent = fs::metadata(file.with_added_extension("br")).or_else(|_| fs::metadata(&file));
        let bytes = sent.with_context(|| format!("cannot read {}", file.display()))?.len();
        say(&format!("{bytes:>10}  {}", file.strip_prefix(dist)?.display()));
        sum += bytes;
    }
    say(&format!("{sum:>10}  bytes after brotli, which a page loads for the card"));
    Ok(sum)
}

/// Fails where the card is too large, or names a folder of the machine that has built it.
pub(crate) fn check(machine: &Machine) -> Result<()> {
    let dist = machine.at("dist");
    files(&dist)?.iter().try_for_each(|file| ensure_private(machine, file))?;
    let budget = if build::std_is_here(machine) { BUDGET } else { BUDGET_WITHOUT_STD };
    let weight = print(&dist)?;
    ensure!(weight <= budget, "the card weighs {weight} bytes after brotli, and may weigh {budget}");
    Ok(())
}

/// Fails where a file that is published names a folder of the machine that has built it.
pub(crate) fn ensure_private(machine: &Machine, file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    for folder in machine.private_folders() {
        // With the separator, since `/root` alone is in `src/app/root.rs` too.
        let name = format!("{}{MAIN_SEPARATOR}", folder.display()).into_bytes();
        let is_named = bytes.windows(name.len()).any(|window| window == name);
        ensure!(!is_named, "{} names {}, a folder of this machine", file.display(), folder.display());
    }
    Ok(())
}

/// The script with the class, and the folder with the WebAssembly and its glue.
fn files(dist: &Path) -> Result<Vec<PathBuf>> {
    let mut files = vec![dist.join("airalo-balance.js")];
    for entry in WalkDir::new(dist.join("card")).sort_by_file_name() {
        let entry = entry.context("the card was not built")?;
        let is_copy = entry.path().extension().is_some_and(|kind| kind == "br" || kind == "gz");
        if entry.file_type().is_file() && !is_copy && entry.file_name() != FALLBACK {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_is_the_class_and_its_folder_without_the_fallback_and_a_missing_copy_counts_as_the_file() {
        let dist = tempfile::tempdir().unwrap();
        assert!(print(dist.path()).is_err());
        fs::create_dir_all(dist.path().join("card/0123456789abcdef")).unwrap();
        for (file, size) in [
            ("airalo-balance.js", 100),
            ("airalo-balance.js.gz", 50),
            ("airalo-balance.js.br", 40),
            ("card/0123456789abcdef/card.wasm", 300),
            ("card/0123456789abcdef/fallback.js", 90),
            ("site.js", 7),
        ] {
            fs::write(dist.path().join(file), vec![b'.'; size]).unwrap();
        }
        assert_eq!(print(dist.path()).unwrap(), 340);
    }
}
