//! The partner API: the balances of an account, and the token that fetching them needs.
//!
//! `client` is the only file that knows the partner's URLs.

mod account;
mod client;
mod error;
mod retry_after;
mod token;

pub(crate) use account::{Account, FetchError};
pub(crate) use client::PartnerClient;
pub(crate) use error::error_chain;
