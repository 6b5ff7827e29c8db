//! The card's sentences in other languages than English, for Rust.
//!
//! Pages fetch the same files one by one. In a program each language is a constant, so that only
//! those that are named are part of it.

use super::text::Messages;

/// The sentences of the card in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    language: &'static str,
    json: &'static str,
}

macro_rules! words {
    ($($name:ident = $language:literal, $in_words:literal;)*) => {
        impl Words {
            $(
                #[doc = $in_words]
                pub const $name: Self = Self {
                    language: $language,
                    json: include_str!(concat!("../../www/words/", $language, ".json")),
                };
            )*

            /// Every language besides English. Naming it makes all of them part of the program, 60 KB.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

words! {
    AR = "ar", "Arabic";
    DE = "de", "German";
    ES = "es", "Spanish";
    FR = "fr", "French";
    HE = "he", "Hebrew";
    HI = "hi", "Hindi";
    ID = "id", "Indonesian";
    IT = "it", "Italian";
    JA = "ja", "Japanese";
    KO = "ko", "Korean";
    PT_BR = "pt-BR", "Portuguese of Brazil";
    TR = "tr", "Turkish";
    ZH_HANS = "zh-Hans", "Simplified Chinese";
}

impl Words {
    /// The words that serve a locale: `fr-CA` is served by French, English by none. It makes every
    /// language part of the program, as [`Words::ALL`] does.
    #[must_use]
    pub fn for_locale(tag: &str) -> Option<Self> {
        const TRADITIONAL_CHINESE: [&str; 4] = ["hant", "hk", "mo", "tw"];
        let is_traditional =
            |subtag: &str| TRADITIONAL_CHINESE.contains(&subtag.to_ascii_lowercase().as_str());
        let serves = |words: &&Self| {
            is_same_language(words.language, tag)
                && !(words.language == "zh-Hans" && tag.split(['-', '_']).any(is_traditional))
        };
        Self::ALL.iter().find(serves).copied()
    }

    /// The tag of the language.
    #[must_use]
    pub const fn language(self) -> &'static str {
        self.language
    }

    /// The sentences.
    #[must_use]
    pub fn messages(self) -> Messages {
        Messages::parse(self.json)
    }
}

/// Whether two tags are of one language, whatever their regions and scripts.
#[must_use]
pub fn is_same_language(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|tag| tag.split(['-', '_']).next().unwrap_or_default());
    one.eq_ignore_ascii_case(other)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::Text;

    #[test]
    fn every_language_has_every_sentence() {
        let english = Messages::default();
        for words in Words::ALL {
            let messages = words.messages();
            for text in Text::ALL {
                assert_ne!(messages.get(*text), english.get(*text), "{} {}", words.language(), text.key());
            }
        }
    }

    #[test]
    fn a_locale_is_served_by_its_language_unless_its_script_is_another_one() {
        let language = |tag| Words::for_locale(tag).map(Words::language);
        for (tag, expected) in [
            ("de", Some("de")),
            ("fr_CA", Some("fr")),
            ("pt-PT", Some("pt-BR")),
            ("zh-CN", Some("zh-Hans")),
            ("zh-Hant-HK", None),
            ("zh-TW", None),
            ("en-GB", None),
            ("nl", None),
            ("", None),
        ] {
            assert_eq!(language(tag), expected, "{tag}");
        }
    }

    #[test]
    fn a_region_makes_no_other_language() {
        assert!(is_same_language("de_CH", "de") && is_same_language("pt-PT", "PT-BR"));
        assert!(!is_same_language("de", "deu") && !is_same_language("", "en"));
    }
}
