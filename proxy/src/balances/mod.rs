//! The balances that the card is shown: kept for a while, and requested once for all callers.
//!
//! - `cache` decides when to ask Airalo and what to serve meanwhile. It does not wait, and it
//!   takes the time as an argument.
//! - `service` makes those requests as a single flight.

mod cache;
mod service;

pub(crate) use cache::{CachePolicy, CachedBalances};
pub(crate) use service::{BalanceService, CacheResult};
