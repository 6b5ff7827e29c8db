//! The settings of a card, parsed once from its attributes.

mod reader;

use super::amount::Amount;
use super::schedule::Millis;
use reader::{Reader, is_http};

pub use reader::PARTNER_CONSOLE;

/// Why `proxy-url` cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// The attribute is missing or empty.
    Missing,
    /// The URL is neither relative nor http(s).
    NotHttp,
}

/// Which cookies are sent with a request: the credentials mode of `fetch`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Cookies of this origin, to this origin.
    #[default]
    SameOrigin,
    /// All cookies.
    Include,
    /// No cookies.
    Omit,
}

impl Credentials {
    /// The value of the attribute.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameOrigin => "same-origin",
            Self::Include => "include",
            Self::Omit => "omit",
        }
    }

    /// The mode of that name; the default for any other one.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let all = [Self::SameOrigin, Self::Include, Self::Omit];
        all.into_iter().find(|one| one.as_str() == name).unwrap_or_default()
    }
}

/// When the card makes automatic requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loading {
    /// At once.
    #[default]
    Eager,
    /// While the card is near the viewport.
    Lazy,
    /// Once the page has set `headers` or has called `refresh()`.
    Manual,
}

impl Loading {
    /// The value of the attribute.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eager => "eager",
            Self::Lazy => "lazy",
            Self::Manual => "manual",
        }
    }
}

/// The settings of one card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The URL that answers with the balance.
    pub proxy_url: Result<String, UrlError>,
    /// The time between two automatic requests. `None`: the first one is automatic, and later ones only
    /// when the network returns and where the server is getting a newer balance.
    pub refresh_interval: Option<Millis>,
    /// How long a request may take, its body included.
    pub request_timeout: Millis,
    /// At or below this amount the balance is low.
    pub low_threshold: Option<Amount>,
    /// At or below this amount the balance is critical.
    pub critical_threshold: Option<Amount>,
    /// With this many days left, or fewer, the balance is low.
    pub low_days: Option<u32>,
    /// With this many days left, or fewer, the balance is critical.
    pub critical_days: Option<u32>,
    /// The URL of the history, if the page sets one. Without it the history is asked for beside the
    /// balance, where the answer says that there is one.
    pub history_url: Option<String>,
    /// Whether the trend is shown.
    pub trend: bool,
    /// The credit limit, for the meter.
    pub credit_limit: Option<Amount>,
    /// Where to top up. `None` hides the link.
    pub top_up_url: Option<String>,
    /// The title, if the page sets one.
    pub label: Option<String>,
    /// A BCP 47 tag, if the page sets one.
    pub locale: Option<String>,
    /// Which cookies are sent with a request.
    pub credentials: Credentials,
    /// When automatic requests are made.
    pub loading: Loading,
    /// Whether there is a button to refresh.
    pub refresh_button: bool,
    /// Whether the card is one line, which has no room for all of its words.
    pub inline: bool,
}

/// An attribute whose value has no effect, or another one than it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidAttribute {
    /// The name of the attribute.
    pub attribute: &'static str,
    /// What is wrong, what holds instead, and what to write.
    pub problem: String,
}

impl Config {
    /// Parses the attributes of an element.
    ///
    /// An invalid value is reported, and the default is used. `www/element/attributes.js` reads the
    /// same attributes in the same way; the table `tests/attributes.json` holds both to it.
    #[must_use]
    pub fn read(attribute: impl Fn(&str) -> Option<String>) -> (Self, Vec<InvalidAttribute>) {
        let mut reader = Reader { attribute: &attribute, invalid: Vec::new() };
        let config = Self {
            proxy_url: match attribute("proxy-url").as_deref().map(str::trim_ascii) {
                None | Some("") => Err(UrlError::Missing),
                Some(url) if is_http(url) => Ok(url.to_owned()),
                Some(_) => Err(UrlError::NotHttp),
            },
            refresh_interval: match reader.seconds("refresh-interval", 300, 10..=86_400, &[0]) {
                0 => None,
                seconds => Some(seconds * 1_000),
            },
            request_timeout: reader.seconds("request-timeout", 10, 1..=120, &[]) * 1_000,
            low_threshold: reader.threshold("low-threshold"),
            critical_threshold: reader.threshold("critical-threshold"),
            low_days: reader.days("low-days"),
            critical_days: reader.days("critical-days"),
            history_url: reader.history_url(),
            trend: !reader.is_set("no-trend"),
            credit_limit: reader.credit_limit(),
            top_up_url: if reader.is_set("no-top-up") { None } else { Some(reader.top_up_url()) },
            label: attribute("label").filter(|label| !label.trim_ascii().is_empty()),
            locale: attribute("locale")
                .map(|tag| tag.trim_ascii().replace('_', "-"))
                .filter(|tag| !tag.is_empty()),
            credentials: match reader.keyword("credentials", &["same-origin", "include", "omit"]) {
                1 => Credentials::Include,
                2 => Credentials::Omit,
                _ => Credentials::SameOrigin,
            },
            loading: match reader.keyword("loading", &["eager", "lazy", "manual"]) {
                1 => Loading::Lazy,
                2 => Loading::Manual,
                _ => Loading::Eager,
            },
            refresh_button: !reader.is_set("no-refresh"),
            inline: attribute("variant").is_some_and(|variant| variant.eq_ignore_ascii_case("inline")),
        };
        reader.report_swapped_thresholds(&config);
        reader.report_unstyled("theme", &["auto", "light", "dark"]);
        reader.report_unstyled("variant", &["card", "compact", "inline"]);
        reader.report_property("headers");
        reader.report_property("messages");
        (config, reader.invalid)
    }

    /// Where to ask for the history of the last 30 days, if there is a URL at all.
    #[must_use]
    pub fn history_address(&self) -> Option<String> {
        match (&self.history_url, &self.proxy_url) {
            (Some(url), _) => Some(with_days(url, DAYS)),
            (None, Ok(url)) => {
                let end = url.find(['?', '#']).unwrap_or(url.len());
                let (path, rest) = url.split_at(end);
                Some(with_days(&format!("{}/history{rest}", path.strip_suffix('/').unwrap_or(path)), DAYS))
            }
            (None, Err(_)) => None,
        }
    }
}

/// How many days the card shows.
const DAYS: u32 = 30;

/// Adds the number of days to a URL, unless its query names one.
#[must_use]
pub fn with_days(url: &str, days: u32) -> String {
    let (address, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let query = address.split_once('?').map(|(_, query)| query);
    if query.is_some_and(|query| query.split('&').any(|pair| pair.starts_with("days="))) {
        return url.to_owned();
    }
    let separator = if query.is_some() { '&' } else { '?' };
    format!("{address}{separator}days={days}{fragment}")
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod report_tests;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(attributes: &[(&str, &str)]) -> (Config, Vec<&'static str>) {
        let (config, invalid) = Config::read(|name| {
            attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        });
        (config, invalid.into_iter().map(|c| c.attribute).collect())
    }

    #[test]
    fn an_element_without_attributes_has_the_documented_defaults() {
        let (config, invalid) = read(&[]);
        assert_eq!(config.proxy_url, Err(UrlError::Missing));
        assert_eq!((config.refresh_interval, config.request_timeout), (Some(300_000), 10_000));
        assert_eq!(config.credentials, Credentials::SameOrigin);
        assert_eq!(config.top_up_url.as_deref(), Some(PARTNER_CONSOLE));
        assert_eq!((config.refresh_button, config.loading), (true, Loading::Eager));
        assert_eq!(invalid, [""; 0]);
    }

    #[test]
    fn only_relative_and_http_urls_are_requested() {
        for url in ["/api/balance", "api", "./a:b", "?x=a:b", "http://a/b", "HTTPS://a", "//host/path"] {
            assert_eq!(read(&[("proxy-url", url)]).0.proxy_url, Ok(url.to_owned()));
        }
        for url in [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/plain,1",
            "file:///etc",
            "blob:x",
            "\u{1}javascript:1",
        ] {
            assert_eq!(read(&[("proxy-url", url)]).0.proxy_url, Err(UrlError::NotHttp), "{url}");
        }
        assert_eq!(read(&[("proxy-url", "  ")]).0.proxy_url, Err(UrlError::Missing));
    }

    #[test]
    fn a_script_is_never_a_top_up_url() {
        let (config, invalid) = read(&[("top-up-url", "javascript:alert(1)")]);
        assert_eq!(config.top_up_url.as_deref(), Some(PARTNER_CONSOLE));
        assert_eq!(invalid, ["top-up-url"]);
    }

    #[test]
    fn times_are_kept_within_their_limits() {
        for (given, kept) in [
            ("0", None),
            ("1", Some(10_000)),
            ("30", Some(30_000)),
            ("99999999999999999999", Some(86_400_000)),
        ] {
            assert_eq!(read(&[("refresh-interval", given)]).0.refresh_interval, kept);
        }
        for (given, kept) in [("0", 1_000), ("7", 7_000), ("500", 120_000)] {
            assert_eq!(read(&[("request-timeout", given)]).0.request_timeout, kept);
        }
    }

    #[test]
    fn an_invalid_value_becomes_the_default_and_is_reported_once() {
        let nonsense = [
            ("refresh-interval", "soon"),
            ("low-threshold", "lots"),
            ("credentials", "all"),
            ("loading", "maybe"),
            ("theme", "mauve"),
        ];
        let (config, invalid) = read(&nonsense);
        assert_eq!(config, read(&[]).0);
        assert_eq!(invalid, ["refresh-interval", "low-threshold", "credentials", "loading", "theme"]);
    }

    #[test]
    fn the_history_is_beside_the_balance_unless_the_page_says_where() {
        let address = |attributes: &[(&str, &str)]| read(attributes).0.history_address();
        for (url, expected) in [
            ("/api/balance", "/api/balance/history?days=30"),
            ("api/balance/", "api/balance/history?days=30"),
            ("/api/balance?account=2", "/api/balance/history?account=2&days=30"),
            ("https://a.example/b?c#d", "https://a.example/b/history?c&days=30#d"),
        ] {
            assert_eq!(address(&[("proxy-url", url)]).as_deref(), Some(expected));
        }
        let own = [("proxy-url", "/api/balance"), ("history-url", " /h?days=7 ")];
        assert_eq!(address(&own).as_deref(), Some("/h?days=7"));
        assert_eq!(address(&[]), None);
        let (config, invalid) = read(&[("proxy-url", "/b"), ("history-url", "javascript:alert(1)")]);
        assert_eq!(
            (config.history_address().as_deref(), invalid),
            (Some("/b/history?days=30"), vec!["history-url"])
        );
    }

    #[test]
    fn days_are_whole_numbers_up_to_ninety() {
        let days = |value: &str| {
            let (config, invalid) = read(&[("low-days", value)]);
            (config.low_days, invalid.len())
        };
        assert_eq!([days("7"), days("90"), days("0")], [(Some(7), 0), (Some(90), 0), (None, 0)]);
        assert_eq!([days("400"), days("soon"), days("2.5")], [(Some(90), 1), (None, 1), (None, 1)]);
        let swapped = read(&[("low-days", "3"), ("critical-days", "7")]);
        assert_eq!(swapped.1, ["critical-days"]);
    }

    #[test]
    fn buttons_can_be_hidden() {
        let (config, _) = read(&[("no-top-up", ""), ("no-refresh", "")]);
        assert_eq!((config.top_up_url, config.refresh_button), (None, false));
    }

    proptest! {
        #[test]
        fn no_attribute_makes_it_panic(value: String) {
            let _ = Config::read(|_| Some(value.clone()));
        }
    }
}
