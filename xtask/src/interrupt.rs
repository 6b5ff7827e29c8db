//! Ctrl-C, SIGTERM and a closed terminal.
//!
//! Every program that is started here runs in a process group of its own, so a signal of the
//! terminal reaches this process alone. [`crate::process`] asks here and ends the group.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context as _;

/// The exit code that a shell expects of a program that Ctrl-C has ended.
pub(crate) const EXIT_CODE: u8 = 130;

static SIGNALS: AtomicUsize = AtomicUsize::new(0);

/// Begins to listen for the signals that mean "stop".
pub(crate) fn listen() -> anyhow::Result<()> {
    let count = || {
        SIGNALS.fetch_add(1, Ordering::SeqCst);
    };
    ctrlc::set_handler(count).context("cannot listen for Ctrl-C")
}

/// Whether such a signal has come.
pub(crate) fn requested() -> bool {
    SIGNALS.load(Ordering::SeqCst) > 0
}

/// Whether a second one has come, from somebody who does not want to wait for an orderly end.
pub(crate) fn repeated() -> bool {
    SIGNALS.load(Ordering::SeqCst) > 1
}
