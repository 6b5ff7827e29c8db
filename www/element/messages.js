// The messages of each language, loaded once for the page.

import { resolveLanguage } from "./language.js";
import { WORDS } from "./words.js";

/** @import { Context } from "./glue.js" */
/** @import { LanguageSource } from "./language.js" */
/** @import { MessageKey, Messages } from "./types.js" */

/** In milliseconds. A card shows English rather than wait longer for its messages. */
export const MESSAGES_TIMEOUT = 1_000;

/**
 * Messages by language; null where they could not be loaded.
 *
 * @type {Map<string, Messages | null>}
 */
const loaded = new Map();
/** @type {Map<string, Promise<void>>} */
const pending = new Map();

/** @param {string} language */
async function importMessages(language) {
  try {
    const words = await WORDS[language]?.();
    loaded.set(language, words?.default ?? null);
  } catch {
    // The card stays in English, and the file is not requested again.
    loaded.set(language, null);
  }
}

/**
 * Resolves when the messages of a language have arrived, or failed to.
 *
 * @param {string} language
 */
export function loadMessages(language) {
  if (!pending.has(language)) pending.set(language, importMessages(language));
  return pending.get(language);
}

/**
 * The language of an element whose messages have not arrived yet.
 *
 * @param {LanguageSource} element
 */
export function missingLanguage(element) {
  const { language } = resolveLanguage(element);
  return language && !loaded.has(language) ? language : undefined;
}

/** @param {Messages | null | undefined} object */
const isEmpty = (object) => Object.keys(object ?? {}).length === 0;

/**
 * What an element speaks: `lang` for numbers and times, `language` and `messages` for its sentences,
 * both absent for English. The two belong together: without sentences for a tag, numbers and times
 * are English too. A page that brings messages of its own brings them in the language of its tag.
 *
 * @param {LanguageSource} element
 * @returns {Context}
 */
export function contextOf(element) {
  const { tag, language, isEnglish, isOwnInvalid } = resolveLanguage(element);
  const messages = language === undefined ? undefined : loaded.get(language);
  if (messages) return { lang: tag, language, messages, ignoresLocale: isOwnInvalid };
  if (isEnglish) return { lang: tag, ignoresLocale: isOwnInvalid };
  if (!isEmpty(element.messages)) return { lang: tag, language: tag, ignoresLocale: isOwnInvalid };
  // Messages on their way will be there in a moment.
  const isServed = language !== undefined && messages === undefined;
  return { lang: isServed ? tag : "en", ignoresLocale: isOwnInvalid || (element.locale !== "" && !language) };
}

/**
 * One of the few messages that are shown before, or without, the WebAssembly.
 *
 * @template {string | undefined} English
 * @param {LanguageSource} element
 * @param {MessageKey} key
 * @param {English} [english]
 * @returns {string | English}
 */
export function messageOf(element, key, english) {
  const sources = [element.messages, contextOf(element).messages];
  return sources.map((messages) => messages?.[key]).find((text) => typeof text === "string") ?? /** @type {English} */ (english);
}
