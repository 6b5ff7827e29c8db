//! What is logged of a panic. The hook belongs to the whole process, so this test has one of its own.

use airalo_balance_proxy::{LogFormat, telemetry};
use std::process::Command;

const IS_CHILD: &str = "AIRALO_TEST_PANICS";

#[test]
fn a_panic_is_one_json_object_of_the_log() {
    if std::env::var_os(IS_CHILD).is_some() {
        telemetry::init(None, LogFormat::Json);
        assert!(std::thread::spawn(|| panic!("inner\nwords")).join().is_err());
        return;
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    let child = child.env(IS_CHILD, "1").env_remove("RUST_BACKTRACE");
    let output = child.args(["--nocapture", "--test-threads=1"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<serde_json::Value> =
        stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1, "{stderr}");
    assert_eq!(
        (&lines[0]["level"], &lines[0]["message"]),
        (&"ERROR".into(), &"panicked: inner\nwords".into())
    );
    assert!(lines[0]["location"].as_str().unwrap().contains("panics.rs:"), "{stderr}");
}
