use super::*;
use proptest::prelude::*;

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

#[test]
fn every_digit_of_a_long_amount_is_kept() {
    for text in
        ["12345678901234567.89", "0.1", "-0.004", "225.35", "0.000000000000000001", "-9223372036854775808"]
    {
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
        "", " ", "-", ".", "1.", ".5", "+1", "1,5", "1 000", "NaN", "Infinity", "0x10", "1e", "1e+", "--1",
        "1.2.3", "१",
    ] {
        assert!(text.parse::<Amount>().is_err(), "{text:?}");
    }
}

#[test]
fn sums_and_differences_are_exact_however_many_decimals_there_are() {
    for (a, b, sum, difference) in [
        ("0.1", "0.2", "0.3", "-0.1"),
        ("225.35", "-25.35", "200", "250.7"),
        ("12345678901234567.89", "0.01", "12345678901234567.9", "12345678901234567.88"),
        ("9223372036854775807", "0", "9223372036854775807", "9223372036854775807"),
        ("0.000000000000000001", "1", "1.000000000000000001", "-0.999999999999999999"),
    ] {
        assert_eq!(amount(a).checked_add(amount(b)), Some(amount(sum)), "{a} + {b}");
        assert_eq!(amount(a).checked_sub(amount(b)), Some(amount(difference)), "{a} - {b}");
    }
}

#[test]
fn a_sum_that_cannot_be_kept_is_none_and_not_rounded() {
    let (most, least) = (amount("9223372036854775807"), amount("-9223372036854775808"));
    assert_eq!(most.checked_add(amount("1")), None);
    assert_eq!(most.checked_add(amount("0.1")), None);
    assert_eq!(least.checked_sub(amount("1")), None);
    assert_eq!(Amount::ZERO.checked_sub(least), None);
    assert_eq!(most.checked_add(amount("-0.5")), None);
}

proptest! {
    #[test]
    fn a_difference_undoes_a_sum(a: i64, b: i64, decimals in 0_u32..=18, more in 0_u32..=18) {
        let (a, b) = (Amount::new(a, decimals).unwrap(), Amount::new(b, more).unwrap());
        if let Some(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Some(a));
            prop_assert_eq!(b.checked_add(a), Some(sum));
        }
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
fn an_alarm_ends_a_tenth_above_its_threshold() {
    assert_eq!(amount("200").plus_a_tenth(), amount("220"));
    assert_eq!(amount("49.99").plus_a_tenth(), amount("54.989"));
    assert_eq!(amount("-100").plus_a_tenth(), amount("-90"));
    assert_eq!(amount("0").plus_a_tenth(), amount("0"));
    assert_eq!(amount("9223372036854775807").plus_a_tenth(), amount("9223372036854775807"));
}

#[test]
fn a_share_is_between_zero_and_a_hundred() {
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
        let json = serde_json::to_string(&printed).unwrap();
        prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), printed);
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
