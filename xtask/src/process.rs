//! Runs programs: shows their progress, and ends them when this process ends.

use std::{io::Read as _, process::ExitStatus, thread, time::Duration};

use anyhow::{Context as _, bail, ensure};
use duct::Expression;
use tempfile::NamedTempFile;

use crate::{
    command::Cmd,
    interrupt,
    screen::{self, Progress},
};

/// How often a loop looks whether a program has ended or Ctrl-C was pressed.
pub(crate) const POLL_EVERY: Duration = Duration::from_millis(50);

/// How long a program has to end after it was asked to. Most need far less.
#[cfg(unix)]
const TIME_TO_END: Duration = Duration::from_secs(10);

/// Runs a program to its end and shows its progress. If it fails, prints all of its output.
pub(crate) fn run(command: &Cmd) -> anyhow::Result<String> {
    let (status, output) = watch(command)?;
    if !status.success() {
        screen::warn(output.trim_end());
        bail!("the command has failed; its output is above. To repeat it:\n  {command}");
    }
    Ok(output)
}

/// The same where the project goes on without it: a failure is told in one line.
pub(crate) fn try_run(command: &Cmd) -> anyhow::Result<String> {
    let (status, output) = watch(command)?;
    ensure!(status.success(), "{}", reason(&output));
    Ok(output)
}

/// Why a program has failed: its first error, or else the last line it printed.
fn reason(output: &str) -> &str {
    let mut lines = output.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines.clone().find_map(|line| line.strip_prefix("error: "));
    error.or_else(|| lines.next_back()).unwrap_or("it gave no reason")
}

/// Its status, and its standard output and standard error in the order in which they were written.
fn watch(command: &Cmd) -> anyhow::Result<(ExitStatus, String)> {
    // Not a pipe: the program may leave another one running, which would keep a pipe open.
    let mut log = NamedTempFile::new().context("cannot write a temporary file")?;
    let input = log.reopen()?;
    let running = Running::start(command, |program| program.stderr_to_stdout().stdout_file(input))?;
    let mut progress = Progress::start();
    let mut output = Vec::new();
    loop {
        let ended = running.ended()?;
        log.read_to_end(&mut output)?;
        if let Some(status) = ended {
            return Ok((status, String::from_utf8_lossy(&output).into_owned()));
        }
        if interrupt::requested() {
            bail!("stopped while `{command}` was running");
        }
        progress.show(&output);
        thread::sleep(POLL_EVERY);
    }
}

/// A program that runs in the background. Dropping it ends it and everything that it has started.
pub(crate) struct Running(duct::Handle);

impl Running {
    /// Starts a program in a process group of its own; `streams` says where its output goes.
    pub(crate) fn start(
        command: &Cmd,
        streams: impl FnOnce(Expression) -> Expression,
    ) -> anyhow::Result<Self> {
        let program = command.expression()?;
        #[cfg(unix)]
        let program = program.before_spawn(|command| {
            std::os::unix::process::CommandExt::process_group(command, 0);
            Ok(())
        });
        streams(program).start().map(Self).with_context(|| format!("cannot start `{command}`"))
    }

    /// The status of the program, once it has ended by itself.
    pub(crate) fn ended(&self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.0.try_wait()?.map(|output| output.status))
    }

    /// Asks the whole group to end, and ends what is left of it after a while.
    #[cfg(unix)]
    fn end_group(&self) {
        use nix::{sys::signal, unistd::Pid};

        let Some(Ok(group)) = self.0.pids().first().map(|id| i32::try_from(*id)) else { return };
        let send = |signal: Option<signal::Signal>| signal::killpg(Pid::from_raw(group), signal).is_ok();
        send(Some(signal::SIGTERM));
        let asked = std::time::Instant::now();
        // `ended` removes the program itself from the group, and sending no signal tells whether
        // any other process is left in it.
        while (matches!(self.ended(), Ok(None)) || send(None)) && asked.elapsed() < TIME_TO_END {
            if interrupt::repeated() {
                break;
            }
            thread::sleep(POLL_EVERY);
        }
        send(Some(signal::SIGKILL));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A program that has ended by itself may have left another one running on purpose.
        if matches!(self.ended(), Ok(None)) {
            #[cfg(unix)]
            self.end_group();
            let _ = self.0.kill();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    fn shell(script: &str) -> Cmd {
        Cmd::new("sh -c", Path::new(".")).arg(script)
    }

    #[test]
    fn both_streams_are_kept_in_order_and_what_is_left_running_is_not_waited_for() {
        let output = run(&shell("(sleep 5; echo late) & echo one; echo two >&2; printf three")).unwrap();
        assert_eq!(output, "one\ntwo\nthree");
    }

    #[test]
    fn a_failure_names_the_command_to_repeat_or_its_reason() {
        let error = run(&shell("exit 3")).unwrap_err().to_string();
        assert!(error.ends_with("sh -c 'exit 3'"), "{error}");
        assert_eq!(reason("a\nerror: b\nerror: c\n"), "b");
        assert_eq!(reason("a\nb\n\n"), "b");
    }

    #[test]
    fn dropping_a_running_program_ends_what_it_has_started_too() {
        let folder = tempfile::tempdir().unwrap();
        let command = shell("(echo > started; sleep 2; echo > survived) & wait").within(folder.path());
        let running = Running::start(&command, |program| program).unwrap();
        while !folder.path().join("started").exists() {
            thread::sleep(POLL_EVERY);
        }
        drop(running);
        thread::sleep(Duration::from_secs(3));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
