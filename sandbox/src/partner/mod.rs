//! The documented endpoints of the partner API, with their documented errors.

mod auth;
mod balance;
mod orders;
mod responses;
mod token;

pub(crate) use balance::balance;
pub(crate) use orders::{ESIM_PRICE, orders};
pub(crate) use responses::insufficient_credit;
pub(crate) use token::token;
