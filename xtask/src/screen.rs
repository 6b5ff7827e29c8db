//! What the person in front of the machine reads.
//!
//! Writing never fails here: a reader who has gone away (`cargo xtask demo | head`) is no reason
//! to leave a build half done.

use std::{
    io::{self, IsTerminal as _, Write as _},
    time::{Duration, Instant},
};

/// Often enough that nobody believes the build is stuck, seldom enough to keep a log readable.
const PLAIN_LINE_EVERY: Duration = Duration::from_secs(15);

/// Four redraws a second look alive and cost nothing.
const REDRAW_EVERY: Duration = Duration::from_millis(250);

/// The narrowest terminal in use; a longer progress line would wrap and never be wiped.
const WIDTH: usize = 78;

/// Prints one line for the person.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints one line about something that is not as it should be.
pub(crate) fn warn(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// A duration as people say it: `0.4 s`, `45 s`, `6 min 12 s`.
pub(crate) fn spoken(duration: Duration) -> String {
    if duration < Duration::from_secs(10) {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        whole_seconds(duration.as_secs_f64().round() as u64)
    }
}

fn whole_seconds(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// The line that shows a running step: redrawn in place on a terminal, repeated now and then in a log.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    drawn: Instant,
    on_terminal: bool,
    visible: bool,
}

impl Progress {
    /// Starts the clock of a step.
    pub(crate) fn start() -> Self {
        let now = Instant::now();
        Self { started: now, drawn: now, on_terminal: io::stdout().is_terminal(), visible: false }
    }

    /// Shows the last line the tool wrote, when it is time again.
    pub(crate) fn tick(&mut self, last_line: &str) {
        let pause = if self.on_terminal { REDRAW_EVERY } else { PLAIN_LINE_EVERY };
        if self.drawn.elapsed() < pause {
            return;
        }
        self.drawn = Instant::now();
        let line = format!("  {}  {last_line}", whole_seconds(self.started.elapsed().as_secs()));
        if self.on_terminal {
            let short: String = line.chars().take(WIDTH).collect();
            let _ = write!(io::stdout(), "\r\x1b[2K{short}");
            let _ = io::stdout().flush();
            self.visible = true;
        } else {
            say(&line);
        }
    }

    /// How long the step took.
    pub(crate) fn finish(self) -> Duration {
        self.started.elapsed()
    }
}

impl Drop for Progress {
    /// Leaves no half line behind, however the step ended.
    fn drop(&mut self) {
        if self.visible {
            let _ = write!(io::stdout(), "\r\x1b[2K");
            let _ = io::stdout().flush();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spoken_in_the_unit_that_matters() {
        assert_eq!(spoken(Duration::from_millis(420)), "0.4 s");
        assert_eq!(spoken(Duration::from_millis(45_400)), "45 s");
        assert_eq!(spoken(Duration::from_millis(59_600)), "1 min 0 s");
        assert_eq!(spoken(Duration::from_secs(372)), "6 min 12 s");
    }
}
