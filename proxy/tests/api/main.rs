//! The proxy over real HTTP, with the real sandbox as its upstream.

#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod assets;
mod balance;
mod bytes;
mod check;
mod conditional;
mod connections;
mod examples;
mod files;
mod health;
mod logs;
mod metrics;
mod page;
mod program;
mod refresh;
mod secrets;
mod support;
mod token;
mod tree;
mod upstream_errors;
