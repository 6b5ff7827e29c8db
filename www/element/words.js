// The messages of the languages besides English. Each language is a file, which only its readers load.
//
// The build makes a module of each. A literal for every one of them is what bundlers follow.

/** @import { MessageKey } from "./types.js" */

/** @type {Record<string, () => Promise<{ default: Record<MessageKey, string> }>>} */
export const WORDS = {
  ar: () => import("../words/ar.json"),
  de: () => import("../words/de.json"),
  es: () => import("../words/es.json"),
  fr: () => import("../words/fr.json"),
  he: () => import("../words/he.json"),
  hi: () => import("../words/hi.json"),
  id: () => import("../words/id.json"),
  it: () => import("../words/it.json"),
  ja: () => import("../words/ja.json"),
  ko: () => import("../words/ko.json"),
  "pt-BR": () => import("../words/pt-BR.json"),
  tr: () => import("../words/tr.json"),
  "zh-Hans": () => import("../words/zh-Hans.json"),
};
