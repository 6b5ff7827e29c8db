//! Reads the build that was compiled into this program.

use super::kind::content_type;
use super::scan::{Contents, is_plain};
use super::{File, ReadError};
use axum::body::Bytes;
use include_dir::{Dir, include_dir};

static CARD: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../dist");

/// The files of the build, by the paths of their URLs.
pub(super) fn read() -> Result<Contents, ReadError> {
    let mut files = Contents::new();
    let mut folders = vec![(&CARD, String::from("/"))];
    while let Some((folder, url)) = folders.pop() {
        for entry in folder.dirs() {
            if let Some(name) = plain_name(entry.path()) {
                folders.push((entry, format!("{url}{name}/")));
            }
        }
        for entry in folder.files() {
            let Some(name) = plain_name(entry.path()) else { continue };
            let Some(content_type) = content_type(name) else { continue };
            let url = format!("{url}{name}");
            let read = |suffix: &str| {
                let file = CARD.get_file(entry.path().with_file_name(format!("{name}{suffix}")));
                Ok(file.map(|file| Bytes::from_static(file.contents())))
            };
            if let Some(file) = File::read(&url, content_type, read)? {
                files.insert(url.into(), file);
            }
        }
    }
    Ok(files)
}

fn plain_name(path: &'static std::path::Path) -> Option<&'static str> {
    path.file_name()?.to_str().filter(|name| is_plain(name))
}
