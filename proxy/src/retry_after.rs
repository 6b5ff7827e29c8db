//! The header `Retry-After`, which may be a number of seconds or a date.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::Duration;

/// How long to wait, seen from `now`. A date that has passed is no wait at all; what cannot be
/// read is as good as absent.
pub(crate) fn read(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Only a number too long for its type fails here, and it asks for a very long wait.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let moment = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(moment.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(text: &str) -> Option<Duration> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
        read(&headers, "2026-11-23T10:42:00Z".parse().unwrap())
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait("0"), Some(Duration::ZERO));
        assert_eq!(wait("Mon, 23 Nov 2026 10:42:30 GMT"), Some(Duration::from_secs(30)));
    }

    #[test]
    fn a_date_that_has_passed_is_no_wait() {
        assert_eq!(wait("Mon, 23 Nov 2026 10:41:59 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("Thu, 01 Jan 1970 00:00:00 GMT"), Some(Duration::ZERO));
    }

    #[test]
    fn a_number_without_end_is_a_long_wait() {
        assert_eq!(wait("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
    }

    #[test]
    fn what_cannot_be_read_is_as_good_as_absent() {
        for text in ["", "-1", "1.5", "soon", "tomorrow 10:00"] {
            assert_eq!(wait(text), None, "{text}");
        }
        assert_eq!(read(&HeaderMap::new(), Timestamp::UNIX_EPOCH), None);
    }
}
