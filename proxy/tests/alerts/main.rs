//! Alerts on their whole way: from the readings of a real proxy to real receivers.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod commands;
mod crash;
mod exim;
#[path = "../api/support/free_port.rs"]
mod free_port;
mod mail;
mod partner;
#[expect(dead_code, reason = "the other tests use more of it")]
#[path = "../api/support/process.rs"]
mod process;
mod prometheus;
mod receiver;
mod setup;
#[path = "../api/support/wait.rs"]
mod wait;
mod webhook;
