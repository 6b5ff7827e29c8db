//! Every language has every sentence of the English one.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails, which is what it is for")]

use airalo_balance::model::Messages;
use airalo_balance::model::text::Text;
use serde_json::{Map, Value};
use std::fs;
use std::path::PathBuf;

const LANGUAGES: [&str; 13] =
    ["ar", "de", "es", "fr", "he", "hi", "id", "it", "ja", "ko", "pt-BR", "tr", "zh-Hans"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/words")
}

fn words(language: &str) -> Map<String, Value> {
    let text = fs::read_to_string(folder().join(format!("{language}.json"))).expect(language);
    serde_json::from_str(&text).expect(language)
}

fn placeholders(sentence: &str) -> Vec<&str> {
    let mut placeholders: Vec<_> =
        sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    placeholders.sort_unstable();
    placeholders
}

#[test]
fn no_language_lacks_a_sentence_or_has_one_too_many() {
    let keys: Vec<_> = Text::ALL.iter().map(|text| text.key()).collect();
    for language in LANGUAGES {
        let words = words(language);
        let missing: Vec<_> = keys.iter().filter(|key| !words.contains_key(**key)).collect();
        let strange: Vec<_> = words.keys().filter(|key| !keys.contains(&key.as_str())).collect();
        assert!(missing.is_empty() && strange.is_empty(), "{language} lacks {missing:?} and has {strange:?}");
    }
}

/// A language that shares a word with English, as Dutch shares “Details”, takes another one here.
#[test]
fn no_sentence_is_empty_or_left_in_english() {
    let english = Messages::default();
    for language in LANGUAGES {
        for text in Text::ALL {
            let words = words(language);
            let sentence = words[text.key()].as_str().unwrap();
            assert!(!sentence.trim().is_empty() && sentence == sentence.trim(), "{language} {}", text.key());
            assert_ne!(sentence, english.get(*text), "{language} {}", text.key());
        }
    }
}

#[test]
fn every_sentence_has_the_placeholder_of_the_english_one() {
    let english = Messages::default();
    for language in LANGUAGES {
        for text in Text::ALL {
            let words = words(language);
            let sentence = words[text.key()].as_str().unwrap();
            assert_eq!(
                placeholders(sentence),
                placeholders(&english.get(*text)),
                "{language} {}",
                text.key()
            );
        }
    }
}

#[test]
fn the_class_loads_exactly_the_languages_that_there_are() {
    let class = fs::read_to_string(folder().join("../element/words.js")).unwrap();
    let rows: Vec<_> = class.lines().filter_map(|line| line.split_once(": () => ")).collect();
    let listed: Vec<_> = rows.iter().map(|(name, _)| name.trim().trim_matches('"')).collect();
    assert_eq!(listed, LANGUAGES);
    let files: Vec<_> = rows.iter().map(|(_, import)| (*import).to_owned()).collect();
    assert_eq!(files, LANGUAGES.map(|language| format!("import(\"../words/{language}.json\"),")));
    assert_eq!(fs::read_dir(folder()).unwrap().count(), LANGUAGES.len());
}

#[test]
fn the_playground_offers_every_language() {
    let playground = fs::read_to_string(folder().join("../site/languages.js")).unwrap();
    let list = playground.split_once("const LANGUAGES = [").unwrap().1.split_once(']').unwrap().0;
    let listed: Vec<_> = list.split(',').map(|name| name.trim().trim_matches('"')).collect();
    assert!(LANGUAGES.iter().all(|language| listed.contains(language)), "{listed:?}");
}

#[test]
fn the_class_says_without_its_code_what_the_card_would_say() {
    let english = Messages::default();
    let element = |file| fs::read_to_string(folder().join("../element").join(file)).unwrap();
    let class = element("failed-card.js") + &element("fallback.js");
    for text in [
        Text::Label,
        Text::AsOf,
        Text::Details,
        Text::CannotRefresh,
        Text::Unsupported,
        Text::UnsupportedAdvice,
        Text::MissingFileAdvice,
    ] {
        assert!(class.contains(&format!("\"{}\"", english.get(text))), "{}", text.key());
    }
}
