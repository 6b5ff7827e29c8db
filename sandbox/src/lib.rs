//! An honest stand-in of the Airalo Partner API, for the demo and for tests.
//!
//! It speaks HTTP on a loopback address, keeps the documented limits, and can be told to fail
//! in every way that a partner has to be ready for.
//! No money is in it: every answer carries [`MARK`], so that nobody takes it for Airalo's.
//!
//! # Where to start
//!
//! - [`serve`] starts it on a listener and gives a [`Sandbox`], which stops when dropped.
//! - [`World`] is all that it pretends: a balance, tokens, a [`Scenario`], and what was asked of it.
//! - [`Scenario`] lists the ways in which it can behave.
//! - `partner` holds the documented endpoints, `admin` and `console` the doors to change the world.

mod admin;
mod app;
mod cents;
mod config;
mod connection;
mod console;
mod ledger;
mod partner;
mod scenario;
mod server;
mod tokens;
mod world;

pub use cents::{Cents, NotCents};
pub use config::Config;
pub use ledger::{CreditShort, Order};
pub use scenario::Scenario;
pub use server::{NotServed, Sandbox, serve};
pub use world::{Counts, Snapshot, World};

/// The header on every answer of the stand-in, errors included; its value is `1`.
pub const MARK: &str = "x-airalo-stand-in";
