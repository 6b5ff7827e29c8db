//! Every sentence of the card in English, with the key under which a page may replace it.

use super::json::Json;
use std::borrow::Cow;

macro_rules! texts {
    ($($name:ident = $key:literal, $english:literal;)*) => {
        /// One sentence of the card.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Text {
            $(#[doc = concat!("“", $english, "”")] $name,)*
        }

        impl Text {
            /// Every sentence.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The key in `messages`.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key,)*
                }
            }

            const fn english(self) -> &'static str {
                match self {
                    $(Self::$name => $english,)*
                }
            }
        }
    };
}

texts! {
    Label = "label", "Available credit";
    Refresh = "refresh", "Refresh";
    Retry = "retry", "Try again";
    TopUp = "top-up", "Top up";
    AsOf = "as-of", "As of {time}";
    UnknownTime = "unknown-time", "Time unknown";
    RetryingSoon = "retrying-soon", "Trying again shortly";
    Retrying = "retrying", "Trying again {when}";
    OfLimit = "of-limit", "of {limit}";
    Details = "details", "Details";
    Copy = "copy", "Copy";
    Copied = "copied", "Copied";

    Low = "low", "Running low";
    Critical = "critical", "Almost used up";
    NothingLeft = "nothing-left", "No credit left: orders will fail";
    Enough = "enough", "Enough credit again";
    Recovered = "recovered", "Up to date again";

    DaysLeftRange = "days-left-range", "About {days} left ({range})";
    DaysLeft = "days-left", "About {days} left";
    MoreDaysLeft = "more-days-left", "More than {days} left";
    LessThanADay = "less-than-a-day", "Less than a day left";
    Trend = "trend", "{days}: from {first} to {last}, lowest {lowest}";
    History = "history", "History";
    PerDay = "per-day", "{amount} a day on average";
    RunsOut = "runs-out", "Used up around {date}";
    UsePerDay = "use-per-day", "Spent per day";
    Credits = "credits", "Top-ups and refunds";
    Date = "date", "Date";
    Amount = "amount", "Amount";
    NoHistory = "no-history", "No history here";
    NoHistoryAdvice = "no-history-advice", "The server doesn’t record one. Ask your administrator to turn it on.";
    NothingRecorded = "nothing-recorded", "Nothing recorded yet";
    NothingRecordedAdvice = "nothing-recorded-advice", "The history begins with the first balance that the server reads.";
    Incomplete = "incomplete", "Some readings are missing.";
    Invented = "invented", "Invented figures, for the demonstration.";

    NoAccount = "no-account", "No account";
    NoAccountAdvice = "no-account-advice", "Airalo has no balance for these credentials. Ask your contact at Airalo.";
    Old = "old", "Not up to date";
    OldAdvice = "old-advice", "Airalo did not give the server a newer balance.";

    NotSetUp = "not-set-up", "This card is not set up";
    NoUrlAdvice = "no-url-advice", "Give the element a proxy-url attribute: the address of your proxy.";
    NotHttpAdvice = "not-http-advice", "Its proxy-url has to be a relative address, or one with http or https.";
    NothingThere = "nothing-there", "No balance at this address";
    NothingThereAdvice = "nothing-there-advice", "Check the card’s proxy-url: the server has nothing at that address.";
    CannotSend = "cannot-send", "The request can’t be sent";
    CannotSendAdvice = "cannot-send-advice", "Check the proxy-url and the page’s headers: the browser’s console says why.";

    CredentialsRefused = "credentials-refused", "Airalo refused the credentials";
    CredentialsRefusedAdvice = "credentials-refused-advice", "Ask your administrator to check the client ID and secret on the server.";
    AddressRefused = "address-refused", "Airalo refused the server’s address";
    AddressRefusedAdvice = "address-refused-advice", "Ask your administrator to add it to the IP allowlist in the Airalo console.";
    AiraloAway = "airalo-away", "Airalo can’t be reached";
    AiraloAwayAdvice = "airalo-away-advice", "The server is fine, Airalo is not answering it. Try again in a moment.";
    AiraloSlow = "airalo-slow", "Airalo takes too long";
    AiraloSlowAdvice = "airalo-slow-advice", "The server is fine, Airalo is slow to answer it. Try again in a moment.";

    Offline = "offline", "You’re offline";
    OfflineAdvice = "offline-advice", "The balance will be here when the connection is back.";
    Network = "network", "The server can’t be reached";
    NetworkAdvice = "network-advice", "Check your connection, then try again.";
    Timeout = "timeout", "The server takes too long";
    TimeoutAdvice = "timeout-advice", "Try again in a moment.";
    Unauthorized = "unauthorized", "You’re not signed in";
    UnauthorizedAdvice = "unauthorized-advice", "Sign in again. If that doesn’t help, ask your administrator.";
    Forbidden = "forbidden", "No permission to see the balance";
    ForbiddenAdvice = "forbidden-advice", "Ask your administrator to give you access.";
    RateLimited = "rate-limited", "Too many requests";
    RateLimitedAdvice = "rate-limited-advice", "The balance will be read again shortly.";
    Upstream = "upstream", "The server has a problem";
    UpstreamAdvice = "upstream-advice", "Try again in a moment.";
    InvalidResponse = "invalid-response", "The answer can’t be read";
    InvalidResponseAdvice = "invalid-response-advice", "The server answered, but not with a balance. Ask your administrator.";
    Unsupported = "unsupported", "The card can’t run here";
    UnsupportedAdvice = "unsupported-advice", "Reload the page. If that doesn’t help, your browser or a rule of this page blocks WebAssembly.";
    CannotRefresh = "cannot-refresh", "Can’t be refreshed here";
    MissingFileAdvice = "missing-file-advice", "A file of the card could not be loaded. Reload the page; if that doesn’t help, ask your administrator.";
}

/// The sentences of one card: the page's own where it has some, English for the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages(Vec<(Text, String)>);

impl Messages {
    /// Takes the messages of a page, looked up by their keys.
    #[must_use]
    pub fn read(message: impl Fn(&str) -> Option<String>) -> Self {
        Self(Text::ALL.iter().filter_map(|text| Some((*text, message(text.key())?))).collect())
    }

    /// Takes the messages of a JSON object, such as a file of `www/words/`.
    pub(super) fn parse(json: &str) -> Self {
        let Ok(object) = Json::parse(json) else { return Self::default() };
        Self::read(|key| object.get(key)?.text().map(str::to_owned))
    }

    /// These messages, and those of `others` where these have none.
    #[must_use]
    pub fn or(&self, others: Self) -> Self {
        Self(self.0.iter().cloned().chain(others.0).collect())
    }

    /// Whether every sentence is the English one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One sentence.
    #[must_use]
    pub fn get(&self, text: Text) -> Cow<'static, str> {
        let own = self.0.iter().find(|(key, _)| *key == text);
        own.map_or(Cow::Borrowed(text.english()), |(_, own)| Cow::Owned(own.clone()))
    }

    /// One sentence with a value in place of its only placeholder, such as `{time}`.
    #[must_use]
    pub fn format(&self, text: Text, value: &str) -> String {
        let sentence = self.get(text);
        let placeholder = sentence.split_once('{').and_then(|(before, rest)| {
            let (_, after) = rest.split_once('}')?;
            Some((before, after))
        });
        match placeholder {
            Some((before, after)) => format!("{before}{value}{after}"),
            None => sentence.into_owned(),
        }
    }

    /// One sentence with values in place of its placeholders, by their names.
    #[must_use]
    pub fn format_named(&self, text: Text, values: &[(&str, &str)]) -> String {
        let sentence = self.get(text);
        let mut pieces = sentence.split('{');
        let mut result = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let placeholder = piece.split_once('}').and_then(|(name, rest)| {
                let (_, value) = values.iter().find(|(key, _)| *key == name)?;
                Some([value, rest])
            });
            match placeholder {
                Some(texts) => result.extend(texts),
                None => result.extend(["{", piece]),
            }
        }
        result
    }
}

impl<S: Into<String>, const N: usize> From<[(Text, S); N]> for Messages {
    fn from(messages: [(Text, S); N]) -> Self {
        Self(messages.into_iter().map(|(text, own)| (text, own.into())).collect())
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_has_a_key_of_its_own() {
        let mut keys: Vec<_> = Text::ALL.iter().map(|text| text.key()).collect();
        keys.sort_unstable();
        let count = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }

    #[test]
    fn a_page_replaces_what_it_names_and_nothing_else() {
        let messages = Messages::read(|key| (key == "retry").then(|| "Noch einmal".to_owned()));
        assert_eq!(messages.get(Text::Retry), "Noch einmal");
        assert_eq!(messages.get(Text::Refresh), "Refresh");
    }

    #[test]
    fn own_messages_come_before_those_of_a_language_and_these_before_english() {
        let german = Messages::parse(r#"{"retry":"Erneut versuchen","refresh":"Aktualisieren"}"#);
        let messages = Messages::from([(Text::Retry, "Noch einmal")]).or(german);
        let texts = [Text::Retry, Text::Refresh, Text::TopUp].map(|text| messages.get(text));
        assert_eq!(texts, ["Noch einmal", "Aktualisieren", "Top up"]);
    }

    #[test]
    fn a_placeholder_is_replaced_wherever_it_stands() {
        let with = |sentence: &'static str| {
            Messages::read(move |key| (key == "as-of").then(|| sentence.to_owned()))
                .format(Text::AsOf, "10:42")
        };
        assert_eq!(with("{time} itibarıyla"), "10:42 itibarıyla");
        assert_eq!(with("As of {time}."), "As of 10:42.");
        assert_eq!(with("no placeholder"), "no placeholder");
        assert_eq!(with("} backwards {"), "} backwards {");
    }

    #[test]
    fn several_placeholders_are_replaced_by_their_names_in_any_order() {
        let with = |sentence: &'static str| {
            Messages::read(move |key| (key == "days-left-range").then(|| sentence.to_owned()))
                .format_named(Text::DaysLeftRange, &[("days", "9 {range}"), ("range", "6–14")])
        };
        assert_eq!(with("{days} ({range})"), "9 {range} (6–14)", "a value is no placeholder");
        assert_eq!(with("({range}) {days} {days}"), "(6–14) 9 {range} 9 {range}");
        assert_eq!(with("{other} {range"), "{other} {range");
        assert_eq!(with("none"), "none");
    }
}
