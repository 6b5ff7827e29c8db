//! Ctrl-C, SIGTERM and a closed terminal, turned into a question that loops can ask.
//!
//! Every child runs in a process group of its own, so a signal reaches this process alone and
//! this process passes it on, to a tool and to everything the tool has started.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use anyhow::Context as _;

/// What a shell expects from a program that Ctrl-C has ended.
pub(crate) const EXIT_CODE: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);
static GROUPS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Takes over the signals that mean "stop".
pub(crate) fn listen() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        // A second signal comes from somebody who has no patience left for a tidy end.
        if ASKED.swap(true, Ordering::SeqCst) {
            for group in GROUPS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                kill(*group);
            }
            std::process::exit(EXIT_CODE.into());
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Whether somebody asked to stop.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Remembers a running process group until [`forget`].
pub(crate) fn remember(group: u32) {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner).push(group);
}

/// Forgets a process group that has ended: its number may soon belong to somebody else.
pub(crate) fn forget(group: u32) {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| *known != group);
}

/// Asks a process group to end. Where there are no signals this does nothing, and [`kill`] is what is left.
pub(crate) fn terminate(group: u32) {
    #[cfg(unix)]
    signal(group, nix::sys::signal::Signal::SIGTERM);
    #[cfg(not(unix))]
    let _ = group;
}

/// Ends a process group at once.
pub(crate) fn kill(group: u32) {
    #[cfg(unix)]
    signal(group, nix::sys::signal::Signal::SIGKILL);
    #[cfg(not(unix))]
    let _ = group;
}

#[cfg(unix)]
fn signal(group: u32, signal: nix::sys::signal::Signal) {
    if let Ok(group) = i32::try_from(group) {
        // The group may be gone already, and then there is nothing to end.
        let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(group), signal);
    }
}
