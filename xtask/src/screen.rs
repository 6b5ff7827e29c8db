//! What is printed on the screen.
//!
//! A failure to print is ignored: `cargo xtask build | head` is no reason to stop a build half way.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a log gets a line, so that a long step does not look stuck.
const LOG_EVERY: Duration = Duration::from_secs(15);

/// Prints a line.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a line about something that went wrong.
pub(crate) fn warn(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// A duration such as `45s` or `6m 12s`.
pub(crate) fn format_duration(duration: Duration) -> String {
    humantime::format_duration(Duration::from_secs(duration.as_secs())).to_string()
}

/// The last line of a running step: redrawn on a terminal, repeated now and then in a log.
pub(crate) struct Progress {
    bar: ProgressBar,
    logged: Instant,
}

impl Progress {
    pub(crate) fn start() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
        if let Ok(style) = ProgressStyle::with_template("  {elapsed}  {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self { bar, logged: Instant::now() }
    }

    /// Shows the end of what the step has printed so far.
    pub(crate) fn show(&mut self, output: &[u8]) {
        let line = last_line(output);
        if self.bar.message() != line {
            self.bar.set_message(line.clone());
        }
        if self.bar.is_hidden() && self.logged.elapsed() >= LOG_EVERY {
            self.logged = Instant::now();
            say(&format!("  {}  {line}", format_duration(self.bar.elapsed())));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The last line that a terminal would show of an output, without colours.
fn last_line(output: &[u8]) -> String {
    let end = &output[output.len().saturating_sub(1000)..];
    let text = String::from_utf8_lossy(end);
    let mut lines = text.rsplit(['\n', '\r']).map(|line| console::strip_ansi_codes(line).trim().to_owned());
    lines.find(|line| !line.is_empty()).unwrap_or_default().replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_shown_without_colours_and_without_what_it_has_overwritten() {
        assert_eq!(last_line(b"one\n10%\r\x1b[32m   Compiling\x1b[0m yew\n\n"), "Compiling yew");
        assert_eq!(last_line(b""), "");
    }
}
