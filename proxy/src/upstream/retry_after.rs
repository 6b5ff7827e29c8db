//! The header `Retry-After`, which is a number of seconds or a date.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::Duration;

/// How long to wait, counted from `now`.
///
/// A date in the past is a wait of zero. A value that cannot be parsed counts as absent.
pub(crate) fn parse(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Parsing digits fails only when they overflow, and then the wait is very long.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_text(text: &str) -> Option<Duration> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
        parse(&headers, "2026-11-23T10:42:00Z".parse().unwrap())
    }

    #[test]
    fn seconds_and_dates_are_parsed() {
        assert_eq!(parse_text("7"), Some(Duration::from_secs(7)));
        assert_eq!(parse_text("0"), Some(Duration::ZERO));
        assert_eq!(parse_text("Mon, 23 Nov 2026 10:42:30 GMT"), Some(Duration::from_secs(30)));
    }

    #[test]
    fn a_date_in_the_past_is_a_wait_of_zero() {
        assert_eq!(parse_text("Mon, 23 Nov 2026 10:41:59 GMT"), Some(Duration::ZERO));
        assert_eq!(parse_text("Thu, 01 Jan 1970 00:00:00 GMT"), Some(Duration::ZERO));
    }

    #[test]
    fn a_number_that_overflows_is_a_long_wait() {
        assert_eq!(parse_text("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
    }

    #[test]
    fn a_value_that_cannot_be_parsed_counts_as_absent() {
        for text in ["", "-1", "1.5", "soon", "tomorrow 10:00"] {
            assert_eq!(parse_text(text), None, "{text}");
        }
        assert_eq!(parse(&HeaderMap::new(), Timestamp::UNIX_EPOCH), None);
    }
}
