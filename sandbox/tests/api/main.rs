//! The sandbox over real HTTP, as the proxy and a browser see it.

#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod admin;
mod balance;
mod notices;
mod orders;
mod program;
#[expect(dead_code, reason = "the other tests use more of it")]
#[path = "../published/receiver.rs"]
mod receiver;
mod server;
mod support;
mod token;
