//! Money and time as the reader writes them, through the browser's own `Intl`.

use super::clock::time_of_day;
use crate::model::age::Unit;
use crate::model::schedule::Millis;
use crate::model::wording::Format;
use crate::model::{Amount, Currency};
use js_sys::{Date, Object, Reflect};
use std::cell::{OnceCell, RefCell};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Bound by hand, because the constructor throws on a tag or a code that it does not know
    /// and the formatter has to take its number as text.
    #[derive(Clone)]
    #[wasm_bindgen(js_namespace = Intl, js_name = NumberFormat)]
    type NumberFormat;

    #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "NumberFormat")]
    fn new(locale: &JsValue, options: &Object) -> Result<NumberFormat, JsValue>;

    #[wasm_bindgen(method, catch, js_class = "NumberFormat")]
    fn format(this: &NumberFormat, decimal: &str) -> Result<String, JsValue>;

    /// Throws at what is no tag, and unlike a formatter it is there in no time.
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

/// As many as an [`Amount`] can have.
const MOST_DECIMALS: u32 = 18;

const RIGHT_TO_LEFT_MARK: &str = "\u{200f}";
const LEFT_TO_RIGHT_MARK: &str = "\u{200e}";

/// Formatters are dear to make and cheap to keep.
type Cached = (String, &'static str, Option<NumberFormat>);

/// The formatters of one locale.
pub(crate) struct Intl {
    /// `undefined`, where the wish is no locale that the browser knows: then its own.
    locale: JsValue,
    numbers: RefCell<Vec<Cached>>,
    relative: OnceCell<Option<RelativeTimeFormat>>,
    /// For moments of today, and for any other.
    time: OnceCell<Option<DateTimeFormat>>,
    date: OnceCell<Option<DateTimeFormat>>,
}

impl Intl {
    pub(crate) fn new(tag: Option<&str>) -> Self {
        let known = |tag: &&str| canonical_locales(tag).is_ok();
        let locale = tag.filter(known).map_or(JsValue::UNDEFINED, JsValue::from);
        Self {
            locale,
            numbers: RefCell::default(),
            relative: OnceCell::new(),
            time: OnceCell::new(),
            date: OnceCell::new(),
        }
    }

    fn currency(&self, code: &str, display: &'static str) -> Option<NumberFormat> {
        let mut numbers = self.numbers.borrow_mut();
        if let Some((.., number)) = numbers.iter().find(|(c, d, _)| c == code && *d == display) {
            return number.clone();
        }
        let options = options(&[("style", "currency"), ("currency", code), ("currencyDisplay", display)]);
        // Rounded to cents, less than nothing could look like nothing, and a little less than a
        // threshold like the threshold itself. As few decimals as the currency has, as many as
        // the amount has.
        let _ = Reflect::set(&options, &"maximumFractionDigits".into(), &MOST_DECIMALS.into());
        let number = NumberFormat::new(&self.locale, &options).ok();
        numbers.push((code.to_owned(), display, number.clone()));
        number
    }

    fn write(&self, amount: Amount, currency: &Currency, display: &'static str) -> String {
        let code = currency.code();
        let known = currency.is_well_formed().then(|| self.currency(code, display)).flatten();
        let mut text = known
            .and_then(|number| number.format(&amount.to_decimal()).ok())
            .unwrap_or_else(|| [&self.plain(amount), "\u{a0}", code].concat());
        // From right to left a sign at the end, as in `US$`, would be torn from its letters and
        // put on the far side, unless something that runs from left to right comes after it.
        if text.starts_with(RIGHT_TO_LEFT_MARK) {
            text.push_str(LEFT_TO_RIGHT_MARK);
        }
        text
    }

    /// An amount whose currency means nothing to the browser, with every digit that it has.
    fn plain(&self, amount: Amount) -> String {
        let decimal = amount.to_decimal();
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

    fn relative(&self, count: Millis, unit: Unit) -> String {
        let format = self
            .relative
            .get_or_init(|| RelativeTimeFormat::new(&self.locale, &options(&[("numeric", "auto")])).ok());
        format.as_ref().and_then(|format| format.format(count as f64, unit.as_str()).ok()).unwrap_or_default()
    }

    fn timestamp(&self, at: Millis) -> String {
        Date::new(&JsValue::from(at as f64)).to_iso_string().into()
    }

    fn moment(&self, at: Millis) -> String {
        let day = |at: Millis| Date::new(&JsValue::from(at as f64)).to_date_string();
        let today = day(at) == day(time_of_day());
        let (format, wish): (_, &[_]) = if today {
            (&self.time, &[("timeStyle", "short")])
        } else {
            (&self.date, &[("dateStyle", "medium"), ("timeStyle", "short")])
        };
        let format = format.get_or_init(|| DateTimeFormat::new(&self.locale, &options(wish)).ok());
        format.as_ref().and_then(|format| format.format(at as f64).ok()).unwrap_or_default()
    }
}

fn options(entries: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object
}
