//! The balances as text, for servers that print them into a page and for alerts: `USD 1,234,567.00`.
//!
//! Only the browser knows the reader's own way to write money, so this one is the same everywhere.

use airalo_balance::model::{Balance, Currency};

/// Currencies of ISO 4217 whose amounts do not have two decimals.
const DECIMALS: &[(usize, &[&str])] = &[
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
            "XAF", "XOF", "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// The amounts of an account; `None` where there is no account.
///
/// It holds letters and digits of ASCII and ` ,.-·`, nothing that HTML would read as markup. So no
/// names are in it, and escaping it once more changes nothing.
pub(crate) fn balance_text(balances: &[Balance]) -> Option<String> {
    let texts: Vec<_> = balances.iter().map(amount_text).collect();
    (!texts.is_empty()).then(|| texts.join(" · "))
}

/// As many decimals as the currency has, and every digit that the amount has.
pub(crate) fn amount_text(balance: &Balance) -> String {
    let amount = balance.amount.to_string();
    let (sign, digits) = amount.strip_prefix('-').map_or(("", &*amount), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let decimals = decimals(&balance.currency).max(fraction.len());
    let point = if decimals == 0 { "" } else { "." };
    let code = balance.currency.code();
    format!("{code} {sign}{}{point}{fraction:0<decimals$}", in_thousands(whole))
}

fn decimals(currency: &Currency) -> usize {
    // A code outside ISO 4217, such as that of a voucher, has no decimals of its own.
    let usual = if currency.is_well_formed() { 2 } else { 0 };
    let entry = DECIMALS.iter().find(|(_, codes)| codes.contains(&currency.code()));
    entry.map_or(usual, |(decimals, _)| *decimals)
}

/// A comma before every third digit from the end.
fn in_thousands(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balance(amount: &str, code: &str) -> Balance {
        let currency = Currency::new(code).unwrap();
        Balance { name: "</script>\"&'".to_owned(), amount: amount.parse().unwrap(), currency }
    }

    #[test]
    fn an_amount_has_the_decimals_of_its_currency_and_every_digit_of_its_own() {
        for (amount, code, text) in [
            ("225.35", "USD", "USD 225.35"),
            ("1234567", "USD", "USD 1,234,567.00"),
            ("1234567.1", "USD", "USD 1,234,567.10"),
            ("0", "USD", "USD 0.00"),
            ("100", "USD", "USD 100.00"),
            ("1000", "USD", "USD 1,000.00"),
            ("-1234.5", "USD", "USD -1,234.50"),
            ("-0.001", "USD", "USD -0.001"),
            ("12345678901234567.89", "USD", "USD 12,345,678,901,234,567.89"),
            ("120500", "JPY", "JPY 120,500"),
            ("0.5", "JPY", "JPY 0.5"),
            ("7.5", "KWD", "KWD 7.500"),
            ("7.5", "CLF", "CLF 7.5000"),
            ("7", "XYZ", "XYZ 7.00"),
            ("7", "POINTS", "POINTS 7"),
        ] {
            assert_eq!(balance_text(&[balance(amount, code)]).as_deref(), Some(text));
        }
    }

    #[test]
    fn several_balances_stand_side_by_side_and_no_account_has_no_text() {
        let several = [balance("1234.5", "USD"), balance("980", "EUR"), balance("120500", "JPY")];
        assert_eq!(balance_text(&several).as_deref(), Some("USD 1,234.50 · EUR 980.00 · JPY 120,500"));
        assert_eq!(balance_text(&[]), None);
    }
}
