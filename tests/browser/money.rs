//! Money, written by the browser's `Intl`.

use crate::page::{Page, answered, balance, response, until};
use wasm_bindgen_test::wasm_bindgen_test;

/// The amount as a card shows it in that language, without the spaces and marks in which browsers
/// differ.
async fn shown(amount: &str, currency: &str, locale: &str) -> String {
    // A balance belongs to its URL, and the next card with that URL starts with it.
    let url = format!("/money?{amount}&{currency}&{locale}");
    let attributes = [("proxy-url", url.as_str()), ("locale", locale)];
    let page = Page::open(&attributes, Some(answered(&response(200, &balance(amount, currency), &[]))));
    until("there is money", || !page.money().is_empty()).await;
    page.money().replace(['\u{a0}', '\u{202f}', '\u{200e}', '\u{200f}', '\u{61c}'], " ").trim().to_owned()
}

#[wasm_bindgen_test]
async fn every_digit_of_a_long_amount_is_shown() {
    assert_eq!(shown("12345678901234567.89", "USD", "en").await, "$12,345,678,901,234,567.89");
    assert_eq!(shown("\"12345678901234567.89\"", "USD", "en").await, "$12,345,678,901,234,567.89");
}

#[wasm_bindgen_test]
async fn each_currency_has_its_own_number_of_decimals() {
    assert_eq!(shown("1234.5", "USD", "en").await, "$1,234.50");
    assert_eq!(shown("1234", "JPY", "en").await, "¥1,234");
    assert_eq!(shown("1234.5", "BHD", "en").await, "BHD 1,234.500");
}

#[wasm_bindgen_test]
async fn money_is_written_as_the_reader_writes_it() {
    assert_eq!(shown("1234.5", "EUR", "de").await, "1.234,50 €");
    assert_eq!(shown("1234.5", "EUR", "en").await, "€1,234.50");
}

#[wasm_bindgen_test]
async fn an_unknown_currency_is_shown_as_amount_and_code() {
    assert_eq!(shown("1234.5678", "USDC", "en").await, "1,234.5678 USDC");
    assert_eq!(shown("5", "XQZ", "en").await, "XQZ 5.00");
}

#[wasm_bindgen_test]
async fn nothing_is_rounded_and_nothing_is_a_negative_zero() {
    assert_eq!(shown("-0.004", "USD", "en").await, "-$0.004");
    assert_eq!(shown("225.356", "USD", "en").await, "$225.356");
    assert_eq!(shown("0.5", "JPY", "en").await, "¥0.5");
    assert_eq!(shown("-0.00", "USD", "en").await, "$0.00");
    assert_eq!(shown("-12.5", "USD", "en").await, "-$12.50");
}

/// The marks in the text decide the visual order.
#[wasm_bindgen_test]
async fn a_currency_keeps_its_letters_together_where_text_runs_from_right_to_left() {
    let attributes = [("proxy-url", "/money/arabic"), ("locale", "ar-AE")];
    let page = Page::open(&attributes, Some(answered(&response(200, &balance("225.35", "USD"), &[]))));
    until("there is money", || !page.money().is_empty()).await;
    assert_eq!(page.money(), "\u{200f}225.35\u{a0}US$\u{200e}");
}

#[wasm_bindgen_test]
async fn a_language_that_does_not_exist_is_no_reason_to_fail() {
    assert!(shown("5", "USD", "not a language").await.contains("5.00"));
}

#[wasm_bindgen_test]
async fn a_screen_reader_gets_the_amount_in_full_words() {
    let attributes = [("proxy-url", "/money/words"), ("locale", "en")];
    let page = Page::open(&attributes, Some(answered(&response(200, &balance("225.35", "USD"), &[]))));
    page.shows("$225.35").await;
    assert_eq!(page.text(".amount .spoken"), "225.35 US dollars");
}
