//! The proxy over real HTTP, with the real sandbox as its upstream.

#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod access;
mod assets;
mod balance;
mod bytes;
mod check;
mod conditional;
mod connections;
mod examples;
mod files;
mod frames;
mod health;
mod history;
mod history_commands;
mod hosts;
mod limits;
mod logs;
mod metrics;
mod notifications;
mod origins;
mod outgoing;
mod page;
mod program;
mod refresh;
mod routes;
mod secrets;
#[cfg(unix)]
mod signals;
mod support;
mod token;
mod tokens;
mod tree;
mod upstream_errors;
mod webhooks;
