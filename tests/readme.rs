//! What the documents promise of the files of the project. That the code on the pages of `docs/` is that
//! of the examples is a test of `www/docs.test.mjs`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails, which is what it is for")]

use std::fs;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What the page about backends promises, and what somebody who reads a route hopes for.
#[test]
fn no_file_of_a_backend_has_more_than_a_hundred_lines() {
    let servers = root().join("examples/servers");
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

/// Whoever reads only this page has the element, the way to try it, and the pages for everything else.
#[test]
fn the_readme_leads_to_every_page_of_the_documentation_that_a_newcomer_needs() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains("<airalo-balance proxy-url=\"/api/balance\""));
    assert!(readme.lines().count() < 150, "what is longer belongs into docs/");
    for page in
        ["README", "quick-start", "html", "react", "theming", "your-own-backend", "operating", "access", "alerts"]
    {
        assert!(readme.contains(&format!("(docs/{page}.md)")), "the README does not lead to docs/{page}.md");
    }
}
