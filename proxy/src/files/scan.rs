//! Reads the directory of a build.

use super::File;
use super::kind::content_type;
use axum::body::Bytes;
use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// A build has 3 MB. A directory that was named by mistake has far more.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A build has 100 files, and two compressed copies of each.
pub(super) const MAX_ENTRIES: usize = 5_000;

/// Files by the path of their URL, which begins with `/`.
pub(super) type Contents = HashMap<Box<str>, File>;

/// Why no build could be read. The messages end a sentence that begins with the directory.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("is not there")]
    Missing,
    #[error("cannot be read ({0})")]
    Unreadable(io::Error),
    #[error("has more than 64 MiB or 5000 entries, and is no build of the card")]
    TooLarge,
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::NotFound { Self::Missing } else { Self::Unreadable(error) }
    }
}

/// The files below a directory, by the paths of their URLs.
pub(super) fn read(directory: &Path) -> Result<Contents, ReadError> {
    read_up_to(MAX_BYTES, directory)
}

pub(super) fn read_up_to(max_bytes: u64, directory: &Path) -> Result<Contents, ReadError> {
    let root = fs::canonicalize(directory)?;
    let mut scan = Scan { files: Contents::new(), bytes_left: max_bytes, entries: 0, root };
    let mut folders = vec![(scan.root.clone(), String::from("/"))];
    while let Some((folder, url)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if folder == scan.root => return Err(error.into()),
            Err(error) => {
                skip(&folder, &error);
                continue;
            }
        };
        for entry in entries {
            scan.entries += 1;
            if scan.entries > MAX_ENTRIES {
                return Err(ReadError::TooLarge);
            }
            let Ok(entry) = entry else { continue };
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| is_plain(name)) else { continue };
            let url = format!("{url}{name}");
            // Links to folders are not followed, so the search always ends.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push((entry.path(), format!("{url}/")));
            } else if let Some(content_type) = content_type(name) {
                scan.add(&entry.path(), url, content_type)?;
            }
        }
    }
    Ok(scan.files)
}

/// Whether a name is one that a build gives: it needs no escaping in a URL, and is not hidden.
pub(super) fn is_plain(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !name.starts_with('.') && name.bytes().all(is_plain)
}

struct Scan {
    root: PathBuf,
    files: Contents,
    bytes_left: u64,
    entries: usize,
}

impl Scan {
    /// Adds a file with its compressed copies.
    fn add(&mut self, path: &Path, url: String, content_type: &'static str) -> Result<(), ReadError> {
        let read = |suffix: &str| {
            let mut path = path.as_os_str().to_owned();
            path.push(suffix);
            self.read_file(Path::new(&path))
        };
        if let Some(file) = File::read(&url, content_type, read)? {
            self.files.insert(url.into(), file);
        }
        Ok(())
    }

    /// The bytes of a file; `None` where there is none that may be served.
    fn read_file(&mut self, path: &Path) -> Result<Option<Bytes>, ReadError> {
        let target = match fs::canonicalize(path) {
            Ok(target) => target,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                skip(path, &error);
                return Ok(None);
            }
        };
        let is_hidden = target.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !target.starts_with(&self.root) || is_hidden {
            tracing::warn!(file = %path.display(), "a link out of ASSETS_DIR is not served");
            return Ok(None);
        }
        // Opening anything but a file might wait for ever, as on a pipe.
        if !fs::metadata(&target).is_ok_and(|metadata| metadata.is_file()) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        if let Err(error) =
            fs::File::open(&target).and_then(|file| file.take(self.bytes_left + 1).read_to_end(&mut bytes))
        {
            skip(path, &error);
            return Ok(None);
        }
        let left = self.bytes_left.checked_sub(bytes.len() as u64);
        self.bytes_left = left.ok_or(ReadError::TooLarge)?;
        Ok(Some(bytes.into()))
    }
}

fn skip(path: &Path, error: &io::Error) {
    tracing::warn!(file = %path.display(), "not served, because it cannot be read: {error}");
}
