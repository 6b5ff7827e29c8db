//! What the README shows of a file is in that file, so that the two cannot differ.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails, which is what it is for")]

use std::fs;
use std::path::PathBuf;

fn read(name: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn the_lines_of_php_in_the_readme_are_those_of_the_example() {
    let (readme, example) = (read("README.md"), read("examples/php/index.php"));
    let blocks: Vec<_> =
        readme.split("```php\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        assert!(example.contains(block), "examples/php/index.php lacks:\n{block}");
    }
}
