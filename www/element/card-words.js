// The language of an element, and its words.

/** The languages besides English. Each is one small file, fetched by those who read it. */
const LANGUAGES = ["ar", "de", "es", "fr", "he", "hi", "id", "it", "ja", "ko", "pt-BR", "tr", "zh-Hans"];

const beside = (path) => new URL(path, import.meta.url).href;

/** The nearest `lang` up the tree, through the borders of shadow roots. */
function nearestLang(element) {
  for (let from = element; from; from = from.getRootNode().host) {
    const holder = from.closest("[lang]");
    if (holder) return holder.getAttribute("lang").trim();
  }
  return "";
}

const languageIn = (tag) => tag.split("-")[0];

/** What these mean does not depend on a country, as it does with Chinese. */
const PLAIN = new Set(["en", ...LANGUAGES.map(languageIn).filter((language) => language !== "zh")]);

// Asked for again and again, and dear to find out.
const known = new Map();

/**
 * The language of a tag, with its script where that is not the usual one; nothing of what is no
 * tag. Most tags tell so by themselves; the first that the browser is asked about takes it long.
 */
function spoken(tag) {
  if (!known.has(tag)) {
    const [, plain] = /^([a-z]{2})(?:-[a-z]{2})?$/i.exec(tag) ?? [];
    const language = plain?.toLowerCase();
    known.set(tag, PLAIN.has(language) ? language : likely(tag));
  }
  return known.get(tag);
}

function likely(tag) {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return script === new Intl.Locale(language).maximize().script ? language : `${language}-${script}`;
  } catch {
    return undefined;
  }
}

/** `fr-CA` is served with `fr`; what nobody has translated, with English. */
const languageOf = (tag) => LANGUAGES.find((name) => languageIn(name) === spoken(tag));

// The words that have come, and those on their way: once for the page, whoever wants them.
export const words = new Map();
const wordsOnTheirWay = new Map();

export function fetchWords(language) {
  if (!wordsOnTheirWay.has(language)) {
    const found = fetch(beside(`./words/${language}.json`)).then((answer) => (answer.ok ? answer.json() : null));
    // Those that cannot be had are none, and are not asked for again.
    const settled = found.catch(() => null).then((found) => words.set(language, found));
    wordsOnTheirWay.set(language, settled);
  }
  return wordsOnTheirWay.get(language);
}

/** What the place of an element means for its words, as far as they are there. */
export function placeOf(element) {
  const lang = [element.locale, nearestLang(element)].find(spoken);
  const language = languageOf(lang ?? navigator.language);
  const found = words.get(language);
  return found ? { lang, language, messages: found } : { lang, wanted: language };
}
