//! Holds the Airalo credentials, and answers the card with a balance and nothing else.
//!
//! A token of the partner API can also place orders. So no path of that API is passed through, no
//! data of a client is part of a request to it, and the token is sent to nobody but Airalo.
//!
//! # Where to start
//!
//! - `routes` lists the routes: `balance` and `assets` are the handlers of the public listener,
//!   `public` is what every request of it passes, `health` has those of the admin listener.
//! - `balances` has the core, which decides when to ask Airalo, and the refresher, which asks.
//! - `alerts` decides when somebody is told of the credit, and tells them.
//! - `history` is what the balance was, and `monitor` the task that records it.
//! - `database` is the file that outlives a restart, where `HISTORY` names one.
//! - `upstream` is the partner API: its client and its errors.
//! - `files` is the built card in memory, `metrics` and `telemetry` are what operators see.
//! - `access` decides who may ask, and `routes/access.rs` answers the others.
//! - `problem` is every error that a client can get.
//! - [`commands`] are the subcommands of the program, a file each.
//! - `hex`, `json_number` and `time` are the forms in which several of these write their values.
//! - `server` is the accept loop: limits, deadlines, and the stages of a shutdown.
//! - [`Config`] is the environment, read once; [`Proxy`] starts, runs and stops all of this.

mod access;
mod alerts;
mod balance_text;
mod balances;
mod check;
pub mod commands;
mod config;
mod database;
mod etag;
mod files;
mod hex;
mod history;
mod json_number;
mod metrics;
mod monitor;
mod problem;
mod redis_link;
mod routes;
mod server;
mod startup;
pub mod telemetry;
mod time;
mod upstream;

pub use alerts::RetryPolicy;
pub use check::check;
pub use config::{
    AccessConfig, AccessSecrets, AlertsConfig, Config, ConfigError, ConfigErrors, Credentials, LogFormat,
    OutgoingProxy, SandboxOptions, Source, Timeouts, environment_help, misspelt_variables, secret_variables,
};
pub use files::CardSource;
pub use startup::{Proxy, ReloadHandle, StartError, TaskEnded};
