//! Everything the card knows, decides and says, without a browser.
//!
//! Nothing here waits: there is no clock, no request and no page.
//! Time comes in as an argument and responses come in as text. So every rule is tested by a plain
//! `cargo test`, and the proxy parses the partner's response with the same code as the card.

pub mod age;
pub mod amount;
pub mod announcer;
pub mod chart;
pub mod config;
pub mod date;
pub mod error;
pub mod events;
pub mod history;
pub mod history_page;
pub mod history_response;
pub mod history_schedule;
pub mod history_view;
mod json;
pub mod level;
pub mod poll_state;
pub mod response;
pub mod schedule;
pub mod state;
mod support;
pub mod text;
pub mod timestamps;
pub mod view_model;
pub mod words;

pub use amount::Amount;
pub use announcer::{Announcer, Concerns};
pub use config::Config;
pub use error::{ErrorCode, FetchError, Problem};
pub use history_response::HistoryResponse;
pub use history_view::HistoryView;
pub use level::{Level, Levels, Thresholds};
pub use poll_state::PollState;
pub use response::{Balance, BalanceResponse, Currency, ParseError};
pub use state::{Reading, State, StateName};
pub use text::{Messages, Text};
pub use timestamps::FetchedAt;
pub use view_model::ViewModel;
pub use words::Words;
