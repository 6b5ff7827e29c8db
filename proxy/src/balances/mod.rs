//! The balances that the card is shown: fetched once for all readers, and kept for a while.
//!
//! - `core` decides when to ask Airalo and what to serve meanwhile. It does not wait, and it takes
//!   the time as an argument.
//! - `refresher` is the task that does what the core decides, one thing at a time.
//! - `service` is what the routes ask. A reader never makes a request to Airalo, and never waits
//!   long for one.
//! - `store` is what replicas share.

mod core;
mod refresher;
mod service;
mod store;

pub(crate) use self::core::{CachedBalances, Failure, Policy, Reading, StaleReason};
pub(crate) use refresher::Refresher;
pub(crate) use service::{BalanceService, CacheResult};
pub(crate) use store::{RedisStore, Store};
