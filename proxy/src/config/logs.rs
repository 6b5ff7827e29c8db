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

/// Reports an error when it returns `None`.
pub(super) fn read_format<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<LogFormat> {
    let format = reader.read_optional(&var::LOG_FORMAT, |text| match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    })?;
    let usual = if stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json };
    Some(format.unwrap_or(usual))
}

/// `Some(None)` means that none is set; `None` means that an error was reported.
pub(super) fn read_filter<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<Option<Targets>> {
    let Some(text) = reader.value(var::RUST_LOG.name) else { return Some(None) };
    let filter = parse_filter(&text);
    if filter.is_none() {
        let remedy = "must be error, warn, info, debug, trace or off, alone or after a target and =, such as \
                      warn,airalo_balance_proxy=debug";
        reader.report(var::RUST_LOG.name, remedy);
    }
    filter.map(Some)
}

/// A misspelt level would be the name of a target that nothing has, and the log would be empty. So a
/// target without a level has a sign that no level has.
///
/// Spaces and a comma at the end are not parts of a target.
fn parse_filter(text: &str) -> Option<Targets> {
    let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_clear = |part: &&str| part.contains(['=', '_', ':']) || part.parse::<LevelFilter>().is_ok();
    let filter = parts.join(",").parse().ok()?;
    (!parts.is_empty() && parts.iter().all(is_clear)).then_some(filter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{invalid_variables, partner_config};
    use tracing::Level;

    #[test]
    fn a_filter_may_have_spaces_and_a_comma_at_its_end() {
        let filter = |text| parse_filter(text).unwrap();
        assert_eq!(filter("info,"), filter("info"));
        assert_eq!(filter(" info, a::b=off "), filter("info,a::b=off"));
        assert!(filter("info").would_enable("a::b", &Level::INFO));
    }

    #[test]
    fn a_word_that_is_neither_a_level_nor_a_path_is_reported_with_the_levels() {
        let with = |text| partner_config(&[("RUST_LOG", text)]);
        for text in ["warn", "WARN", "off", "3", "info,hyper=warn", "airalo_balance_proxy", "info,a::b"] {
            assert!(with(text).unwrap().log_filter.is_some(), "{text}");
        }
        assert!(with(" ").unwrap().log_filter.is_none());
        for text in ["warning", "verbose", "info,debgu", "a::b=loudly", "a=warning", ","] {
            assert_eq!(invalid_variables(with(text)), ["RUST_LOG"], "{text}");
        }
        let text = with("warning").unwrap_err().to_string();
        assert!(text.contains("error, warn, info, debug, trace or off"), "{text}");
    }
}
