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
    let examples = [read("examples/php/index.php"), read("examples/widget-token/token.php")];
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

#[test]
fn the_lines_of_rust_in_the_readme_are_those_of_the_example() {
    let (readme, example) = (read("README.md"), read("examples/yew-host/src/main.rs"));
    let blocks = blocks(&readme, "rust");
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        assert!(example.contains(block), "examples/yew-host/src/main.rs lacks:\n{block}");
    }
}

#[test]
fn the_lines_for_each_framework_in_the_readme_are_compiled_in_a_project() {
    let readme = read("README.md");
    let projects = [
        ("tsx", "react/credit.tsx"),
        ("vue", "vue/Credit.vue"),
        ("svelte", "svelte/Credit.svelte"),
        ("ts", "angular/credit.ts"),
    ];
    for (language, path) in projects {
        assert_eq!(blocks(&readme, language), [read(&format!("tests/package/types/{path}"))], "{language}");
    }
}
