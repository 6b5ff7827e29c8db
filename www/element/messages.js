// The messages of each language, fetched once for the page.

import { resolveLanguage } from "./language.js";

/** In milliseconds. A card shows English rather than wait longer for its messages. */
export const MESSAGES_TIMEOUT = 1_000;

/** Messages by language; null where they could not be fetched. */
const loaded = new Map();
const pending = new Map();

async function fetchMessages(language) {
  try {
    const response = await fetch(new URL(`./words/${language}.json`, import.meta.url));
    loaded.set(language, response.ok ? await response.json() : null);
  } catch {
    // The card stays in English, and the file is not requested again.
    loaded.set(language, null);
  }
}

/** Resolves when the messages of a language have arrived, or failed to. */
export function loadMessages(language) {
  if (!pending.has(language)) pending.set(language, fetchMessages(language));
  return pending.get(language);
}

/** The language of an element whose messages have not arrived yet. */
export function missingLanguage(element) {
  const { language } = resolveLanguage(element);
  return language && !loaded.has(language) ? language : undefined;
}

const isEmpty = (object) => Object.keys(object ?? {}).length === 0;

/**
 * What an element speaks: `lang` for numbers and times, `language` and `messages` for its sentences,
 * both absent for English. The two belong together: without sentences for a tag, numbers and times
 * are English too. A page that brings messages of its own brings them in the language of its tag.
 */
export function contextOf(element) {
  const { tag, language, isEnglish, isOwnInvalid } = resolveLanguage(element);
  const messages = loaded.get(language);
  if (messages) return { lang: tag, language, messages, ignoresLocale: isOwnInvalid };
  if (isEnglish) return { lang: tag, ignoresLocale: isOwnInvalid };
  if (!isEmpty(element.messages)) return { lang: tag, language: tag, ignoresLocale: isOwnInvalid };
  // Messages on their way will be there in a moment.
  const isServed = language !== undefined && messages === undefined;
  return { lang: isServed ? tag : "en", ignoresLocale: isOwnInvalid || (element.locale !== "" && !language) };
}

/** One of the few messages that are shown before, or without, the WebAssembly. */
export function messageOf(element, key, english) {
  const sources = [element.messages, contextOf(element).messages];
  return sources.map((messages) => messages?.[key]).find((text) => typeof text === "string") ?? english;
}
