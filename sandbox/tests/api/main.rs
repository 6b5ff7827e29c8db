//! The sandbox over real HTTP, as the proxy and a browser see it.

#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod admin;
mod balance;
mod orders;
mod program;
mod server;
mod support;
mod token;
