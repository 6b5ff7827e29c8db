//! Holds the Airalo credentials and answers the card with a balance, and with nothing else.
//!
//! A token of the partner API can also place orders. So no path of that API is passed through,
//! no word of a caller reaches a request to it, and the token never leaves this process but
//! towards Airalo.
//!
//! # Where to start
//!
//! - `app` lists every path on one screen; `balance` and `assets` answer them.
//! - `feed` gives a hundred callers one request; `cache` decides when there is one at all, and
//!   knows no clock.
//! - `account` asks for the balance with a token that `token` keeps; `upstream` is the only
//!   place that knows the partner's URLs.
//! - [`Config`] is the environment, read once; `problem` is all that a caller is ever told.

mod account;
mod admin;
mod app;
mod assets;
mod balance;
mod cache;
mod config;
mod failure;
mod feed;
mod problem;
mod retry_after;
mod server;
mod startup;
pub mod telemetry;
mod token;
mod upstream;

pub use config::{Config, Credentials, Fault, Faults, Source, StandIn, Timeouts, help};
pub use startup::{NotStarted, Proxy};
