//! Dates and times of RFC 3339 as numbers.

use super::timestamps::normalized_rfc3339;

/// The seconds of a day, which is always a day of UTC.
pub const DAY: i64 = 86_400;

/// A time such as `2026-11-20T10:00:00Z` as Unix time in seconds. Without a zone it is UTC.
#[must_use]
pub fn parse_time(text: &str) -> Option<i64> {
    let text = normalized_rfc3339(text)?;
    let (day, time) = (parse_date(text.get(..10)?)?, text.get(11..19)?);
    let zone = text.get(23..)?;
    Some(day * DAY + seconds_of_day(time)? - offset(zone)?)
}

/// A date such as `2026-11-20` in days since 1970-01-01.
#[must_use]
pub fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(number);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if text.len() != 10 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // A year that begins in March ends with the day that is not always there.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days_before_month = (153 * month + 2) / 5;
    // Counted from 0000-03-01, which is 719 468 days before 1970.
    Some(365 * year + leap_days + days_before_month + day - 1 - 719_468)
}

/// A number of days since 1970-01-01 as a date such as `2026-11-20`.
#[must_use]
pub fn format_date(days: i64) -> String {
    // 400 years are 146 097 days, which begin on the first of March.
    let (era, day) = ((days + 719_468).div_euclid(146_097), (days + 719_468).rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year)
}

fn number(digits: &str) -> Option<i64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn seconds_of_day(time: &str) -> Option<i64> {
    let mut parts = time.splitn(3, ':').map(number);
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    Some(hours * 3_600 + minutes * 60 + seconds)
}

/// How far the clocks of a zone, such as `+01:00`, are ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    let (sign, time) = match zone.split_at_checked(1)? {
        ("Z", _) => return Some(0),
        ("-", time) => (-1, time),
        (_, time) => (1, time),
    };
    let (hours, minutes) = time.split_once(':')?;
    Some(sign * (number(hours)? * 3_600 + number(minutes)? * 60))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_date_is_a_number_of_days_since_1970() {
        for (date, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2026-11-20", 20_777),
            ("2100-03-01", 47_541),
        ] {
            assert_eq!(parse_date(date), Some(days), "{date}");
            assert_eq!(format_date(days), date);
        }
    }

    #[test]
    fn a_time_is_a_number_of_seconds_since_1970() {
        assert_eq!(parse_time("1970-01-02T00:00:01Z"), Some(86_401));
        assert_eq!(parse_time("2026-11-20T10:00:00.500Z"), Some(1_795_168_800));
        assert_eq!(parse_time("2026-11-20T11:30:00+01:30"), Some(1_795_168_800));
        assert_eq!(parse_time("2026-11-20T09:00:00-01:00"), Some(1_795_168_800));
        assert_eq!(parse_time("2026-11-20 10:00:00"), Some(1_795_168_800), "without a zone it is UTC");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2026-13-01",
            "2026-00-10",
            "2026-01-32",
            "2026-1-1",
            "+026-01-01",
            "2026-01-011",
            "26-11-2020",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
        assert_eq!(parse_time("2026-11-20"), None);
        assert_eq!(parse_time("20 Nov 2026 10:00:00"), None);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text: String) {
            let _ = (parse_date(&text), parse_time(&text));
        }

        #[test]
        fn a_date_is_written_as_it_was_read(days in -719_162_i64..2_932_897) {
            prop_assert_eq!(parse_date(&format_date(days)), Some(days));
        }

        #[test]
        fn each_day_follows_the_one_before(year in 0_i64..9_999, month in 1_i64..=12, day in 1_i64..28) {
            let date = |day| parse_date(&format!("{year:04}-{month:02}-{day:02}")).unwrap();
            prop_assert_eq!(date(day + 1), date(day) + 1);
        }
    }
}
