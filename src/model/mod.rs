//! Everything the card knows, decides and says, without a browser.
//!
//! Nothing in here waits: there is no clock, no request and no page.
//! Time comes in as an argument and answers come in as text, so that every rule can be
//! tested in a plain `cargo test`, and so that the proxy reads the partner's answer with the
//! very code that the card reads it with.

pub mod age;
pub mod amount;
pub mod announcer;
mod ascii;
pub mod config;
pub mod error;
mod json;
pub mod level;
pub mod response;
pub mod schedule;
pub mod snapshot;
pub mod state;
mod support;
pub mod text;
pub mod wording;

pub use amount::Amount;
pub use announcer::Announcer;
pub use config::Config;
pub use error::{ErrorCode, FetchError, Problem, Remedy};
pub use level::Level;
pub use response::{Balance, BalanceResponse, Currency, ParseError};
pub use snapshot::{Plain, PollState};
pub use state::{Reading, State};
pub use text::Messages;
pub use wording::Wording;
