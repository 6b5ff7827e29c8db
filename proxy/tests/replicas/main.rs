//! Many replicas, as processes, with a real Redis and behind a real nginx. The stand-in counts
//! what they ask.
//!
//! Where one of these programs is missing, the test says so and does nothing; `cargo xtask test`
//! installs them on Debian.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod alerts;
mod cluster;
mod failover;
mod failures;
#[path = "../api/support/free_port.rs"]
mod free_port;
mod history;
mod load;
mod notices;
#[expect(dead_code, reason = "the other tests use more of it")]
#[path = "../api/support/process.rs"]
mod process;
#[expect(dead_code, reason = "the tests of alerts use more of it")]
#[path = "../alerts/receiver.rs"]
mod receiver;
mod restart;
mod services;
#[path = "../api/support/wait.rs"]
mod wait;
