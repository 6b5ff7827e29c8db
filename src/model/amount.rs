//! Money as an exact decimal.

use super::ascii::cut;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// More decimals than any currency has, and few enough that a power of ten fits an `i64`.
const MOST_DECIMALS: u32 = 18;

/// An exact decimal number: an amount of money without its currency.
///
/// It is read from text and never passes through a binary fraction, so the digits on the card
/// are the digits of the answer.
/// A number that does not fit is refused, not rounded.
/// Trailing zeros are dropped on reading, so that equal amounts are equal values.
///
/// ```
/// use airalo_balance::model::Amount;
///
/// let amount: Amount = "225.350".parse()?;
/// assert_eq!(amount.to_string(), "225.35");
/// assert!("1e-30".parse::<Amount>().is_err());
/// # Ok::<(), airalo_balance::model::amount::NotExact>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    digits: i64,
    decimals: u32,
}

/// The text is not a decimal number, or not one that can be kept exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotExact;

impl fmt::Display for NotExact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal number that can be kept exactly")
    }
}

impl std::error::Error for NotExact {}

impl Amount {
    /// No money at all, which is a value like any other.
    pub const ZERO: Self = Self { digits: 0, decimals: 0 };

    /// `digits` divided by ten to the power of `decimals`.
    ///
    /// # Errors
    ///
    /// When there are more decimals than can be kept once trailing zeros are gone.
    pub const fn new(mut digits: i64, mut decimals: u32) -> Result<Self, NotExact> {
        if digits == 0 {
            return Ok(Self::ZERO);
        }
        while decimals > 0 && digits % 10 == 0 {
            digits /= 10;
            decimals -= 1;
        }
        if decimals > MOST_DECIMALS {
            return Err(NotExact);
        }
        Ok(Self { digits, decimals })
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(digits: i64) -> Self {
        Self { digits, decimals: 0 }
    }

    /// Whether less than nothing is left.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// Whether nothing is left, neither more nor less.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// A tenth more, away from zero downwards too: the far side of a line to step back over.
    /// Where that cannot be kept exactly, the line itself has to do.
    #[must_use]
    pub fn and_a_tenth(self) -> Self {
        let more = if self.is_negative() { 9 } else { 11 };
        let digits = self.digits.checked_mul(more);
        digits.and_then(|digits| Self::new(digits, self.decimals + 1).ok()).unwrap_or(self)
    }

    /// Its share of a whole in per cent, from 0 to 100; nothing is a share of no whole.
    #[must_use]
    pub fn percent_of(self, whole: Self) -> Option<u8> {
        let (part, whole) = (self.approximate(), whole.approximate());
        (whole > 0.0).then(|| (part / whole * 100.0).clamp(0.0, 100.0) as u8)
    }

    /// For drawing only: no digit of it is ever shown.
    fn approximate(self) -> f64 {
        self.digits as f64 / 10_i64.pow(self.decimals) as f64
    }

    /// The whole part and the fraction in units of 10⁻¹⁸, both with the sign of the amount.
    ///
    /// Comparing these two needs no number wider than the amount itself.
    const fn parts(self) -> (i64, i64) {
        let unit = 10_i64.pow(self.decimals);
        let fraction = (self.digits % unit) * 10_i64.pow(MOST_DECIMALS - self.decimals);
        (self.digits / unit, fraction)
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Reads what JSON calls a number, which is also what an attribute may hold: `-12.50`, `1e3`.
impl FromStr for Amount {
    type Err = NotExact;

    fn from_str(text: &str) -> Result<Self, NotExact> {
        let (mantissa, exponent) = match cut(text, b"eE") {
            Some((mantissa, exponent)) => (mantissa, signed(exponent)?),
            None => (text, 0),
        };
        let (negative, mantissa) = match mantissa.strip_prefix("-") {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, fraction) = cut(mantissa, b".").unwrap_or((mantissa, "0"));
        if whole.is_empty() || fraction.is_empty() {
            return Err(NotExact);
        }

        // Zeros are only written down once another digit follows them: neither `1.500…0` nor
        // `1000e-3` may be refused for want of room.
        let mut digits: i64 = 0;
        let mut pending_zeros: u32 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            if !digit.is_ascii_digit() {
                return Err(NotExact);
            }
            let digit = i64::from(digit - b'0');
            if digit == 0 {
                pending_zeros = pending_zeros.saturating_add(1);
                continue;
            }
            let room = if digits == 0 { 1 } else { power_of_ten(pending_zeros + 1)? };
            let signed_digit = if negative { -digit } else { digit };
            digits = digits.checked_mul(room).and_then(|d| d.checked_add(signed_digit)).ok_or(NotExact)?;
            pending_zeros = 0;
        }
        if digits == 0 {
            return Ok(Self::ZERO);
        }

        let fraction_len = i64::try_from(fraction.len()).map_err(|_| NotExact)?;
        let decimals = fraction_len - i64::from(pending_zeros) - exponent;
        if decimals >= 0 {
            Self::new(digits, u32::try_from(decimals).map_err(|_| NotExact)?)
        } else {
            let room = power_of_ten(u32::try_from(-decimals).map_err(|_| NotExact)?)?;
            Self::new(digits.checked_mul(room).ok_or(NotExact)?, 0)
        }
    }
}

fn signed(text: &str) -> Result<i64, NotExact> {
    let digits = text.strip_prefix("-").or_else(|| text.strip_prefix("+")).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NotExact);
    }
    // Far outside of what can be kept, and small enough to be added to a length.
    let size = digits.parse::<i64>().unwrap_or(i64::MAX).min(1_000_000_000_000);
    Ok(if text.starts_with("-") { -size } else { size })
}

fn power_of_ten(exponent: u32) -> Result<i64, NotExact> {
    10_i64.checked_pow(exponent).ok_or(NotExact)
}

/// Plain decimal notation, never an exponent: what `Intl.NumberFormat` and JSON both read.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_decimal())
    }
}

impl Amount {
    /// The same as `to_string`, without the formatting machinery that costs the card bytes: the one
    /// way in which the card writes numbers that nobody translates.
    #[must_use]
    pub fn to_decimal(self) -> String {
        let mut reversed = Vec::with_capacity(22);
        let mut rest = self.digits.unsigned_abs();
        let mut written = 0;
        while rest > 0 || written <= self.decimals {
            if written == self.decimals && written > 0 {
                reversed.push('.');
            }
            reversed.push(char::from(b'0' + (rest % 10) as u8));
            rest /= 10;
            written += 1;
        }
        if self.is_negative() {
            reversed.push('-');
        }
        reversed.iter().rev().collect()
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    #[test]
    fn every_digit_of_a_long_amount_is_kept() {
        for text in [
            "12345678901234567.89",
            "0.1",
            "-0.004",
            "225.35",
            "0.000000000000000001",
            "-9223372036854775808",
        ] {
            assert_eq!(amount(text).to_string(), text);
        }
    }

    #[test]
    fn one_amount_has_one_value_however_it_is_written() {
        for text in ["1234.5", "1234.50", "1.2345e3", "12345E-1", "001234.5", "123450e-2"] {
            assert_eq!(amount(text), amount("1234.5"), "{text}");
        }
        assert_eq!(amount("-0.00"), Amount::ZERO);
        assert_eq!(amount("1.50000000000000000000000000000").to_string(), "1.5");
        assert_eq!(amount("0.00000000000000000000000000000"), Amount::ZERO);
        assert_eq!(amount("1000000000000000000000e-20").to_string(), "10");
    }

    #[test]
    fn what_cannot_be_kept_exactly_is_refused() {
        for text in [
            "9223372036854775808",
            "1e19",
            "1e-19",
            "1e999999999999999999999",
            "0.1234567890123456789",
            "1e-99999",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in [
            "", " ", "-", ".", "1.", ".5", "+1", "1,5", "1 000", "NaN", "Infinity", "0x10", "1e", "1e+",
            "--1", "1.2.3", "१",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn amounts_of_different_scale_are_ordered_by_value() {
        let rising =
            ["-200", "-1.5", "-1.49", "0", "0.004", "1.49", "1.5", "199.999", "200", "12345678901234567.89"];
        for pair in rising.windows(2) {
            assert!(amount(pair[0]) < amount(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn a_tenth_more_is_the_far_side_of_a_line() {
        assert_eq!(amount("200").and_a_tenth(), amount("220"));
        assert_eq!(amount("49.99").and_a_tenth(), amount("54.989"));
        assert_eq!(amount("-100").and_a_tenth(), amount("-90"));
        assert_eq!(amount("0").and_a_tenth(), amount("0"));
        assert_eq!(amount("9223372036854775807").and_a_tenth(), amount("9223372036854775807"));
    }

    #[test]
    fn a_share_is_between_nothing_and_all() {
        let shares = [("25", "100"), ("-5", "100"), ("300", "100"), ("1", "3")];
        let shares = shares.map(|(part, whole)| amount(part).percent_of(amount(whole)));
        assert_eq!(shares, [Some(25), Some(0), Some(100), Some(33)]);
        assert_eq!(amount("5").percent_of(Amount::ZERO), None);
        assert_eq!(amount("5").percent_of(amount("-1")), None);
    }

    proptest! {
        #[test]
        fn an_amount_survives_print_and_parse(digits: i64, decimals in 0_u32..=18) {
            let printed = Amount::new(digits, decimals).unwrap();
            prop_assert_eq!(printed.to_string().parse(), Ok(printed));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-+0-9.eE ]{0,40}") {
            let _ = text.parse::<Amount>();
        }

        #[test]
        fn order_is_the_order_of_the_numbers(a: i64, b: i64, da in 0_u32..=18, db in 0_u32..=18) {
            let exact = |digits: i64, decimals: u32| i128::from(digits) * 10_i128.pow(18 - decimals);
            prop_assert_eq!(
                Amount::new(a, da).unwrap().cmp(&Amount::new(b, db).unwrap()),
                exact(a, da).cmp(&exact(b, db))
            );
        }
    }
}
