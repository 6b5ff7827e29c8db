use std::process::{Command, Output};

fn run(variables: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_airalo-balance-sandbox"));
    program.env_clear().envs(variables.iter().copied()).output().unwrap()
}

#[test]
fn an_address_that_other_machines_can_reach_is_refused_at_the_start() {
    let output = run(&[("SANDBOX_LISTEN", "0.0.0.0:0")]);
    assert!(!output.status.success());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("use a loopback address"), "{stderr}");
}

#[test]
fn an_invalid_setting_is_named() {
    for (name, option, value) in [
        ("SANDBOX_BALANCE", "--balance", "much"),
        ("SANDBOX_ORDER_EVERY", "--order-every", "-1"),
        ("SANDBOX_SCENARIO", "--scenario", "chaos"),
    ] {
        let output = run(&[(name, value)]);
        assert!(!output.status.success(), "{name}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(option), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn it_says_what_it_is_and_stops_on_a_signal() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let mut program = Command::new(env!("CARGO_BIN_EXE_airalo-balance-sandbox"));
    program.env_clear().env("SANDBOX_LISTEN", "127.0.0.1:0").stdout(Stdio::piped());
    let mut child = program.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("stand-in"));
    assert!(lines.next().unwrap().unwrap().starts_with("Console: http://127.0.0.1:"));

    let kill = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(kill.success());
    assert!(child.wait().unwrap().success());
}
