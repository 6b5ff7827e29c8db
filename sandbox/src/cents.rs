//! Money in whole cents, so that sums and differences are exact.

use airalo_balance::model::Amount;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;
use std::str::FromStr;

/// An amount in hundredths of a US dollar, the only currency of the sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(i64);

/// The text is not an amount of whole cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseCentsError;

impl fmt::Display for ParseCentsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an amount with at most two decimals, such as 225.35")
    }
}

impl std::error::Error for ParseCentsError {}

impl Cents {
    /// An amount of this many cents.
    #[must_use]
    pub const fn new(cents: i64) -> Self {
        Self(cents)
    }

    /// The number of cents.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether the amount is greater than zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum, or `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` on overflow.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The product, or `None` on overflow.
    #[must_use]
    pub fn checked_mul(self, count: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(count)).map(Self)
    }
}

/// Parses what [`Amount`] parses, but refuses fractions of a cent.
impl FromStr for Cents {
    type Err = ParseCentsError;

    fn from_str(text: &str) -> Result<Self, ParseCentsError> {
        let decimal = text.trim().parse::<Amount>().map_err(|_| ParseCentsError)?.to_string();
        let (whole, fraction) = decimal.split_once('.').unwrap_or((&decimal, ""));
        if fraction.len() > 2 {
            return Err(ParseCentsError);
        }
        format!("{whole}{fraction:0<2}").parse().map(Self).map_err(|_| ParseCentsError)
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        match (cents / 100, cents % 100) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (whole, part) if part % 10 == 0 => write!(f, "{sign}{whole}.{}", part / 10),
            (whole, part) => write!(f, "{sign}{whole}.{part:02}"),
        }
    }
}

/// A JSON number with exactly these digits: an `f64` would round long ones.
impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_parsed_and_written_without_losing_a_cent() {
        for (text, cents) in [
            ("225.35", 22_535),
            ("0.07", 7),
            ("-0.5", -50),
            ("-12.05", -1205),
            ("4", 400),
            ("0", 0),
            ("92233720368547758.07", i64::MAX),
            ("-92233720368547758.08", i64::MIN),
        ] {
            assert_eq!(text.parse(), Ok(Cents(cents)));
            assert_eq!(Cents(cents).to_string(), text);
            assert_eq!(serde_json::to_string(&Cents(cents)).unwrap(), text);
        }
    }

    #[test]
    fn a_fraction_of_a_cent_is_refused_and_not_rounded() {
        for text in ["0.001", "1.999", "", "ten", "NaN", "92233720368547758.08"] {
            assert_eq!(text.parse::<Cents>(), Err(ParseCentsError), "{text}");
        }
        assert_eq!("1.500".parse(), Ok(Cents(150)));
    }

    #[test]
    fn arithmetic_that_overflows_is_none() {
        assert_eq!(Cents(i64::MAX).checked_add(Cents(1)), None);
        assert_eq!(Cents(i64::MIN).checked_sub(Cents(1)), None);
        assert_eq!(Cents(i64::MAX).checked_mul(2), None);
    }
}
