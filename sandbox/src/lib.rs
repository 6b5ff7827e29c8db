//! A faithful stand-in for the Airalo Partner API, for the demo and for tests.
//!
//! It serves HTTP on a loopback address, keeps the documented rate limits, and can simulate every
//! failure that a partner has to handle. It holds no money: every response carries
//! [`STAND_IN_HEADER`], so that nobody takes it for a response of Airalo.
//!
//! # Where to start
//!
//! - [`serve`] starts it on a listener and returns a [`Sandbox`], which stops when dropped.
//! - [`SandboxState`] is the simulated account: a balance, tokens, the current [`Scenario`], and
//!   counts of the requests.
//! - [`Scenario`] lists the ways in which it can behave.
//! - [`history::invented`] is a past for the account, for a demo of what is made of it.
//! - `webhook` sends the notices of used credit, to loopback addresses only.
//! - `router` lists the routes: `partner` has the documented endpoints, `admin` those that change
//!   the state, and `console` the page that calls them.

mod admin;
mod cents;
mod config;
mod connection;
mod console;
pub mod history;
mod partner;
mod router;
mod scenario;
mod server;
mod state;
mod webhook;

pub use cents::{Cents, ParseCentsError};
pub use config::Config;
pub use router::STAND_IN_HEADER;
pub use scenario::Scenario;
pub use server::{Sandbox, ServeError, serve};
pub use state::{Counts, InsufficientCredit, Order, SandboxState, Snapshot};
