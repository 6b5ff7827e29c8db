//! The settings of a card, read once from its attributes into types that cannot be wrong.

use super::amount::Amount;
use super::ascii::{cut, position};
use super::schedule::Millis;

/// Where an operator tops up, as long as the page does not name a better place.
/// The partner's console has no documented deeper link.
const PARTNER_CONSOLE: &str = "https://app.partners.airalo.com";

/// Why a card has no URL to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// There is no `proxy-url`.
    Missing,
    /// It is neither relative nor http(s).
    NotHttp,
}

/// Which cookies go with a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Those of this site, to this site.
    #[default]
    SameOrigin,
    /// All.
    Include,
    /// None.
    Omit,
}

impl Credentials {
    /// The word in the attribute.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameOrigin => "same-origin",
            Self::Include => "include",
            Self::Omit => "omit",
        }
    }
}

/// The settings of one card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The URL that answers with the balance.
    pub proxy_url: Result<String, UrlError>,
    /// The pause between two requests; `None` asks once.
    pub refresh_interval: Option<Millis>,
    /// How long a request may take, its body included.
    pub request_timeout: Millis,
    /// At or below this, the balance is low.
    pub low_threshold: Option<Amount>,
    /// At or below this, the balance is critical.
    pub critical_threshold: Option<Amount>,
    /// The whole credit, of which the balance is a part.
    pub credit_limit: Option<Amount>,
    /// Where to top up; `None` shows no button.
    pub top_up_url: Option<String>,
    /// The title, where the page has its own word for it.
    pub label: Option<String>,
    /// A BCP 47 tag, where the page names one.
    pub locale: Option<String>,
    /// Which cookies go with a request.
    pub credentials: Credentials,
    /// Whether to ask only once the card is near the visible part of the page.
    pub lazy: bool,
    /// Whether there is a button to refresh.
    pub refresh_button: bool,
}

/// An attribute that was not understood, and what was used instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidAttribute {
    /// The name of the attribute.
    pub attribute: &'static str,
    /// What it may hold.
    pub expected: &'static str,
}

impl Config {
    /// Reads the attributes of an element.
    ///
    /// Nothing that a page can write is an error here: a value that makes no sense is replaced
    /// by its default, and reported once.
    #[must_use]
    pub fn read(attribute: impl Fn(&str) -> Option<String>) -> (Self, Vec<InvalidAttribute>) {
        let mut reader = Reader { attribute: &attribute, complaints: Vec::new() };
        let config = Self {
            proxy_url: match attribute("proxy-url").as_deref().map(str::trim_ascii) {
                None | Some("") => Err(UrlError::Missing),
                Some(url) if is_http(url) => Ok(url.to_owned()),
                Some(_) => Err(UrlError::NotHttp),
            },
            refresh_interval: match reader.seconds("refresh-interval", 300) {
                0 => None,
                seconds => Some(seconds.clamp(10, 86_400) * 1_000),
            },
            request_timeout: reader.seconds("request-timeout", 10).clamp(1, 120) * 1_000,
            low_threshold: reader.amount("low-threshold"),
            critical_threshold: reader.amount("critical-threshold"),
            credit_limit: reader.amount("credit-limit"),
            top_up_url: if attribute("no-top-up").is_some() { None } else { Some(reader.top_up_url()) },
            label: attribute("label").filter(|label| !label.trim_ascii().is_empty()),
            locale: attribute("locale").filter(|tag| !tag.trim_ascii().is_empty()),
            credentials: match reader.word("credentials", &["same-origin", "include", "omit"]) {
                1 => Credentials::Include,
                2 => Credentials::Omit,
                _ => Credentials::SameOrigin,
            },
            lazy: reader.word("loading", &["eager", "lazy"]) == 1,
            refresh_button: attribute("no-refresh").is_none(),
        };
        // These two are for the stylesheet alone, which simply ignores what it does not know.
        reader.word("theme", &["auto", "light", "dark"]);
        reader.word("variant", &["card", "compact", "inline"]);
        (config, reader.complaints)
    }
}

struct Reader<'a> {
    attribute: &'a dyn Fn(&str) -> Option<String>,
    complaints: Vec<InvalidAttribute>,
}

impl Reader<'_> {
    fn complain(&mut self, attribute: &'static str, expected: &'static str) {
        self.complaints.push(InvalidAttribute { attribute, expected });
    }

    fn seconds(&mut self, name: &'static str, default: Millis) -> Millis {
        let Some(text) = (self.attribute)(name) else { return default };
        let digits = text.trim_ascii();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            self.complain(name, "a whole number of seconds");
            return default;
        }
        // What is too long for this type is beyond every limit, and no product of it overflows.
        digits.parse::<u32>().map_or(Millis::from(u32::MAX), Millis::from)
    }

    fn amount(&mut self, name: &'static str) -> Option<Amount> {
        let text = (self.attribute)(name)?;
        let amount = text.trim_ascii().parse().ok();
        if amount.is_none() {
            self.complain(name, "a decimal number such as 200 or 49.50");
        }
        amount
    }

    /// The position of the value among the words that are allowed; the first is the default.
    fn word(&mut self, name: &'static str, allowed: &[&'static str]) -> usize {
        let Some(text) = (self.attribute)(name) else { return 0 };
        let position = allowed.iter().position(|word| text.trim_ascii().eq_ignore_ascii_case(word));
        position.unwrap_or_else(|| {
            self.complain(name, "one of the documented words");
            0
        })
    }

    fn top_up_url(&mut self) -> String {
        match (self.attribute)("top-up-url") {
            Some(url) if is_http(url.trim_ascii()) && !url.trim_ascii().is_empty() => {
                url.trim_ascii().to_owned()
            }
            None => PARTNER_CONSOLE.to_owned(),
            Some(_) => {
                self.complain("top-up-url", "an http or https URL");
                PARTNER_CONSOLE.to_owned()
            }
        }
    }
}

/// Whether a URL is relative, or absolute with a scheme that a request may go to.
///
/// Browsers drop tabs and line breaks before they look for the scheme. A scheme that hides
/// behind them is none of the two either way.
fn is_http(url: &str) -> bool {
    let start = &url[..position(url, b"/?#").unwrap_or(url.len())];
    let scheme = cut(start, b":").map(|(scheme, _)| scheme);
    scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(attributes: &[(&str, &str)]) -> (Config, Vec<&'static str>) {
        let (config, complaints) = Config::read(|name| {
            attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        });
        (config, complaints.into_iter().map(|c| c.attribute).collect())
    }

    #[test]
    fn an_element_without_attributes_has_the_documented_defaults() {
        let (config, complaints) = read(&[]);
        assert_eq!(config.proxy_url, Err(UrlError::Missing));
        assert_eq!((config.refresh_interval, config.request_timeout), (Some(300_000), 10_000));
        assert_eq!(config.credentials, Credentials::SameOrigin);
        assert_eq!(config.top_up_url.as_deref(), Some(PARTNER_CONSOLE));
        assert!(config.refresh_button && !config.lazy);
        assert_eq!(complaints, [""; 0]);
    }

    #[test]
    fn only_relative_and_http_urls_are_asked() {
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
    fn a_script_can_never_be_the_place_to_top_up() {
        let (config, complaints) = read(&[("top-up-url", "javascript:alert(1)")]);
        assert_eq!(config.top_up_url.as_deref(), Some(PARTNER_CONSOLE));
        assert_eq!(complaints, ["top-up-url"]);
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
    fn what_makes_no_sense_becomes_the_default_and_is_reported_once() {
        let nonsense = [
            ("refresh-interval", "soon"),
            ("low-threshold", "lots"),
            ("credentials", "all"),
            ("loading", "maybe"),
            ("theme", "mauve"),
        ];
        let (config, complaints) = read(&nonsense);
        assert_eq!(config, read(&[]).0);
        assert_eq!(complaints, ["refresh-interval", "low-threshold", "credentials", "loading", "theme"]);
    }

    #[test]
    fn buttons_can_be_taken_away() {
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
