//! Attacks on the sockets of the program. Each of them ends by itself, and is measured by a reader
//! at another address who has to be served in under a second throughout.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod bodies;
mod connections;
mod corpus;
mod heads;
mod memory;
#[path = "../api/support/process.rs"]
#[allow(dead_code, reason = "shared with the other tests of the program")]
mod process;
mod readers;
mod support;
