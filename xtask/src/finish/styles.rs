//! Puts the card's stylesheet into the script that draws the skeleton.
//!
//! The card shows its first, empty state before WebAssembly has arrived, and in a shadow root that
//! only a constructed sheet reaches under a strict policy. So the text travels with the script.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};

use super::minify;
use crate::command::Cmd;

const SKELETON: &str = "skeleton.js";

/// The string in the script's source that stands for the stylesheet.
const PLACEHOLDER: &str = "\"/* card.css */\"";

/// Replaces the placeholder by the stylesheet, minified if there is a minifier.
pub(super) fn embed(staging: &Path, stylesheet: &Path, minifier: Option<&Cmd>) -> anyhow::Result<()> {
    let css = match minifier {
        Some(minifier) => minify::stylesheet(minifier, stylesheet)?,
        None => {
            fs::read_to_string(stylesheet).with_context(|| format!("cannot read {}", stylesheet.display()))?
        }
    };
    let path = staging.join(SKELETON);
    let script = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}; index.html has to copy it", path.display()))?;
    if let Some(script) = with_styles(&script, css.trim())? {
        fs::write(&path, script).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The script with its styles, or nothing where it has them already.
fn with_styles(script: &str, css: &str) -> anyhow::Result<Option<String>> {
    match script.matches(PLACEHOLDER).count() {
        1 => Ok(Some(script.replace(PLACEHOLDER, &serde_json::to_string(css)?))),
        0 if holds(script, css) => Ok(None),
        count => {
            bail!("{SKELETON} has to hold {PLACEHOLDER} once, where the styles go; it does {count} times")
        }
    }
}

/// Whether the script holds these styles. A minifier may have quoted them anew, so what is looked
/// for is the longest piece in which there is nothing to quote.
fn holds(script: &str, css: &str) -> bool {
    let piece = css.split(['"', '\'', '`', '\\', '\n', '\t']).max_by_key(|piece| piece.len());
    piece.is_some_and(|piece| !piece.is_empty() && script.contains(piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSS: &str = ":host {\n  content: \"\\2014 — \\\\\";\n}";

    #[test]
    fn the_stylesheet_takes_the_place_of_its_placeholder_as_one_string() {
        let script = with_styles(r#"sheet.replaceSync("/* card.css */");"#, CSS).unwrap().unwrap();
        let literal = script.strip_prefix("sheet.replaceSync(").unwrap().strip_suffix(");").unwrap();
        assert_eq!(serde_json::from_str::<String>(literal).unwrap(), CSS);
    }

    #[test]
    fn a_script_that_has_its_styles_is_left_alone() {
        let css = ":host{color:red}.a{content:\"x\"}";
        let once = with_styles(r#"s("/* card.css */")"#, css).unwrap().unwrap();
        assert_eq!(with_styles(&once, css).unwrap(), None);
        assert_eq!(with_styles(&format!("s('{css}')"), css).unwrap(), None);
    }

    #[test]
    fn a_script_without_a_place_for_the_styles_is_an_error_and_not_a_bare_card() {
        for script in ["s()", r#"s("/* card.css */" + "/* card.css */")"#] {
            assert!(with_styles(script, CSS).is_err(), "{script}");
        }
        assert!(with_styles("s()", "").is_err());
    }
}
