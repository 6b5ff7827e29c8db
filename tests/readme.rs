//! What the README shows of a file is in that file, so that the two cannot differ.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails, which is what it is for")]

use std::fs;
use std::path::PathBuf;

fn read(name: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn blocks<'a>(readme: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let starts = readme.split(&*fence).skip(1);
    starts.map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_lines_of_php_in_the_readme_are_those_of_the_examples() {
    let readme = read("README.md");
    let examples = [read("examples/servers/php/page.php"), read("examples/widget-token/token.php")];
    let blocks = blocks(&readme, "php");
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        assert!(examples.iter().any(|example| example.contains(block)), "the examples lack:\n{block}");
    }
}

#[test]
fn the_token_in_the_readme_is_made_by_the_lines_of_the_example() {
    let (readme, example) = (read("README.md"), read("examples/widget-token/token.mjs"));
    let blocks: Vec<_> =
        blocks(&readme, "js").into_iter().filter(|block| block.contains("createHmac")).collect();
    assert_eq!(blocks.len(), 1);
    assert!(example.contains(blocks[0]), "examples/widget-token/token.mjs lacks:\n{}", blocks[0]);
}
