//! The rules of ARCHITECTURE.md that a machine can check.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails, which is what it is for")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder, with their code: comments and tests may name what they like.
fn code(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("mod tests {").next().unwrap();
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                found.push((path.clone(), code.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

/// What a page loads: not the build beside it, nor the tools that it installs.
fn www() -> Vec<(PathBuf, String)> {
    ["www/element", "www/glue", "www/site", "www/words"].into_iter().flat_map(code).collect()
}

fn refuse(files: &[(PathBuf, String)], words: &[&str]) {
    for (path, code) in files {
        for word in words {
            assert!(!code.contains(word), "{} names {word}", path.display());
        }
    }
}

fn except(files: Vec<(PathBuf, String)>, names: &[&str]) -> Vec<(PathBuf, String)> {
    let is_named = |path: &Path| names.iter().any(|name| path.ends_with(name));
    files.into_iter().filter(|(path, _)| !is_named(path)).collect()
}

#[test]
fn the_model_names_no_clock_no_page_and_no_framework() {
    let forbidden = [
        "yew",
        "web_sys",
        "js_sys",
        "gloo",
        "wasm_bindgen",
        "Instant",
        "SystemTime",
        "now()",
        "crate::browser",
        "crate::components",
        "crate::app",
    ];
    refuse(&code("src/model"), &forbidden);
}

/// Their tests take any time.
#[test]
fn what_the_proxy_decides_it_decides_without_a_clock() {
    for folder in ["proxy/src/balances/core", "proxy/src/alerts/core"] {
        refuse(&except(code(folder), &["tests.rs", "properties.rs"]), &["now()"]);
    }
}

#[test]
fn the_components_touch_nothing_but_markup() {
    refuse(
        &code("src/components"),
        &["web_sys", "js_sys", "gloo", "wasm_bindgen", "crate::browser", "crate::app"],
    );
}

/// yew keeps a root with a listener for ever, and host pages may be yew apps themselves.
#[test]
fn no_component_has_a_yew_listener() {
    refuse(
        &code("src/components"),
        &[
            "onclick",
            "onchange",
            "onsubmit",
            "onmouse",
            "ontouch",
            "oninput",
            "onkey",
            "onpointer",
            "ontoggle",
            "onfocus",
            "onblur",
        ],
    );
}

#[test]
fn the_browser_layer_knows_nothing_of_components() {
    refuse(&code("src/browser"), &["yew", "crate::components", "crate::app", "crate::element"]);
}

#[test]
fn one_module_of_the_card_speaks_http() {
    let files = except(code("src"), &["browser/fetch.rs", "browser/fetch/response.rs"]);
    refuse(&files, &["gloo_net", "fetch_with", "XmlHttpRequest", "WebSocket", "EventSource"]);
}

#[test]
fn the_card_knows_no_url_of_the_partners_api_and_no_credential() {
    let words = ["partners-api", "/v2/", "client_id", "client_secret", "Bearer", "Authorization"];
    refuse(&code("src"), &words);
    refuse(&www(), &words);
    refuse(&code("contract"), &["partners-api", "/v2/", "Bearer", "access_token"]);
}

#[test]
fn nothing_from_outside_can_become_markup_or_script() {
    let sinks = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "from_html_unchecked",
    ];
    refuse(&www(), &sinks);
    refuse(&code("src"), &sinks);
}

/// `MooTools` has a `Request` and a `bind` of its own, datejs a `Date.parse`.
#[test]
fn nothing_depends_on_what_old_libraries_replace() {
    refuse(&code("src"), &["Request::new", "Date::parse", ".bind("]);
    refuse(&code("www/element"), &["new Request(", "Date.parse", ".bind(", "Array.from"]);
}

#[test]
fn the_versions_agree() {
    let class = fs::read_to_string(root().join("www/element/element.js")).unwrap();
    assert!(class.contains("static version = VERSION;"), "www/build.mjs defines it");
    let debian = fs::read_to_string(root().join("proxy/debian/changelog")).unwrap();
    assert!(debian.starts_with(concat!("airalo-balance-proxy (", env!("CARGO_PKG_VERSION"), "-1) ")));
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(changelog.contains(env!("CARGO_PKG_VERSION")) || changelog.contains("Unreleased"));
}

#[test]
fn a_partners_theme_needs_only_custom_properties_and_parts() {
    let theme = fs::read_to_string(root().join("examples/partner-theme/airalo-balance.css")).unwrap();
    assert!(!theme.contains("!important"));
    for rule in theme.split('}').filter(|rule| rule.contains('{')) {
        let (selectors, declarations) = rule.split_once('{').unwrap();
        let selectors = selectors.rsplit("*/").next().unwrap();
        let part = selectors.contains("::part(");
        assert!(selectors.split(',').all(|one| one.trim().starts_with("airalo-balance")), "{selectors}");
        let properties = declarations.lines().filter_map(|line| line.split_once(':'));
        for (property, _) in properties {
            assert!(part || property.trim().starts_with("--airalo-balance-"), "{property}");
        }
    }
}
