//! Reads single attributes, and reports those whose value has no effect.

use super::{Config, InvalidAttribute};
use crate::model::amount::Amount;
use crate::model::schedule::Millis;
use std::ops::RangeInclusive;

/// The default of `top-up-url`. The console documents no link that leads deeper.
pub const PARTNER_CONSOLE: &str = "https://app.partners.airalo.com";

pub(super) struct Reader<'a> {
    pub(super) attribute: &'a dyn Fn(&str) -> Option<String>,
    pub(super) invalid: Vec<InvalidAttribute>,
}

impl Reader<'_> {
    fn report(&mut self, attribute: &'static str, problem: String) {
        self.invalid.push(InvalidAttribute { attribute, problem });
    }

    fn report_value(&mut self, name: &'static str, text: &str, problem: &str) {
        self.report(name, format!("{name}=\"{text}\" {problem}"));
    }

    /// Whether a boolean attribute is there. Some frameworks write `false` instead of leaving it out.
    pub(super) fn is_set(&self, name: &str) -> bool {
        (self.attribute)(name).is_some_and(|text| !text.trim_ascii().eq_ignore_ascii_case("false"))
    }

    /// A number of seconds, moved into its range unless it is one of the values allowed besides.
    pub(super) fn seconds(
        &mut self,
        name: &'static str,
        default: Millis,
        range: RangeInclusive<Millis>,
        besides: &[Millis],
    ) -> Millis {
        self.whole(name, "seconds", default, range, besides)
    }

    /// A number of days that a forecast can tell. Zero is what the property holds without an attribute.
    pub(super) fn days(&mut self, name: &'static str) -> Option<u32> {
        let text = (self.attribute)(name).filter(|text| !text.trim_ascii().is_empty());
        let days = text.map_or(0, |_| self.whole(name, "days", 0, 1..=90, &[0]));
        u32::try_from(days).ok().filter(|days| *days > 0)
    }

    fn whole(
        &mut self,
        name: &'static str,
        unit: &str,
        default: Millis,
        range: RangeInclusive<Millis>,
        besides: &[Millis],
    ) -> Millis {
        let Some(text) = (self.attribute)(name) else { return default };
        let digits = text.trim_ascii();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            let problem = format!("is not a whole number of {unit}; using {default}.");
            self.report_value(name, &text, &problem);
            return default;
        }
        // A number beyond `u32` is beyond every limit too, and milliseconds of it do not overflow.
        let number = digits.parse::<u32>().map_or(Millis::from(u32::MAX), Millis::from);
        let (least, most) = (*range.start(), *range.end());
        let kept = if besides.contains(&number) { number } else { number.clamp(least, most) };
        if kept != number {
            let problem = format!("is not from {least} to {most} {unit}; using {kept}.");
            self.report_value(name, &text, &problem);
        }
        kept
    }

    /// Empty is what the property holds without an attribute, so it counts as absent.
    fn amount(&mut self, name: &'static str) -> Option<(Amount, String)> {
        let text = (self.attribute)(name).filter(|text| !text.trim_ascii().is_empty())?;
        let Ok(amount) = text.trim_ascii().parse() else {
            self.report_value(
                name,
                &text,
                "is not a decimal number and is not used; write one such as 200 or 49.50.",
            );
            return None;
        };
        Some((amount, text))
    }

    pub(super) fn threshold(&mut self, name: &'static str) -> Option<Amount> {
        let (amount, text) = self.amount(name)?;
        if amount.is_negative() {
            let problem =
                "has no effect, because a balance of zero is critical already; write a number above zero.";
            self.report_value(name, &text, problem);
        }
        Some(amount)
    }

    pub(super) fn credit_limit(&mut self) -> Option<Amount> {
        let (limit, text) = self.amount("credit-limit")?;
        if limit > Amount::ZERO {
            return Some(limit);
        }
        self.report_value(
            "credit-limit",
            &text,
            "shows no meter; write a number above zero, or leave it out.",
        );
        None
    }

    /// Below the critical threshold a balance is never low.
    pub(super) fn report_swapped_thresholds(&mut self, config: &Config) {
        if let (Some(low), Some(critical)) = (config.low_threshold, config.critical_threshold)
            && critical > low
        {
            let problem = format!(
                "critical-threshold=\"{critical}\" is above low-threshold=\"{low}\", so the card is never low; exchange the two."
            );
            self.report("critical-threshold", problem);
        }
        if let (Some(low), Some(critical)) = (config.low_days, config.critical_days)
            && critical > low
        {
            let problem =
                format!("critical-days=\"{critical}\" is above low-days=\"{low}\"; exchange the two.");
            self.report("critical-days", problem);
        }
    }

    /// The index of the value in the list of allowed ones. The first is the default.
    pub(super) fn keyword(&mut self, name: &'static str, allowed: &[&'static str]) -> usize {
        let Some(text) = (self.attribute)(name) else { return 0 };
        let position = allowed.iter().position(|word| text.trim_ascii().eq_ignore_ascii_case(word));
        position.unwrap_or_else(|| {
            self.report_keyword(name, &text, allowed);
            0
        })
    }

    /// As `keyword`, for the stylesheet, which ignores no white space.
    pub(super) fn report_unstyled(&mut self, name: &'static str, allowed: &[&'static str]) {
        let Some(text) = (self.attribute)(name) else { return };
        if !allowed.iter().any(|word| text.eq_ignore_ascii_case(word)) {
            self.report_keyword(name, &text, allowed);
        }
    }

    fn report_keyword(&mut self, name: &'static str, text: &str, allowed: &[&'static str]) {
        let problem = format!("is none of {}; using {}.", allowed.join(", "), allowed[0]);
        self.report_value(name, text, &problem);
    }

    /// An attribute where only a property counts.
    pub(super) fn report_property(&mut self, name: &'static str) {
        if (self.attribute)(name).is_some() {
            let problem = format!(
                "{name} is not an attribute but a property, and its text is ignored: set it by script, as in element.{name} = {{…}}. \
                 In Vue write :{name}.prop, in Angular [{name}]; in Svelte import the card before it is rendered."
            );
            self.report(name, problem);
        }
    }

    pub(super) fn history_url(&mut self) -> Option<String> {
        let text = (self.attribute)("history-url").filter(|text| !text.trim_ascii().is_empty())?;
        let url = text.trim_ascii();
        if is_http(url) {
            return Some(url.to_owned());
        }
        let problem = "is no http or https URL; using proxy-url and /history.";
        self.report_value("history-url", &text, problem);
        None
    }

    pub(super) fn top_up_url(&mut self) -> String {
        let Some(text) = (self.attribute)("top-up-url") else { return PARTNER_CONSOLE.to_owned() };
        let url = text.trim_ascii();
        if is_http(url) && !url.is_empty() {
            return url.to_owned();
        }
        let problem =
            format!("is no http or https URL; using {PARTNER_CONSOLE}. For no link, write no-top-up.");
        self.report_value("top-up-url", &text, &problem);
        PARTNER_CONSOLE.to_owned()
    }
}

/// Whether a URL is relative, or absolute with the scheme http or https.
///
/// Browsers remove tabs and line breaks before they look for the scheme. With them inside, a scheme
/// is neither `http` nor `https` here, so it is refused as well.
pub(super) fn is_http(url: &str) -> bool {
    // A colon after the first `/`, `?` or `#` belongs to a relative URL.
    let start = url.split(['/', '?', '#']).next().unwrap_or_default();
    let scheme = start.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
}
