//! Money as an exact decimal.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// More decimals than any currency has, and few enough that a power of ten fits an `i64`.
const MOST_DECIMALS: u32 = 18;

/// An exact decimal number: an amount of money without its currency.
///
/// It is parsed from text and never passes through a binary fraction, so the digits on the card
/// are the digits of the response.
/// A number that does not fit is refused, not rounded.
/// Trailing zeros are dropped, so that equal amounts are equal values.
///
/// With `rust_decimal` in its place, a page would load 8 KB more for the card (brotli).
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
    /// Zero.
    pub const ZERO: Self = Self { digits: 0, decimals: 0 };

    /// `digits` divided by ten to the power of `decimals`.
    ///
    /// # Errors
    ///
    /// When there are more than 18 decimals without trailing zeros.
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

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The amount raised by a tenth of its size: where an alarm at this threshold ends.
    /// Where the sum cannot be kept exactly, it is the amount itself.
    #[must_use]
    pub(super) fn plus_a_tenth(self) -> Self {
        let more = if self.is_negative() { 9 } else { 11 };
        let digits = self.digits.checked_mul(more);
        digits.and_then(|digits| Self::new(digits, self.decimals + 1).ok()).unwrap_or(self)
    }

    /// The exact sum, where it can be kept.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let decimals = self.decimals.max(other.decimals);
        // Neither factor nor sum can overflow: an `i64` with 18 more digits has 37 of the 38 that fit.
        Self::from_wide(self.scaled(decimals) + other.scaled(decimals), decimals)
    }

    /// The exact difference, where it can be kept.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let decimals = self.decimals.max(other.decimals);
        Self::from_wide(self.scaled(decimals) - other.scaled(decimals), decimals)
    }

    /// `part` of `whole` equal parts of it, rounded towards zero to two decimals or to its own, if it
    /// has more. The shares of `0` and of `whole` parts are exact.
    #[must_use]
    pub(super) fn share(self, part: i64, whole: i64) -> Option<Self> {
        let decimals = self.decimals.max(2);
        let digits = self.scaled(decimals).checked_mul(part.into())?;
        Self::from_wide(digits.checked_div(whole.into())?, decimals)
    }

    /// Its share of a whole in percent, from 0 to 100. A whole of zero or less has no shares.
    #[must_use]
    pub(super) fn percent_of(self, whole: Self) -> Option<u8> {
        let (part, whole) = (self.approximate(), whole.approximate());
        (whole > 0.0).then(|| (part / whole * 100.0).clamp(0.0, 100.0) as u8)
    }

    /// For the meter and for estimates: none of its digits is shown.
    pub(super) fn approximate(self) -> f64 {
        self.digits as f64 / 10_i64.pow(self.decimals) as f64
    }

    /// The digits with so many decimals, of which it has no more.
    const fn scaled(self, decimals: u32) -> i128 {
        self.digits as i128 * 10_i128.pow(decimals - self.decimals)
    }

    /// The amount of these digits, where it can be kept.
    fn from_wide(mut digits: i128, mut decimals: u32) -> Option<Self> {
        while decimals > 0 && digits % 10 == 0 {
            digits /= 10;
            decimals -= 1;
        }
        Self::new(i64::try_from(digits).ok()?, decimals).ok()
    }

    /// The whole part and the fraction in units of 10⁻¹⁸, both with the sign of the amount.
    ///
    /// Both fit an `i64`, so amounts can be compared without a wider number.
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

/// Parses a JSON number such as `-12.50` or `1e3`. Leading zeros are allowed. Attributes hold
/// amounts in the same form.
impl FromStr for Amount {
    type Err = NotExact;

    fn from_str(text: &str) -> Result<Self, NotExact> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, signed(exponent)?),
            None => (text, 0),
        };
        let (negative, mantissa) = match mantissa.strip_prefix("-") {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        if whole.is_empty() || fraction.is_empty() {
            return Err(NotExact);
        }

        // Zeros count only once another digit follows them, so that `1.500…0` and `1000e-3` fit.
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
    // The limit is far beyond every exponent that fits, and adding a length to it cannot overflow.
    let size = digits.parse::<i64>().unwrap_or(i64::MAX).min(1_000_000_000_000);
    Ok(if text.starts_with("-") { -size } else { size })
}

fn power_of_ten(exponent: u32) -> Result<i64, NotExact> {
    10_i64.checked_pow(exponent).ok_or(NotExact)
}

/// Plain decimal notation, never an exponent: what `Intl.NumberFormat` and JSON both read.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self.decimals as usize;
        // At least one digit stands before the point.
        let digits = format!("{:0>1$}", self.digits.unsigned_abs(), decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let sign = if self.is_negative() { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

/// As text, because a number of JavaScript would lose digits.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From the same text.
impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
