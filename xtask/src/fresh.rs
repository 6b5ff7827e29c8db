//! Whether the built page is newer than everything it is built from.
//!
//! Trunk itself always builds, and wasm-opt needs a quarter of a minute. Somebody who starts the
//! demo a second time has changed nothing and should not wait for that.

use std::{fs, io, path::Path, time::SystemTime};

use crate::{finish::compress::copy_of, machine::Machine};

/// What the page is made of and with.
const SOURCES: [&str; 12] = [
    "src",
    "www",
    "contract",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "xtask/src/finish",
    "xtask/src/link",
    "xtask/src/module.rs",
    "xtask/src/tools/std_source.rs",
];

/// Whether `dist/` is a complete release build of the sources as they are now.
pub(crate) fn is_fresh(machine: &Machine) -> bool {
    let page = machine.dist().join("index.html");
    // Only a release build has compressed copies, and they are the last thing written.
    let Ok(built) = written(&page).and_then(|_| written(&copy_of(&page, ".br"))) else { return false };
    SOURCES.iter().all(|source| newest(&machine.at(source)).is_ok_and(|changed| changed < built))
}

/// When anything at this path was last changed. A folder's own time tells what was removed from it.
pub(crate) fn newest(path: &Path) -> io::Result<SystemTime> {
    let mut latest = written(path)?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            latest = latest.max(newest(&entry?.path())?);
        }
    }
    Ok(latest)
}

fn written(path: &Path) -> io::Result<SystemTime> {
    fs::metadata(path)?.modified()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_change_deep_in_a_folder_counts_as_a_change_of_the_folder() {
        let machine = Machine::here().unwrap();
        let folder = machine.target.join("tools/fresh-test");
        let file = folder.join("deep/file");
        fs::create_dir_all(folder.join("deep")).unwrap();
        fs::write(&file, "").unwrap();
        let later = newest(&folder).unwrap() + Duration::from_secs(3600);
        fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
        assert_eq!(newest(&folder).unwrap(), later);
        fs::remove_dir_all(&folder).unwrap();
    }
}
