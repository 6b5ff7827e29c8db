// The history of a balance as a page of its own: the chart of the card, larger, and its tables.
// Importing this file changes nothing.

export { configure } from "./configure.js";

import { containTraps, loadInstance } from "./instance.js";
import { contextOf, loadMessages, missingLanguage } from "./messages.js";
import { elementOf } from "./target.js";

/** @import { HistoryOptions, MountedHistory } from "./types.js" */
/** @import { LanguageSource } from "./language.js" */

/**
 * Where the language of a history is looked up: at its target.
 *
 * @param {Element} target
 * @param {HistoryOptions} options
 * @returns {LanguageSource}
 */
const sourceOf = (target, { locale = "" }) => ({
  locale,
  closest: (/** @type {string} */ selector) => target.closest(selector),
  getRootNode: () => target.getRootNode(),
});

/**
 * Shows the history that `options.url` answers with in `place`, an element or a selector. Resolves once
 * the WebAssembly is there.
 *
 * @param {Element | string} place
 * @param {HistoryOptions} options
 * @returns {Promise<MountedHistory>}
 */
export async function mountHistory(place, options) {
  const target = elementOf(place);
  containTraps();
  const language = missingLanguage(sourceOf(target, options));
  const instance = loadInstance(options.assetBase);
  const [glue] = await Promise.all([instance.ready, language && loadMessages(language)]);
  // yew keeps a root for ever, so every mount has a new one.
  const root = target.ownerDocument.createElement("div");
  root.className = "airalo-balance-history"; // `airalo-balance-history.css` has its looks
  target.replaceChildren(root);
  /** @param {HistoryOptions} options */
  const context = (options) => ({ ...contextOf(sourceOf(target, options)), ...options });
  /** @type {MountedHistory | undefined} */
  let page;
  instance.run(() => (page = glue.mountHistory(root, context(options))));
  let latest = options;
  /** @param {HistoryOptions} options */
  const update = async (options) => {
    latest = options;
    const language = missingLanguage(sourceOf(target, options));
    if (language) await loadMessages(language);
    if (latest === options) instance.run(() => page?.update(context(options)));
  };
  return {
    update: (options) => void update(options),
    destroy: () => {
      instance.run(() => page?.destroy());
      page = undefined;
      root.remove();
    },
  };
}
