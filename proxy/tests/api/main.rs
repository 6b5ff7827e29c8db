//! The proxy over real HTTP, with the real sandbox as its upstream.

#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod access;
mod assets;
mod balance;
mod bytes;
mod connections;
mod frames;
mod health;
mod hosts;
mod limits;
mod origins;
mod page;
mod program;
mod routes;
mod secrets;
mod support;
mod token;
mod tokens;
mod tree;
mod upstream_errors;
