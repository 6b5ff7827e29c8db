// The languages that a page of the site offers for the card.

const LANGUAGES = ["", "en", "es", "pt-BR", "fr", "de", "it", "tr", "ar", "he", "hi", "id", "ja", "zh-Hans", "ko"];

const nativeName = (tag) => new Intl.DisplayNames(tag, { type: "language" }).of(tag);

/** The value and the text of an option for each. */
export const languageOptions = () => LANGUAGES.map((tag) => [tag, tag ? `${nativeName(tag)} (${tag})` : "the page’s"]);
