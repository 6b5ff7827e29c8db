//! Where the files of the card come from.

use std::fmt;
use std::path::PathBuf;

/// Where the files of the card come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardSource {
    /// The build that is in this program.
    #[cfg(feature = "bundled-card")]
    Bundled,
    /// The directory of a build.
    Directory(PathBuf),
}

impl Default for CardSource {
    fn default() -> Self {
        #[cfg(feature = "bundled-card")]
        return Self::Bundled;
        #[cfg(not(feature = "bundled-card"))]
        Self::Directory("dist".into())
    }
}

/// As the logs and `--check` name it.
impl fmt::Display for CardSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "bundled-card")]
            Self::Bundled => f.write_str("this program"),
            Self::Directory(directory) => write!(f, "ASSETS_DIR ({})", directory.display()),
        }
    }
}
