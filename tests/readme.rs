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
fn the_lines_in_the_page_about_backends_are_those_of_the_examples() {
    let page = read("docs/your-own-backend.md");
    for (language, files, count) in [
        ("js", &["node/panel.js"][..], 1),
        ("php", &["php/balance.php", "php/laravel/routes/web.php", "php/laravel/config/services.php"], 3),
        ("python", &["python/panel.py"], 1),
        ("html", &["panel.html"], 2),
    ] {
        let examples: Vec<_> = files.iter().map(|file| read(&format!("examples/servers/{file}"))).collect();
        let blocks = blocks(&page, language);
        assert_eq!(blocks.len(), count, "{language}");
        for block in blocks {
            let parts: Vec<_> = block.split("\n\n").map(|part| part.trim_matches('\n')).collect();
            let has_all = |example: &String| parts.iter().all(|part| example.contains(part));
            assert!(examples.iter().any(has_all), "the examples lack:\n{block}");
        }
    }
}

/// Whoever pastes these blocks has all that the routes need.
#[test]
fn the_blocks_for_laravel_are_the_whole_files_and_those_of_modules_begin_with_their_imports() {
    let page = read("docs/your-own-backend.md");
    let php = blocks(&page, "php");
    let file = |name: &str| read(&format!("examples/servers/php/laravel/{name}"));
    let (routes, services) = (file("routes/web.php"), file("config/services.php"));
    assert_eq!(php[1], routes.strip_prefix("<?php\n\n").unwrap());
    let entry = services.strip_prefix("<?php\n\nreturn [\n    // Beside what is there already.\n");
    assert_eq!(php[2], entry.unwrap().strip_suffix("];\n").unwrap());
    assert!(blocks(&page, "js")[0].starts_with("import { balance, refuse } from"));
    assert!(blocks(&page, "python")[0].starts_with("from fastapi import Depends, "));
}

/// What the page promises, and what somebody who reads a route hopes for.
#[test]
fn no_file_of_a_backend_has_more_than_a_hundred_lines() {
    let servers = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/servers");
    let mut files = 0;
    for folder in ["node", "python", "php", "php/laravel/app/Services", "php/laravel/app/Http/Controllers"] {
        for entry in fs::read_dir(servers.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|kind| ["js", "py", "php"].iter().any(|one| kind == *one)) {
                files += 1;
                assert!(fs::read_to_string(&path).unwrap().lines().count() <= 100, "{}", path.display());
            }
        }
    }
    assert!(files >= 12, "the examples are elsewhere");
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
