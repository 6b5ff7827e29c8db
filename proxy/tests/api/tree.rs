use std::process::Command;

#[test]
fn the_proxy_holds_nothing_that_is_made_for_browsers() {
    let arguments = ["tree", "-p", "airalo-balance-proxy", "-e", "normal", "--prefix", "none", "--offline"];
    let output =
        Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.contains("airalo-balance v"), "{tree}");
    for forbidden in ["yew", "web-sys", "js-sys", "wasm-bindgen", "aws-lc-rs", "native-tls"] {
        let held = tree.lines().any(|line| line.split(' ').next() == Some(forbidden));
        assert!(!held, "{forbidden} is in the tree:\n{tree}");
    }
}
