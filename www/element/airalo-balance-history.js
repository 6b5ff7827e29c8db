// The history of a balance as a page of its own: the chart of the card, larger, and its tables.
// Importing this file changes nothing.

export { configure } from "./configure.js";

import { loadInstance } from "./instance.js";
import { contextOf, loadMessages, missingLanguage } from "./messages.js";

/** What asks for the language of an element, asked of a target that is no card. */
const speaker = (target, { locale = "" }) => ({
  locale,
  closest: (selector) => target.closest(selector),
  getRootNode: () => target.getRootNode(),
});

/**
 * Shows the history that `options.url` answers with: `{ url, headers, credentials, locale, assetBase }`,
 * of which only the URL is required. Resolves once the WebAssembly is there, with
 * `{ update(options), destroy() }`.
 */
export async function mountHistory(target, options) {
  const language = missingLanguage(speaker(target, options));
  const instance = loadInstance(options.assetBase);
  const [glue] = await Promise.all([instance.ready, language && loadMessages(language)]);
  // yew keeps a root for ever, so every mount has a new one.
  const root = target.ownerDocument.createElement("div");
  target.replaceChildren(root);
  const context = (options) => ({ ...contextOf(speaker(target, options)), ...options });
  let page;
  instance.run(() => (page = glue.mountHistory(root, context(options))));
  return {
    update: (options) => instance.run(() => page?.update(context(options))),
    destroy: () => {
      instance.run(() => page?.destroy());
      page = undefined;
      root.remove();
    },
  };
}
