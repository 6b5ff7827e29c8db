//! The proxy over real HTTP, with the real sandbox as its upstream.

#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod assets;
mod balance;
mod bytes;
mod connections;
mod health;
mod outgoing;
mod page;
mod program;
mod secrets;
mod support;
mod token;
mod tree;
mod upstream_errors;
