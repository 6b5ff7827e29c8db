//! Runs other programs: with a sign of life, and never longer than we live ourselves.

use std::{
    io::{BufRead as _, BufReader, Read},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

use crate::{
    command::Cmd,
    interrupt,
    screen::{self, Progress},
};

/// How often a loop looks whether a child has ended or somebody pressed Ctrl-C.
pub(crate) const GLANCE: Duration = Duration::from_millis(50);

/// A well-behaved program needs far less; a stuck one must not hold the terminal for longer.
const TIME_TO_END: Duration = Duration::from_secs(10);

/// What a program has left behind.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) success: bool,
    /// Both streams, in the order the lines arrived.
    pub(crate) text: String,
    pub(crate) took: Duration,
}

/// Runs to the end and shows the last line meanwhile. Failing is an answer here, not an error.
pub(crate) fn watch(command: &Cmd) -> anyhow::Result<Finished> {
    let mut prepared = command.prepare()?;
    prepared.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Running::start(&mut prepared).with_context(|| format!("cannot start `{command}`"))?;
    let (sender, lines) = mpsc::channel();
    read_lines(child.0.stdout.take(), sender.clone());
    read_lines(child.0.stderr.take(), sender);

    let mut progress = Progress::start();
    let (mut text, mut last, mut ended) = (String::new(), String::new(), None);
    let status: ExitStatus = loop {
        match lines.recv_timeout(GLANCE) {
            Ok(line) => {
                text.push_str(&line);
                last = shown(&line).unwrap_or(last);
            }
            // A program may leave something running that holds its streams open. Once it has
            // ended and nothing more is said, it is over.
            Err(nothing) => match ended {
                Some(status) => break status,
                None if nothing == RecvTimeoutError::Disconnected => thread::sleep(GLANCE),
                None => {}
            },
        }
        if interrupt::asked() {
            bail!("stopped while `{command}` was running");
        }
        if ended.is_none() {
            ended = child.0.try_wait()?;
        }
        progress.tick(&last);
    };
    Ok(Finished { success: status.success(), text, took: progress.finish() })
}

/// Runs to the end, and fails where the program does.
pub(crate) fn must(command: &Cmd) -> anyhow::Result<Finished> {
    succeeded(command, watch(command)?)
}

/// Turns a failure into an error: everything the program said, and how to run it again.
pub(crate) fn succeeded(command: &Cmd, finished: Finished) -> anyhow::Result<Finished> {
    if !finished.success {
        screen::warn(finished.text.trim_end());
        bail!("this failed, its words are above; to repeat it:\n  {command}");
    }
    Ok(finished)
}

fn read_lines(stream: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    let Some(stream) = stream else { return };
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
}

/// The part of a line worth showing: after the last carriage return, without colours.
fn shown(line: &str) -> Option<String> {
    let line = line.trim_end().rsplit('\r').next()?;
    let mut text = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\x1b' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else if !character.is_control() {
            text.push(character);
        }
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A program that runs beside us. Dropping it stops it and all that it started.
#[derive(Debug)]
pub(crate) struct Running(Child);

impl Running {
    /// Starts a program in a process group of its own.
    pub(crate) fn start(command: &mut Command) -> std::io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn()?;
        interrupt::remember(child.id());
        Ok(Self(child))
    }

    /// The status, once it has ended by itself.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let group = self.0.id();
        if self.ended().is_none() {
            interrupt::terminate(group);
            let asked = Instant::now();
            while cfg!(unix) && self.ended().is_none() && asked.elapsed() < TIME_TO_END {
                thread::sleep(GLANCE);
            }
            if self.ended().is_none() {
                interrupt::kill(group);
                let _ = self.0.kill();
                let _ = self.0.wait();
            }
        }
        interrupt::forget(group);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::Path;

    use super::*;

    fn shell(script: &str) -> Cmd {
        Cmd::new("sh", Path::new(".")).args(["-c", script])
    }

    #[test]
    fn both_streams_are_kept_to_the_last_line() {
        let finished = watch(&shell("echo one; echo two >&2; printf three")).unwrap();
        assert!(finished.success);
        for word in ["one", "two", "three"] {
            assert!(finished.text.contains(word), "{word} is missing in {:?}", finished.text);
        }
    }

    #[test]
    fn a_failure_names_the_command_to_repeat() {
        let error = must(&shell("exit 3")).unwrap_err().to_string();
        assert!(error.ends_with("sh -c 'exit 3'"), "{error}");
    }

    #[test]
    fn a_program_that_leaves_a_child_with_its_streams_is_not_waited_for() {
        let finished = watch(&shell("(sleep 30; echo late) & echo done")).unwrap();
        assert_eq!(finished.text, "done\n");
    }

    #[test]
    fn dropping_a_running_program_ends_what_it_started_too() {
        let mut command = shell("(sleep 30; echo survived) & echo ready; wait").prepare().unwrap();
        let mut running = Running::start(command.stdout(Stdio::piped())).unwrap();
        let mut output = BufReader::new(running.0.stdout.take().unwrap());
        let mut first = String::new();
        output.read_line(&mut first).unwrap();
        drop(running);
        // The stream ends only when the last process that holds it has.
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        assert_eq!((first.as_str(), rest.as_str()), ("ready\n", ""));
    }

    #[test]
    fn colours_and_overwritten_text_are_not_shown() {
        assert_eq!(shown("10%\r\x1b[32m   Compiling\x1b[0m yew\n").as_deref(), Some("Compiling yew"));
        assert_eq!(shown("  \n"), None);
    }
}
