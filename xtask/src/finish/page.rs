//! Takes the notes for Trunk out of the page.
//!
//! With its own script left out, Trunk leaves the tag of the Rust asset where it was. Browsers
//! ignore it, but what the build was told is no business of a reader.

use std::{fs, path::Path};

use anyhow::Context as _;

const START: &str = "<link data-trunk";

/// Cleans the page that Trunk has staged.
pub(super) fn clean(staging: &Path) -> anyhow::Result<()> {
    let path = staging.join("index.html");
    let page = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    fs::write(&path, without_notes(&page)).with_context(|| format!("cannot write {}", path.display()))
}

/// The page without these tags, and without the lines that held nothing else.
fn without_notes(page: &str) -> String {
    let mut rest = page;
    let mut cleaned = String::new();
    while let Some((before, after)) = rest.split_once(START).filter(|(_, after)| after.contains('>')) {
        cleaned.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    cleaned.push_str(rest);
    let is_left_over = |pair: &&[&str]| !(pair[0].trim().is_empty() && pair[1].trim().is_empty());
    let lines: Vec<_> = cleaned.split('\n').collect();
    let kept = lines.windows(2).filter(is_left_over).map(|pair| pair[0]);
    kept.chain(lines.last().copied()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notes_for_trunk_are_gone_and_nothing_else() {
        let page = "<head>\n  <link rel=\"icon\" />\n  <link data-trunk rel=\"rust\"\n    data-x=\"1\" />\n  \n  \n</head>\n";
        assert_eq!(without_notes(page), "<head>\n  <link rel=\"icon\" />\n  \n</head>\n");
    }

    #[test]
    fn a_page_without_notes_stays_as_it_is() {
        for page in ["", "<p>\n\n<a>\n", "<link data-trunk"] {
            assert_eq!(without_notes(page), page);
        }
    }
}
