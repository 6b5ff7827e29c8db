//! The dependency tree of the proxy.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const MANIFEST_DIR: &str = env!("CARGO_MANIFEST_DIR");

fn tree(arguments: &[&str]) -> String {
    let common = ["tree", "-e", "normal", "--prefix", "none", "--offline"];
    let output =
        Command::new(env!("CARGO")).args(common).args(arguments).current_dir(MANIFEST_DIR).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_proxy_depends_on_no_browser_crate_and_no_second_tls_library() {
    let tree = tree(&["-p", "airalo-balance-proxy"]);
    assert!(tree.contains("airalo-balance v"), "{tree}");
    for forbidden in ["yew", "web-sys", "js-sys", "wasm-bindgen", "aws-lc-rs", "native-tls"] {
        let found = tree.lines().any(|line| line.split(' ').next() == Some(forbidden));
        assert!(!found, "{forbidden} is in the tree:\n{tree}");
    }
}

/// Their licences ask for no more, and whoever installs the program gets these files along.
#[test]
fn every_crate_in_the_program_and_in_the_card_is_named_with_its_licence() {
    let program = ["-p", "airalo-balance-proxy", "--features", "bundled-card"];
    let card = ["-p", "airalo-balance", "--features", "own-allocator"];
    for (file, package, target) in
        [("program.txt", program, "x86_64-unknown-linux-musl"), ("card.txt", card, "wasm32-unknown-unknown")]
    {
        let tree = tree(&[&package[..], &["--target", target]].concat());
        let linked: BTreeSet<_> = tree.lines().filter_map(name_and_version).collect();
        let text = std::fs::read_to_string(Path::new(MANIFEST_DIR).join("licences").join(file)).unwrap();
        let separator = format!("{}\n", "=".repeat(80));
        let lists = text.split(&separator).skip(1);
        let lists = lists.filter_map(|part| part.lines().next()?.split_once(": ").map(|(_, list)| list));
        let named: BTreeSet<_> = lists.flat_map(|list| list.split(", ")).map(str::to_owned).collect();
        assert!(linked == named, "{file} is out of date; licences/about.toml has the commands that write it");
    }
}

/// `name v1.2.3 (…)` as `name 1.2.3`.
fn name_and_version(line: &str) -> Option<String> {
    let mut words = line.split(' ');
    Some(format!("{} {}", words.next()?, words.next()?.strip_prefix('v')?))
}
