//! Times as others want them: whole seconds, days, milliseconds.

use airalo_balance::model::date::DAY;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use std::time::Duration;

/// A time without its fraction of a second, which is of no use to a reader. It is cut off instead of
/// rounded, because a rounded time could lie in the future.
pub(crate) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// Unix time in seconds as a time. One that no calendar has is replaced by the nearest one.
pub(crate) fn timestamp(seconds: i64) -> Timestamp {
    let limit = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(limit)
}

/// The date of a number of days since 1970-01-01.
pub(crate) fn date_of_day(days: i64) -> Date {
    date(days.saturating_mul(DAY))
}

/// The date (UTC) of a Unix time in seconds.
pub(crate) fn date(seconds: i64) -> Date {
    Offset::UTC.to_datetime(timestamp(seconds)).date()
}

/// Milliseconds as the stores take them. A time that is too long for them may still be added to the
/// present one.
pub(crate) fn millis(duration: Duration) -> i64 {
    duration.as_millis().try_into().unwrap_or(i64::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_of_a_second_is_cut_off() {
        let time: Timestamp = "2026-11-23T10:42:00.9Z".parse().unwrap();
        assert_eq!(whole_seconds(time).to_string(), "2026-11-23T10:42:00Z");
    }

    #[test]
    fn days_are_those_of_utc() {
        assert_eq!(date_of_day(20_791).to_string(), "2026-12-04");
        assert_eq!(date(-1).to_string(), "1969-12-31");
    }

    #[test]
    fn a_time_that_no_calendar_has_is_no_panic() {
        for seconds in [i64::MIN, i64::MAX] {
            date(seconds);
            date_of_day(seconds);
        }
        assert!(millis(Duration::MAX) > 0);
    }
}
