//! The program itself, in an environment that holds only what a test puts there.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

pub(crate) fn program(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_airalo-balance-proxy"));
    command.args(arguments).env_clear().envs(variables.iter().copied()).env("LISTEN", "127.0.0.1:0");
    command
}

/// A program that is running. It is ended with the test, however that ends.
pub(crate) struct Running {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStderr>>,
    pub(crate) heard: Vec<String>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        Self { child, lines, heard: Vec::new() }
    }

    /// Reads on until a line has this in it.
    pub(crate) fn hear(&mut self, what: &str) -> String {
        for line in self.lines.by_ref() {
            let line = line.unwrap();
            self.heard.push(line.clone());
            if line.contains(what) {
                return line;
            }
        }
        panic!("never said {what}: {:#?}", self.heard);
    }

    pub(crate) fn url(&mut self) -> String {
        let line = self.hear("listening on ");
        line.split("listening on ").nth(1).unwrap().trim_end_matches('/').to_owned()
    }

    /// Asks it to stop, and hears it out.
    #[cfg(unix)]
    pub(crate) fn stop(mut self) -> Vec<String> {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        let rest: Vec<_> = self.lines.by_ref().map(Result::unwrap).collect();
        self.heard.extend(rest);
        assert!(self.child.wait().unwrap().success(), "{:#?}", self.heard);
        std::mem::take(&mut self.heard)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which is just as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (Output, String) {
    let output = program(arguments, variables).output().unwrap();
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    (output, said)
}

#[test]
fn started_without_credentials_it_names_every_missing_variable() {
    let (output, said) = run(&[], &[]);
    assert!(!output.status.success());
    for name in [
        "AIRALO_CLIENT_ID is missing",
        "AIRALO_CLIENT_SECRET is missing",
        "AIRALO_CLIENT_SECRET_FILE",
        "--sandbox",
    ] {
        assert!(said.contains(name), "{name} is not in: {said}");
    }
}

#[test]
fn a_setting_of_a_later_version_keeps_it_from_starting() {
    let (output, said) = run(&["--sandbox"], &[("ACCESS_TOKEN", "hunter2"), ("REDIS_URL", "redis://a")]);
    assert!(!output.status.success());
    assert!(said.contains("ACCESS_TOKEN is not supported by this version yet"), "{said}");
    assert!(said.contains("REDIS_URL"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn an_address_that_is_taken_is_named_by_its_variable() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (output, said) = run(&["--sandbox"], &[("SANDBOX_LISTEN", &address)]);
    assert!(!output.status.success());
    assert!(said.contains("SANDBOX_LISTEN: the address cannot be used"), "{said}");
}

#[test]
fn a_filter_of_the_log_that_cannot_be_read_is_named_and_not_obeyed() {
    let mut running = Running::start(program(&["--sandbox"], &[("RUST_LOG", "airalo=loudly")]));
    running.hear("RUST_LOG is not a filter");
    running.hear("listening on ");
}

#[test]
fn help_is_the_documentation() {
    let (output, _) = run(&["--help"], &[]);
    let said = String::from_utf8(output.stdout).unwrap();
    for word in ["--sandbox", "AIRALO_CLIENT_SECRET_FILE", "BALANCE_TTL", "[default: 127.0.0.1:8080]"] {
        assert!(said.contains(word), "{word} is not in: {said}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn with_the_stand_in_it_runs_and_stops_when_asked() {
    let mut running = Running::start(program(
        &["--sandbox"],
        &[("SANDBOX_BALANCE", "12.34"), ("SANDBOX_ORDER_EVERY", "0")],
    ));
    let url = running.url();
    running.hear("its console is http://127.0.0.1:");
    let body = crate::ask(&crate::client(), &url).await.text().await.unwrap();
    assert!(body.contains("12.34"), "{body}");
    let heard = running.stop();
    assert!(heard.iter().any(|line| line.contains("stopping")), "{heard:#?}");
}
