// The language of an element.

import { trimmed } from "./attributes.js";
import { WORDS } from "./words.js";

/** @import { Messages } from "./types.js" */

/**
 * Where a language is looked up: an element, or the target of a history.
 *
 * @typedef {Pick<Element, "closest" | "getRootNode"> & { locale: string, messages?: Messages | null }} LanguageSource
 */

const LANGUAGES = Object.keys(WORDS);

/** @param {string} tag */
const primarySubtag = (tag) => tag.split("-")[0];

/** For these the primary subtag decides. Chinese is not among them: its script depends on the region. */
const UNAMBIGUOUS = new Set(["en", ...LANGUAGES.map(primarySubtag).filter((subtag) => subtag !== "zh")]);

/**
 * A tag as it is written in an attribute. Servers write `de_CH`, and some `de_CH.UTF-8`.
 *
 * @param {string} text
 */
const tagOf = (text) => trimmed(text).replace(/[.@].*$/s, "").replaceAll("_", "-");

/**
 * The host of the shadow root around an element, if it is in one.
 *
 * @param {Pick<Element, "getRootNode">} element
 */
export function hostOf(element) {
  const root = /** @type {Partial<ShadowRoot>} */ (element.getRootNode());
  return root.host;
}

/**
 * The nearest `lang` attribute up the tree, across the borders of shadow roots.
 *
 * @param {Pick<Element, "closest" | "getRootNode">} element
 */
function nearestLang(element) {
  for (let node = /** @type {typeof element | undefined} */ (element); node; node = hostOf(node)) {
    const lang = node.closest("[lang]")?.getAttribute("lang");
    if (typeof lang === "string") return lang;
  }
  return "";
}

/**
 * Changes whenever what surrounds an element may give it another language.
 *
 * @param {Element} element
 */
export const surroundingLanguage = (element) => `${nearestLang(element)} ${navigator.language}`;

/**
 * The language of a tag, with its script if that is not the usual one; undefined for an invalid tag.
 *
 * @param {string} tag
 */
function maximized(tag) {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return script === new Intl.Locale(language).maximize().script ? language : `${language}-${script}`;
  } catch {
    return undefined;
  }
}

/** @type {Map<string, string | undefined>} */
const cache = new Map();

/**
 * The same as `maximized`. The first use of `Intl.Locale` on a page takes long, and most tags need none.
 *
 * @param {string} tag
 */
function languageOfTag(tag) {
  if (!cache.has(tag)) {
    const subtag = /^([a-z]{2})(?:-[a-z]{2})?$/i.exec(tag)?.[1]?.toLowerCase();
    cache.set(tag, subtag && UNAMBIGUOUS.has(subtag) ? subtag : maximized(tag));
  }
  return cache.get(tag);
}

/**
 * The tag that applies to an element, and the language of LANGUAGES that serves it: `fr-CA` is
 * served by `fr`. A tag without a translation has no language here, and `isEnglish` tells whether it
 * needs none.
 *
 * @param {LanguageSource} element
 */
export function resolveLanguage(element) {
  const own = tagOf(element.locale);
  const candidates = [own, tagOf(nearestLang(element)), navigator.language];
  const tag = candidates.find(languageOfTag) ?? "en";
  const wanted = languageOfTag(tag);
  const language = LANGUAGES.find((name) => primarySubtag(name) === wanted);
  return { tag, language, isEnglish: wanted === "en", isOwnInvalid: own !== "" && tag !== own };
}
