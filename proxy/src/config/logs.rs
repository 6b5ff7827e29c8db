//! How the log is written.

use super::reader::Reader;
use super::variables as var;
use std::io::{IsTerminal, stderr};
use tracing_subscriber::filter::{LevelFilter, Targets};

/// The form of a line of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for programs that collect logs.
    Json,
}

impl LogFormat {
    /// The filter where `RUST_LOG` names none. A person at a terminal is not shown every request.
    pub(crate) fn default_filter(self) -> Targets {
        let filter = Targets::new().with_default(LevelFilter::INFO);
        match self {
            Self::Text => filter.with_target("airalo_balance_proxy::access", LevelFilter::OFF),
            Self::Json => filter,
        }
    }
}

pub(super) fn read<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<LogFormat> {
    let format = reader.read_optional(&var::LOG_FORMAT, |text| match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    })?;
    let usual = if stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json };
    Some(format.unwrap_or(usual))
}
