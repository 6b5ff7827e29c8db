//! Money and time in the reader's locale, by the browser's `Intl`.

use super::clock::time_of_day;
use crate::model::age::Unit;
use crate::model::date::format_date;
use crate::model::schedule::Millis;
use crate::model::view_model::Format;
use crate::model::{Amount, Currency};
use js_sys::{Date, Object, Reflect};
use std::cell::{OnceCell, RefCell};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Bound by hand: the constructor throws on an unknown tag or currency, and `format` has to
    /// take the number as text to keep its digits.
    #[derive(Clone)]
    #[wasm_bindgen(js_namespace = Intl, js_name = NumberFormat)]
    type NumberFormat;

    #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "NumberFormat")]
    fn new(locale: &JsValue, options: &Object) -> Result<NumberFormat, JsValue>;

    #[wasm_bindgen(method, catch, js_class = "NumberFormat")]
    fn format(this: &NumberFormat, decimal: &str) -> Result<String, JsValue>;

    /// A page may have replaced `Intl` by a polyfill without it.
    #[wasm_bindgen(method, catch, js_class = "NumberFormat", js_name = formatRange)]
    fn format_range(this: &NumberFormat, low: u32, high: u32) -> Result<String, JsValue>;

    /// Throws on an invalid tag. Much faster than making a formatter.
    #[wasm_bindgen(catch, js_namespace = Intl, js_name = getCanonicalLocales)]
    fn canonical_locales(tag: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Intl, js_name = DateTimeFormat)]
    type DateTimeFormat;

    #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "DateTimeFormat")]
    fn new(locale: &JsValue, options: &Object) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(method, catch, js_class = "DateTimeFormat")]
    fn format(this: &DateTimeFormat, at: f64) -> Result<String, JsValue>;

    #[wasm_bindgen(js_namespace = Intl, js_name = RelativeTimeFormat)]
    type RelativeTimeFormat;

    #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "RelativeTimeFormat")]
    fn new(locale: &JsValue, options: &Object) -> Result<RelativeTimeFormat, JsValue>;

    #[wasm_bindgen(method, catch, js_class = "RelativeTimeFormat")]
    fn format(this: &RelativeTimeFormat, count: f64, unit: &str) -> Result<String, JsValue>;
}

/// The language that the reader prefers.
pub(crate) fn browser_language() -> Option<String> {
    web_sys::window()?.navigator().language()
}

/// As many decimals as an [`Amount`] can have.
const MOST_DECIMALS: u32 = 18;

const MILLIS_OF_A_DAY: f64 = 86_400_000.0;

const RIGHT_TO_LEFT_MARK: &str = "\u{200f}";
const LEFT_TO_RIGHT_MARK: &str = "\u{200e}";

/// Formatters are slow to make, so they are kept: by currency code and display.
type CachedFormat = (String, &'static str, Option<NumberFormat>);

/// The formatters of one locale.
pub(crate) struct Intl {
    /// `undefined` stands for the browser's own locale.
    locale: JsValue,
    numbers: RefCell<Vec<CachedFormat>>,
    relative: OnceCell<Option<RelativeTimeFormat>>,
    now: OnceCell<Option<RelativeTimeFormat>>,
    /// For times today.
    time: OnceCell<Option<DateTimeFormat>>,
    /// For any other time.
    date_time: OnceCell<Option<DateTimeFormat>>,
    /// For days, which are days of UTC.
    date: OnceCell<Option<DateTimeFormat>>,
    /// For numbers of days.
    days: OnceCell<Option<NumberFormat>>,
    /// For other whole numbers.
    whole: OnceCell<Option<NumberFormat>>,
}

impl Intl {
    pub(crate) fn new(tag: Option<&str>) -> Self {
        let known = |tag: &&str| canonical_locales(tag).is_ok();
        let locale = tag.filter(known).map_or(JsValue::UNDEFINED, JsValue::from);
        Self {
            locale,
            numbers: RefCell::default(),
            relative: OnceCell::new(),
            now: OnceCell::new(),
            time: OnceCell::new(),
            date_time: OnceCell::new(),
            date: OnceCell::new(),
            days: OnceCell::new(),
            whole: OnceCell::new(),
        }
    }

    fn whole(&self) -> Option<&NumberFormat> {
        let format = self.whole.get_or_init(|| NumberFormat::new(&self.locale, &Object::new()).ok());
        format.as_ref()
    }

    fn currency(&self, code: &str, display: &'static str) -> Option<NumberFormat> {
        let mut numbers = self.numbers.borrow_mut();
        if let Some((.., number)) = numbers.iter().find(|(c, d, _)| c == code && *d == display) {
            return number.clone();
        }
        let options = options(&[("style", "currency"), ("currency", code), ("currencyDisplay", display)]);
        // Nothing is rounded: -0.001 must not look like 0, nor 50.001 like a threshold of 50.
        let _ = Reflect::set(&options, &"maximumFractionDigits".into(), &MOST_DECIMALS.into());
        let number = NumberFormat::new(&self.locale, &options).ok();
        numbers.push((code.to_owned(), display, number.clone()));
        number
    }

    fn write(&self, amount: Amount, currency: &Currency, display: &'static str) -> String {
        let code = currency.code();
        let known = currency.is_well_formed().then(|| self.currency(code, display)).flatten();
        let mut text = known
            .and_then(|number| number.format(&amount.to_string()).ok())
            .unwrap_or_else(|| format!("{}\u{a0}{code}", self.number(amount)));
        // In right-to-left text the `$` of a trailing `US$` would jump to the other side. A
        // left-to-right mark after it keeps it in place.
        if text.starts_with(RIGHT_TO_LEFT_MARK) {
            text.push_str(LEFT_TO_RIGHT_MARK);
        }
        text
    }

    /// An amount without its currency, for codes that the browser does not know.
    fn number(&self, amount: Amount) -> String {
        let decimal = amount.to_string();
        let options = Object::new();
        let _ = Reflect::set(&options, &"maximumFractionDigits".into(), &MOST_DECIMALS.into());
        NumberFormat::new(&self.locale, &options)
            .and_then(|number| number.format(&decimal))
            .unwrap_or(decimal)
    }
}

impl Format for Intl {
    fn money(&self, amount: Amount, currency: &Currency) -> String {
        self.write(amount, currency, "symbol")
    }

    fn money_in_words(&self, amount: Amount, currency: &Currency) -> String {
        self.write(amount, currency, "name")
    }

    fn relative_time(&self, count: Millis, unit: Unit) -> String {
        // In words, 26 hours ago is “yesterday”, also where it was the day before that.
        let (format, numeric) = if count == 0 { (&self.now, "auto") } else { (&self.relative, "always") };
        let format = format
            .get_or_init(|| RelativeTimeFormat::new(&self.locale, &options(&[("numeric", numeric)])).ok());
        format.as_ref().and_then(|format| format.format(count as f64, unit.as_str()).ok()).unwrap_or_default()
    }

    fn timestamp(&self, at: Millis) -> String {
        Date::new(&JsValue::from(at as f64)).to_iso_string().into()
    }

    fn date_time(&self, at: Millis) -> String {
        let day = |at: Millis| Date::new(&JsValue::from(at as f64)).to_date_string();
        let today = day(at) == day(time_of_day());
        let (format, style): (_, &[_]) = if today {
            (&self.time, &[("timeStyle", "short")])
        } else {
            (&self.date_time, &[("dateStyle", "medium"), ("timeStyle", "short")])
        };
        let format = format.get_or_init(|| DateTimeFormat::new(&self.locale, &options(style)).ok());
        format.as_ref().and_then(|format| format.format(at as f64).ok()).unwrap_or_default()
    }

    fn date(&self, day: i64) -> String {
        let style = [("dateStyle", "medium"), ("timeZone", "UTC")];
        let format = self.date.get_or_init(|| DateTimeFormat::new(&self.locale, &options(&style)).ok());
        let written = format.as_ref().and_then(|format| format.format(day as f64 * MILLIS_OF_A_DAY).ok());
        written.unwrap_or_else(|| format_date(day))
    }

    fn days(&self, count: u32) -> String {
        let style = [("style", "unit"), ("unit", "day"), ("unitDisplay", "long")];
        let format = self.days.get_or_init(|| NumberFormat::new(&self.locale, &options(&style)).ok());
        let count = count.to_string();
        format.as_ref().and_then(|format| format.format(&count).ok()).unwrap_or(count)
    }

    fn range(&self, low: u32, high: u32) -> String {
        let range = self.whole().and_then(|format| format.format_range(low, high).ok());
        range.unwrap_or_else(|| format!("{}–{}", self.count(low as usize), self.count(high as usize)))
    }

    fn count(&self, count: usize) -> String {
        let count = count.to_string();
        self.whole().and_then(|format| format.format(&count).ok()).unwrap_or(count)
    }
}

fn options(entries: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        // Setting a property of a new object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object
}
