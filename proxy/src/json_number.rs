//! Amounts as numbers of JSON, with every digit.

use airalo_balance::model::Amount;
use serde::ser::{Error, Serialize, Serializer};
use serde_json::value::RawValue;

/// An amount that JSON has as it is: an `f64` would round a long one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonNumber(pub(crate) Amount);

impl Serialize for JsonNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_digit_is_lost_and_none_is_added() {
        for text in ["12345678901234567.89", "-0.5", "0", "225.35"] {
            let number = JsonNumber(text.parse().unwrap());
            assert_eq!(serde_json::to_string(&Some(number)).unwrap(), text);
        }
    }
}
