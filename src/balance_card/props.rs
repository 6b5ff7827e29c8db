//! The props of the component: one for each attribute of the element, and its events.

use super::TopUp;
use crate::browser::Headers;
use crate::model::config::{Credentials, InvalidAttribute, Loading};
use crate::model::events::{ChangeDetail, ErrorDetail, LevelDetail, Snapshot};
use crate::model::{Config, Messages, Words};
use yew::prelude::*;

/// Whether the card is dark or light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Theme {
    /// As the page is, by its own `color-scheme`.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How much room the card takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Variant {
    /// A card.
    #[default]
    Card,
    /// A small card.
    Compact,
    /// One line of a navigation bar.
    Inline,
}

/// The props of a [`BalanceCard`](super::BalanceCard). Only `proxy_url` is required.
///
/// A value without effect is replaced by its default or the nearest limit, and one warning on the
/// console says what to write. Amounts are text, such as `"49.50"`, because a float has other digits.
#[derive(Clone, Debug, PartialEq, Properties)]
#[non_exhaustive]
pub struct BalanceCardProps {
    /// The URL of your proxy: relative, or http(s). Another one drops the balance at once.
    pub proxy_url: AttrValue,
    /// Seconds between two requests, 10 to 86 400; 0 for no request at an interval.
    #[prop_or(300)]
    pub refresh_interval: u32,
    /// Seconds that a request may take, 1 to 120.
    #[prop_or(10)]
    pub request_timeout: u32,
    /// At or below this amount, in the currency of the balance, the card warns.
    #[prop_or_default]
    pub low_threshold: Option<AttrValue>,
    /// At or below this amount the credit is almost used up.
    #[prop_or_default]
    pub critical_threshold: Option<AttrValue>,
    /// With this many days left, or fewer, the card warns; 0 for never. It needs a history.
    #[prop_or_default]
    pub low_days: u32,
    /// With this many days left, or fewer, the credit is almost used up; 0 for never.
    #[prop_or_default]
    pub critical_days: u32,
    /// The URL of the history, if it is not `proxy_url` and `/history`.
    #[prop_or_default]
    pub history_url: Option<AttrValue>,
    /// Leaves out the line of the last 30 days, and the details behind it.
    #[prop_or_default]
    pub no_trend: bool,
    /// The credit limit, which only you know. It shows a meter.
    #[prop_or_default]
    pub credit_limit: Option<AttrValue>,
    /// Where to top up, if not in Airalo's partner console.
    #[prop_or_default]
    pub top_up_url: Option<AttrValue>,
    /// The title, if it is not “Available credit”.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// The BCP 47 tag of amounts and times, in the language of `words`. Without one it is the
    /// browser's where that is in this language, and the language itself where not.
    #[prop_or_default]
    pub locale: Option<AttrValue>,
    /// Whether the card is dark or light.
    #[prop_or_default]
    pub theme: Theme,
    /// How much room the card takes.
    #[prop_or_default]
    pub variant: Variant,
    /// Which cookies are sent with a request.
    #[prop_or_default]
    pub credentials: Credentials,
    /// When the card makes requests by itself.
    #[prop_or_default]
    pub loading: Loading,
    /// Hides the top-up link.
    #[prop_or_default]
    pub no_top_up: bool,
    /// Hides the refresh button.
    #[prop_or_default]
    pub no_refresh: bool,

    /// Headers of yours, for every request. A new value is used for the next one.
    #[prop_or_default]
    pub headers: Option<Headers>,
    /// The language of the card, if it is not English.
    #[prop_or_default]
    pub words: Option<Words>,
    /// Sentences in place of the card's own. Without `words` they are in the language of `locale`.
    #[prop_or_default]
    pub messages: Messages,
    /// The body of a response to begin with. The card then asks only when the interval has passed.
    #[prop_or_default]
    pub initial_data: Option<AttrValue>,
    /// Another number asks for a fresh balance.
    #[prop_or_default]
    pub refresh_count: u32,
    /// Another number forgets the balance and asks for one, where somebody else has signed in. It
    /// concerns all cards with the same URL.
    #[prop_or_default]
    pub reset_count: u32,

    /// A balance, or the absence of an account, is shown for the first time, of this card or of another
    /// account.
    #[prop_or_default]
    pub on_ready: Callback<Snapshot>,
    /// The balances differ from the last ones shown.
    #[prop_or_default]
    pub on_change: Callback<ChangeDetail>,
    /// There is more or less cause for concern than before.
    #[prop_or_default]
    pub on_level: Callback<LevelDetail>,
    /// A request failed.
    #[prop_or_default]
    pub on_error: Callback<ErrorDetail>,
    /// The top-up link was pressed. [`TopUp::prevent_default`] keeps it from opening.
    #[prop_or_default]
    pub on_top_up: Callback<TopUp>,
    /// Whatever is on the card has changed.
    #[prop_or_default]
    pub on_snapshot: Callback<Snapshot>,

    /// The id of the card's element.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// The classes of the card's element.
    #[prop_or_default]
    pub class: Classes,
    /// What goes into the slots `label`, `actions` and `footer`.
    #[prop_or_default]
    pub children: Html,
}

impl BalanceCardProps {
    /// Reads them as the attributes of an element, so that both have the same limits and warnings.
    pub(super) fn read(&self) -> (Config, Vec<InvalidAttribute>) {
        Config::read(|name| self.attribute(name))
    }

    fn attribute(&self, name: &str) -> Option<String> {
        let text = |value: &Option<AttrValue>| value.as_ref().map(ToString::to_string);
        let flag = |is_set: bool| is_set.then(String::new);
        match name {
            "proxy-url" => Some(self.proxy_url.to_string()),
            "refresh-interval" => Some(self.refresh_interval.to_string()),
            "request-timeout" => Some(self.request_timeout.to_string()),
            "low-threshold" => text(&self.low_threshold),
            "critical-threshold" => text(&self.critical_threshold),
            "low-days" => Some(self.low_days.to_string()),
            "critical-days" => Some(self.critical_days.to_string()),
            "history-url" => text(&self.history_url),
            "no-trend" => flag(self.no_trend),
            "credit-limit" => text(&self.credit_limit),
            "top-up-url" => text(&self.top_up_url),
            "label" => text(&self.label),
            "locale" => text(&self.locale),
            "theme" => self.theme.attribute().map(str::to_owned),
            "variant" => self.variant.attribute().map(str::to_owned),
            "credentials" => Some(self.credentials.as_str().to_owned()),
            "loading" => Some(self.loading.as_str().to_owned()),
            "no-top-up" => flag(self.no_top_up),
            "no-refresh" => flag(self.no_refresh),
            _ => None,
        }
    }
}

impl Theme {
    /// The attribute that the stylesheet selects.
    pub(super) const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

impl Variant {
    /// The attribute that the stylesheet selects.
    pub(super) const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Card => None,
            Self::Compact => Some("compact"),
            Self::Inline => Some("inline"),
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
