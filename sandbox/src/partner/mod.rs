//! The documented endpoints, each with its documented refusals.

mod answers;
mod balance;
mod orders;
mod token;

pub(crate) use answers::credit_short;
pub(crate) use balance::balance;
pub(crate) use orders::{PRICE, orders};
pub(crate) use token::token;

use crate::World;
use axum::http::{HeaderMap, header};
use std::time::Instant;

/// Whether the request carries a token that is good at this moment.
fn is_authorised(world: &World, headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.strip_prefix("Bearer "));
    token.is_some_and(|token| world.accepts(token, Instant::now()))
}
