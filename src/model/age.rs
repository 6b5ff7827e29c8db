//! Ages and countdowns in whole units: now, 3 minutes ago, 2 days ago.

use super::schedule::Millis;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// The unit of an age, as in `Intl.RelativeTimeFormat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Below a minute. It is only used for "now", so that no seconds count up on the card.
    Second,
    /// Below an hour.
    Minute,
    /// Below a day.
    Hour,
    /// A day or more.
    Day,
}

impl Unit {
    /// The name in `Intl`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// The unit of a duration, and how long its text stays the same.
    const fn of(span: Millis) -> (Self, Millis) {
        match span {
            ..MINUTE => (Self::Second, MINUTE),
            MINUTE..HOUR => (Self::Minute, MINUTE),
            HOUR..DAY => (Self::Hour, HOUR),
            DAY.. => (Self::Day, DAY),
        }
    }
}

/// A duration as a number of whole units. Zero seconds mean "now".
#[must_use]
pub const fn round(span: Millis) -> (Millis, Unit) {
    let (unit, length) = Unit::of(span);
    (if span < MINUTE { 0 } else { span / length }, unit)
}

/// How long until the text of an age changes.
#[must_use]
pub const fn until_next(age: Millis) -> Millis {
    let (_, length) = Unit::of(age);
    length - age.rem_euclid(length)
}

/// When the text of a countdown changes.
#[must_use]
pub const fn next_countdown(at: Millis, now: Millis) -> Option<Millis> {
    let left = at - now;
    if left < MINUTE {
        return None;
    }
    let (_, length) = Unit::of(left);
    Some(now + left.rem_euclid(length) + 1)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_age_is_given_in_the_largest_whole_unit() {
        let rounded = [0, 59_999, 60_000, 3_599_999, HOUR, DAY - 1, DAY, 9 * DAY].map(round);
        let expected = [
            (0, Unit::Second),
            (0, Unit::Second),
            (1, Unit::Minute),
            (59, Unit::Minute),
            (1, Unit::Hour),
            (23, Unit::Hour),
            (1, Unit::Day),
            (9, Unit::Day),
        ];
        assert_eq!(rounded, expected);
    }

    #[test]
    fn an_age_below_zero_is_now() {
        assert_eq!(round(-5_000), (0, Unit::Second));
    }

    proptest! {
        #[test]
        fn a_countdown_changes_its_text_when_it_says_so(left in MINUTE..3 * DAY) {
            let next = next_countdown(left, 0).unwrap();
            prop_assert_eq!(round(left), round(left - next + 1));
            prop_assert_ne!(round(left), round(left - next));
        }

        #[test]
        fn the_text_changes_at_the_next_boundary_and_not_before(age in 0_i64..40 * DAY) {
            let wait = until_next(age);
            prop_assert!(wait > 0);
            prop_assert_eq!(round(age), round(age + wait - 1));
            prop_assert_ne!(round(age), round(age + wait));
        }
    }
}
