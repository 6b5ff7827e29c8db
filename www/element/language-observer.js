// Tells elements that the page has changed its language: a `lang` attribute around them, or the
// browser's own language.

import { hostOf, surroundingLanguage } from "./language.js";

/**
 * What to call for each element, and the language that it was last told of.
 *
 * @type {Map<Element, { language: string, onChange: () => void }>}
 */
const listeners = new Map();

/** @type {MutationObserver | undefined} */
let observer;
/** The document and the shadow roots that are observed, until the last element leaves. */
let roots = /** @type {WeakSet<Node>} */ (new WeakSet());

function onChange() {
  for (const [element, listener] of listeners) {
    const language = surroundingLanguage(element);
    if (language === listener.language) continue;
    listener.language = language;
    listener.onChange();
  }
}

/**
 * A mutation observer sees nothing inside the shadow roots below what it observes.
 *
 * @param {MutationObserver} observer
 * @param {Element} element
 */
function observeRoots(observer, element) {
  for (let node = /** @type {Element | undefined} */ (element); node; node = hostOf(node)) {
    const root = node.getRootNode();
    if (roots.has(root)) continue;
    roots.add(root);
    observer.observe(root, { subtree: true, attributeFilter: ["lang"] });
  }
}

/**
 * Observes the surroundings of an element, which may have moved. One observer serves the page.
 *
 * @param {Element} element
 * @param {() => void} onLanguageChange
 */
export function observeLanguage(element, onLanguageChange) {
  if (!observer) {
    observer = new MutationObserver(onChange);
    roots = new WeakSet();
    addEventListener("languagechange", onChange);
  }
  listeners.set(element, { language: surroundingLanguage(element), onChange: onLanguageChange });
  observeRoots(observer, element);
}

/** @param {Element} element */
export function unobserveLanguage(element) {
  listeners.delete(element);
  if (!observer || listeners.size > 0) return;
  observer.disconnect();
  observer = undefined;
  removeEventListener("languagechange", onChange);
}
