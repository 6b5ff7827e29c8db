//! Holds the Airalo credentials, and answers the card with a balance and nothing else.
//!
//! A token of the partner API can also place orders. So no path of that API is passed through, no
//! data of a client is part of a request to it, and the token is sent to nobody but Airalo.
//!
//! # Where to start
//!
//! - `routes` lists the routes: `balance` and `assets` are the handlers of the public listener,
//!   `health` those of the admin listener.
//! - `balances` is the cache, which decides when to ask Airalo, and the single flight, which
//!   asks once for all callers.
//! - `upstream` is the partner API: its client, its errors, and the token.
//! - `problem` is every error that a client can get.
//! - [`Config`] is the environment, read once; [`Proxy`] starts, runs and stops all of this.

mod balances;
mod config;
mod problem;
mod routes;
mod server;
mod startup;
pub mod telemetry;
mod upstream;

pub use config::{
    Config, ConfigError, ConfigErrors, Credentials, OutgoingProxy, SandboxOptions, Source, Timeouts,
    environment_help,
};
pub use startup::{Proxy, StartError};
