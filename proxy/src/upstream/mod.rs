//! The partner API: the balances of an account, and the token that requesting them needs.
//!
//! `client` is the only file that knows the partner's URLs.

mod client;
mod error;
mod http_client;
mod retry_after;

pub(crate) use client::PartnerClient;
pub(crate) use error::{Endpoint, UpstreamError, error_chain};
pub(crate) use http_client::http_client;
