//! In which language a card speaks, and in which it writes amounts and times.

use crate::model::config::InvalidAttribute;
use crate::model::words::is_same_language;

/// The two belong together: amounts and times are in the language of the sentences.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Language<'a> {
    /// The language of the sentences, if it is not English.
    pub(super) of_words: Option<&'a str>,
    /// The tag of amounts and times.
    pub(super) of_numbers: &'a str,
    /// The `locale`, where it is in another language.
    ignored: Option<&'a str>,
}

impl<'a> Language<'a> {
    /// `words` is the language of the words. An app that has messages of its own, and no words, has
    /// them in the language of its `locale`.
    pub(super) fn new(
        locale: Option<&'a str>,
        words: Option<&'a str>,
        has_messages: bool,
        browser: Option<&'a str>,
    ) -> Self {
        let of_words = words.or(locale.filter(|_| has_messages));
        let language = of_words.unwrap_or("en");
        let fits = |tag: &&str| is_same_language(tag, language);
        Self {
            of_words,
            of_numbers: locale.filter(fits).or(browser.filter(fits)).unwrap_or(language),
            ignored: locale.filter(|tag| !fits(tag)),
        }
    }

    pub(super) fn problem(&self) -> Option<InvalidAttribute> {
        let (tag, language) = (self.ignored?, self.of_words.unwrap_or("en"));
        let problem =
            format!("locale=\"{tag}\" is not in the language of the card, {language}; set words too.");
        Some(InvalidAttribute { attribute: "locale", problem })
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    /// The language of words and the tag of numbers.
    fn language<'a>(
        locale: Option<&'a str>,
        words: Option<&'a str>,
        browser: &'a str,
    ) -> (Option<&'a str>, &'a str) {
        let Language { of_words, of_numbers, .. } = Language::new(locale, words, false, Some(browser));
        (of_words, of_numbers)
    }

    #[test]
    fn numbers_follow_the_locale_then_the_browser_and_always_the_words() {
        assert_eq!(language(None, None, "en-GB"), (None, "en-GB"));
        assert_eq!(language(None, None, "fr-FR"), (None, "en"));
        assert_eq!(language(Some("en-IN"), None, "en-GB"), (None, "en-IN"));
        assert_eq!(language(Some("de-CH"), Some("de"), "en-GB"), (Some("de"), "de-CH"));
        assert_eq!(language(None, Some("de"), "de-AT"), (Some("de"), "de-AT"));
        assert_eq!(language(Some("fr"), Some("de"), "fr"), (Some("de"), "de"));
    }

    #[test]
    fn messages_without_words_are_in_the_language_of_the_locale() {
        let dutch = Language::new(Some("nl-BE"), None, true, Some("en"));
        assert_eq!((dutch.of_words, dutch.of_numbers), (Some("nl-BE"), "nl-BE"));
        assert_eq!(dutch.problem(), None);
    }

    #[test]
    fn a_locale_in_another_language_than_the_words_is_reported() {
        let problem = |locale, words| {
            let language = Language::new(Some(locale), words, false, None);
            language.problem().map(|problem| problem.problem)
        };
        assert_eq!(problem("de-CH", Some("de")), None);
        let expected = "locale=\"fr\" is not in the language of the card, en; set words too.";
        assert_eq!(problem("fr", None).as_deref(), Some(expected));
    }
}
