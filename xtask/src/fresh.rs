//! Whether the built page is newer than everything it is built from.
//!
//! Trunk itself always builds, and takes half a minute. Somebody who starts the demo a second time
//! has changed nothing, and should not wait for that.

use std::{fs, io, path::Path, time::SystemTime};

use walkdir::WalkDir;

/// What the page is built from, and what decides the compiler's flags.
const SOURCES: &str = "src www docs contract examples tests/package/types tests/e2e/pictures bench/forecast.md \
                       index.html CHANGELOG.md Trunk.toml Cargo.toml Cargo.lock .cargo/config.toml \
                       xtask/src/build.rs";

/// Whether `dist/` is a complete release build of the sources as they are now.
pub(crate) fn is_fresh(project: &Path) -> bool {
    // Only a release build has compressed copies, and they are written last.
    let built = fs::metadata(project.join("dist/index.html.br")).and_then(|file| file.modified());
    let Ok(built) = built else { return false };
    SOURCES.split(' ').all(|source| newest(&project.join(source)).is_ok_and(|changed| changed < built))
}

/// When anything at this path was last changed, installed packages left out. The time of a folder
/// tells when a file was removed from it.
fn newest(path: &Path) -> io::Result<SystemTime> {
    let files = WalkDir::new(path).into_iter().filter_entry(|entry| entry.file_name() != "node_modules");
    let mut times = files.map(|entry| entry?.metadata()?.modified());
    times.try_fold(SystemTime::UNIX_EPOCH, |latest, time| Ok(latest.max(time?)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_page_is_fresh_until_a_file_deep_in_a_source_changes() {
        let project = tempfile::tempdir().unwrap();
        let write = |file: &str, hours: u64| {
            let path = project.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let time = SystemTime::now() + Duration::from_secs(3600 * hours);
            fs::File::create(path).unwrap().set_modified(time).unwrap();
        };
        SOURCES.split(' ').for_each(|source| write(&format!("{source}/deep/file"), 0));
        assert!(!is_fresh(project.path()));
        write("dist/index.html.br", 1);
        write("www/node_modules/package/file", 2);
        assert!(is_fresh(project.path()));
        write("www/deep/file", 2);
        assert!(!is_fresh(project.path()));
    }
}
