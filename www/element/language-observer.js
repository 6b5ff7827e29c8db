// Tells elements that the page has changed its language: a `lang` attribute around them, or the
// browser's own language.

import { surroundingLanguage } from "./language.js";

/** What to call for each element, and the language that it was last told of. */
const listeners = new Map();

let observer;
/** The document and the shadow roots that are observed, until the last element leaves. */
let roots;

function onChange() {
  for (const [element, listener] of listeners) {
    const language = surroundingLanguage(element);
    if (language === listener.language) continue;
    listener.language = language;
    listener.onChange();
  }
}

/** A mutation observer sees nothing inside the shadow roots below what it observes. */
function observeRoots(element) {
  for (let node = element; node; node = node.host) {
    node = node.getRootNode();
    if (roots.has(node)) continue;
    roots.add(node);
    observer.observe(node, { subtree: true, attributeFilter: ["lang"] });
  }
}

/** Observes the surroundings of an element, which may have moved. One observer serves the page. */
export function observeLanguage(element, onLanguageChange) {
  if (!observer) {
    observer = new MutationObserver(onChange);
    roots = new WeakSet();
    addEventListener("languagechange", onChange);
  }
  listeners.set(element, { language: surroundingLanguage(element), onChange: onLanguageChange });
  observeRoots(element);
}

export function unobserveLanguage(element) {
  listeners.delete(element);
  if (!observer || listeners.size > 0) return;
  observer.disconnect();
  observer = undefined;
  removeEventListener("languagechange", onChange);
}
