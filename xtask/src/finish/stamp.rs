//! Puts the WebAssembly and its glue below an address that changes whenever they do.
//!
//! What lies there can be kept by browsers for ever, which makes a second visit cost no more than
//! a look at the two small scripts. And a page that was opened before an update finds its own
//! files or none, never a glue of another version.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::Path,
};

use anyhow::{Context as _, ensure};

use super::files_with;

const FOLDER: &str = "card";

/// How the scripts and the page name what is in the folder.
const NAMED: &str = "./card/";

/// Where it is named: in the one script or in a piece of it, and in the page.
const BY: [&str; 3] = ["airalo-balance-element.js", "card-instance.js", "index.html"];

/// Moves the files of the folder into one that is named after what they hold.
pub(super) fn stamp(staging: &Path) -> anyhow::Result<()> {
    let cannot = |what: &str, path: &Path| format!("cannot {what} {}", path.display());
    let folder = staging.join(FOLDER);
    let mut contents = Vec::new();
    for path in files_with(&folder, &["js", "wasm"])? {
        contents.push(fs::read(&path).with_context(|| cannot("read", &path))?);
    }
    let name = name_of(&contents);
    let aside = staging.join("card.aside");
    fs::rename(&folder, &aside).with_context(|| cannot("move", &folder))?;
    fs::create_dir(&folder).with_context(|| cannot("make", &folder))?;
    fs::rename(&aside, folder.join(&name)).with_context(|| cannot("move", &aside))?;

    let mut named = 0;
    for path in BY.map(|file| staging.join(file)).iter().filter(|path| path.exists()) {
        let text = fs::read_to_string(path).with_context(|| cannot("read", path))?;
        named += usize::from(text.contains(NAMED) && path.extension().is_some_and(|kind| kind == "js"));
        fs::write(path, text.replace(NAMED, &format!("{NAMED}{name}/")))
            .with_context(|| cannot("write", path))?;
    }
    ensure!(named == 1, "one script has to name {NAMED}, where the WebAssembly is; {named} do");
    Ok(())
}

/// The same for the same contents; 16 digits, so that it can be told from any other folder.
fn name_of(contents: &[Vec<u8>]) -> String {
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(wasm: &str) -> tempfile::TempDir {
        let staging = tempfile::tempdir().unwrap();
        fs::create_dir(staging.path().join("card")).unwrap();
        for (file, text) in [
            ("card/airalo-balance_bg.wasm", wasm),
            ("card/airalo-balance.js", "glue"),
            ("card-instance.js", "const GLUE = './card/airalo-balance.js';"),
            ("index.html", "<link href=\"./card/airalo-balance.js\">"),
        ] {
            fs::write(staging.path().join(file), text).unwrap();
        }
        staging
    }

    #[test]
    fn other_contents_have_another_address_and_everybody_knows_it() {
        let mut names = Vec::new();
        for wasm in ["one", "one", "another"] {
            let staging = built(wasm);
            stamp(staging.path()).unwrap();
            let read = |file: &str| fs::read_to_string(staging.path().join(file)).unwrap();
            let script = read("card-instance.js");
            let name = script.split('/').nth(2).unwrap().to_owned();
            assert!(name.len() == 16 && name.bytes().all(|digit| digit.is_ascii_hexdigit()), "{name}");
            assert_eq!(read(&format!("card/{name}/airalo-balance_bg.wasm")), wasm);
            assert_eq!(read("index.html"), format!("<link href=\"./card/{name}/airalo-balance.js\">"));
            names.push(name);
        }
        assert_eq!(names[0], names[1]);
        assert_ne!(names[0], names[2]);
    }

    #[test]
    fn a_build_whose_scripts_would_look_elsewhere_is_refused() {
        let staging = built("one");
        fs::write(staging.path().join("card-instance.js"), "").unwrap();
        assert!(stamp(staging.path()).is_err());
    }
}
