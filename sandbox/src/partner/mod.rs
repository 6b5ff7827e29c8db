//! The documented endpoints of the partner API, with their documented errors.

mod auth;
mod balance;
pub(crate) mod notifications;
mod orders;
mod refusal;
mod responses;
mod simulator;
mod token;

pub(crate) use balance::balance;
pub(crate) use orders::{ESIM_PRICE, orders};
pub(crate) use responses::insufficient_credit;
pub(crate) use simulator::simulate;
pub(crate) use token::token;
