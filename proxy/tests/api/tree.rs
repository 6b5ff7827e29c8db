//! The dependency tree of the proxy.

use std::process::Command;

#[test]
fn the_proxy_depends_on_no_browser_crate_and_no_second_tls_library() {
    let arguments = ["tree", "-p", "airalo-balance-proxy", "-e", "normal", "--prefix", "none", "--offline"];
    let output =
        Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.contains("airalo-balance v"), "{tree}");
    for forbidden in ["yew", "web-sys", "js-sys", "wasm-bindgen", "aws-lc-rs", "native-tls"] {
        let found = tree.lines().any(|line| line.split(' ').next() == Some(forbidden));
        assert!(!found, "{forbidden} is in the tree:\n{tree}");
    }
}
