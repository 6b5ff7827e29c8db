//! What the history survives: the real program, killed at random moments, and a full disk.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod disk;
mod file;
mod kill;
#[expect(dead_code, reason = "the other tests use more of it")]
#[path = "../api/support/process.rs"]
mod process;
mod size;
mod stop;
#[path = "../api/support/wait.rs"]
mod wait;
