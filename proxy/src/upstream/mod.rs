//! The partner API: the balances of an account, the token that requesting them needs, and the notice
//! that Airalo sends of its own accord.
//!
//! `client` is the only file that knows the partner's URLs.

mod client;
mod error;
mod notices;
mod retry_after;

pub(crate) use client::PartnerClient;
pub(crate) use error::{Endpoint, UpstreamError, error_chain};
pub(crate) use notices::CreditNotice;
