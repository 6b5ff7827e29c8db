//! Runs the program as a process whose environment holds only what a test puts there.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than any test runs.
const LONGEST_LIFE: Duration = Duration::from_secs(150);

pub(crate) fn proxy_command(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_airalo-balance-proxy"));
    command.args(arguments).env_clear().env("LISTEN", "127.0.0.1:0").env("LOG_FORMAT", "text");
    command.envs(variables.iter().copied());
    command
}

/// A running process. It is killed when it is dropped, also by a test that fails.
pub(crate) struct ProxyProcess {
    child: Child,
    /// Kills the process after a while, so that no test waits for ever. It stops when this is dropped.
    _watchdog: Sender<()>,
    stderr: Lines<BufReader<ChildStderr>>,
    /// The lines of the log that have been read so far.
    log: Vec<String>,
}

impl ProxyProcess {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        let (watchdog, dropped) = mpsc::channel();
        let id = child.id().to_string();
        thread::spawn(move || {
            if dropped.recv_timeout(LONGEST_LIFE) == Err(RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-s", "KILL", &id]).status();
            }
        });
        Self { child, _watchdog: watchdog, stderr, log: Vec::new() }
    }

    /// Reads the log up to the next line that contains this text.
    pub(crate) fn wait_for_line(&mut self, text: &str) -> String {
        for line in self.stderr.by_ref() {
            let line = line.unwrap();
            self.log.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
        panic!("{text} is not in the log: {:#?}", self.log);
    }

    pub(crate) fn url(&mut self) -> String {
        let line = self.wait_for_line("listening on ");
        let rest = line.split("listening on ").nth(1).unwrap();
        // The line may be JSON.
        rest.split('"').next().unwrap().trim_end_matches('/').to_owned()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    #[allow(dead_code, reason = "used by the tests of attacks")]
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// The code that the process ends with, if it does so in this time.
    #[allow(dead_code, reason = "used by the tests of signals")]
    pub(crate) fn exit_code(&mut self, within: Duration) -> Option<i32> {
        let end = Instant::now() + within;
        loop {
            match self.child.try_wait().unwrap() {
                Some(status) => return status.code(),
                None if Instant::now() >= end => return None,
                None => thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Stops the process with a signal, and returns its whole log.
    #[cfg(unix)]
    pub(crate) fn stop(mut self) -> Vec<String> {
        self.signal("TERM");
        let rest: Vec<_> = self.stderr.by_ref().map(Result::unwrap).collect();
        self.log.extend(rest);
        assert!(self.child.wait().unwrap().success(), "{:#?}", self.log);
        std::mem::take(&mut self.log)
    }
}

impl Drop for ProxyProcess {
    fn drop(&mut self) {
        // The process may have ended already, and then this fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
