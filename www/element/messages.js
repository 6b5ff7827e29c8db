// The messages of each language, fetched once for the page.

import { resolveLanguage } from "./language.js";

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

/** `{lang, language, messages}` for the WebAssembly; English needs no messages. */
export function contextOf(element) {
  const { lang, language } = resolveLanguage(element);
  const messages = loaded.get(language);
  return messages ? { lang, language, messages } : { lang };
}
