// The language of an element.

import { trimmed } from "./attributes.js";
import { WORDS } from "./words.js";

const LANGUAGES = Object.keys(WORDS);

const primarySubtag = (tag) => tag.split("-")[0];

/** For these the primary subtag decides. Chinese is not among them: its script depends on the region. */
const UNAMBIGUOUS = new Set(["en", ...LANGUAGES.map(primarySubtag).filter((subtag) => subtag !== "zh")]);

/** A tag as it is written in an attribute. Servers write `de_CH`, and some `de_CH.UTF-8`. */
const tagOf = (text) => trimmed(text).replace(/[.@].*$/s, "").replaceAll("_", "-");

/** The nearest `lang` attribute up the tree, across the borders of shadow roots. */
function nearestLang(element) {
  for (let node = element; node; node = node.getRootNode().host) {
    const ancestor = node.closest("[lang]");
    if (ancestor) return ancestor.getAttribute("lang");
  }
  return "";
}

/** Changes whenever what surrounds an element may give it another language. */
export const surroundingLanguage = (element) => `${nearestLang(element)} ${navigator.language}`;

/** The language of a tag, with its script if that is not the usual one; undefined for an invalid tag. */
function maximized(tag) {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return script === new Intl.Locale(language).maximize().script ? language : `${language}-${script}`;
  } catch {
    return undefined;
  }
}

const cache = new Map();

/** The same as `maximized`. The first use of `Intl.Locale` on a page takes long, and most tags need none. */
function languageOfTag(tag) {
  if (!cache.has(tag)) {
    const subtag = /^([a-z]{2})(?:-[a-z]{2})?$/i.exec(tag)?.[1].toLowerCase();
    cache.set(tag, UNAMBIGUOUS.has(subtag) ? subtag : maximized(tag));
  }
  return cache.get(tag);
}

/**
 * The tag that applies to an element, and the language of LANGUAGES that serves it: `fr-CA` is
 * served by `fr`. A tag without a translation has no language here, and `isEnglish` tells whether it
 * needs none.
 */
export function resolveLanguage(element) {
  const own = tagOf(element.locale);
  const candidates = [own, tagOf(nearestLang(element)), navigator.language];
  const tag = candidates.find(languageOfTag) ?? "en";
  const wanted = languageOfTag(tag);
  const language = LANGUAGES.find((name) => primarySubtag(name) === wanted);
  return { tag, language, isEnglish: wanted === "en", isOwnInvalid: own !== "" && tag !== own };
}
