//! Everything the card knows, decides and says, without a browser.
//!
//! Nothing in here waits: there is no clock, no request and no page.
//! Time comes in as an argument and answers come in as text, so that every rule can be
//! tested in a plain `cargo test`, and so that the proxy reads the partner's answer with the
//! very code that the card reads it with.

pub mod amount;
pub mod answer;
mod json;
pub mod trouble;

pub use amount::Amount;
pub use answer::{Answer, Balance, Currency, Misread};
pub use trouble::{Code, Problem, Remedy, Trouble};
