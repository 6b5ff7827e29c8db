//! Whether a file will do, without SQLite, which would make one.

use super::MIGRATIONS;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// How every database begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Where its header has the number of migrations (`user_version`).
const VERSION: std::ops::Range<usize> = 60..64;

/// Why the proxy would not start with it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("must be a file in a directory that is there")]
    NoPlace,
    #[error("is in a directory that this user may not write to")]
    DirectoryReadOnly,
    #[error("may not be read and written by this user")]
    FileReadOnly,
    #[error("is no database; name another file")]
    NoDatabase,
    #[error("was written by a later version of this program; run that one, or name another file")]
    TooNew,
}

/// Looks at a file, or at the place for one.
pub(crate) fn inspect(file: &Path) -> Result<(), Unusable> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if file.is_dir() || !folder.is_dir() {
        return Err(Unusable::NoPlace);
    }
    // SQLite writes other files beside it.
    may_write_to(folder)?;
    match OpenOptions::new().read(true).write(true).open(file) {
        Ok(opened) => inspect_header(opened),
        Err(error) if is_refusal(&error) => Err(Unusable::FileReadOnly),
        Err(_) => Ok(()),
    }
}

/// Permissions, the user and how the disk is mounted decide together, so it is tried.
fn may_write_to(folder: &Path) -> Result<(), Unusable> {
    let name = folder.join(format!(".airalo-balance-check-{:016x}", fastrand::u64(..)));
    match File::create_new(&name).and_then(|_| fs::remove_file(&name)) {
        Err(error) if is_refusal(&error) => Err(Unusable::DirectoryReadOnly),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The proxy starts on a disk that is full or fails, and not where nothing may be written.
fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// A file without a byte is a database without a table.
fn inspect_header(mut file: File) -> Result<(), Unusable> {
    let mut header = Vec::new();
    let read = Read::by_ref(&mut file).take(100).read_to_end(&mut header);
    if read.is_err() || header.is_empty() {
        return Ok(());
    }
    let version = header.get(VERSION).filter(|_| header.starts_with(MAGIC));
    let version = version.and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
    match version.map(usize::try_from) {
        Some(Ok(version)) if version <= MIGRATIONS.len() => Ok(()),
        Some(_) => Err(Unusable::TooNew),
        None => Err(Unusable::NoDatabase),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Database;

    #[tokio::test]
    async fn what_sqlite_would_refuse_is_refused_and_nothing_is_made() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        assert!(inspect(&path("new.db")).is_ok());
        fs::write(path("empty.db"), "").unwrap();
        assert!(inspect(&path("empty.db")).is_ok());
        let database = Database::open(&path("history.db")).await.unwrap();
        assert!(inspect(&path("history.db")).is_ok());
        database.call(|db| db.pragma_update(None, "user_version", 1_000)).await.unwrap();
        database.close().await;
        assert!(matches!(inspect(&path("history.db")), Err(Unusable::TooNew)));
        for (name, text) in [("short.db", "SQLite format 3\0"), ("notes.txt", "notes")] {
            fs::write(path(name), text).unwrap();
            assert!(matches!(inspect(&path(name)), Err(Unusable::NoDatabase)), "{name}");
        }
        assert!(matches!(inspect(directory.path()), Err(Unusable::NoPlace)));
        assert!(matches!(inspect(&path("missing/history.db")), Err(Unusable::NoPlace)));
        let mut names: Vec<_> =
            fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["empty.db", "history.db", "notes.txt", "short.db"]);
    }

    /// Nobody may write there, not even root.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_directory_that_may_not_be_written_to_is_refused() {
        assert!(matches!(inspect(Path::new("/sys/history.db")), Err(Unusable::DirectoryReadOnly)));
    }
}
