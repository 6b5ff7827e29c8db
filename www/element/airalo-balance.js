// Registers the element. Whoever wants another name for it, or no registration at all, imports
// ./airalo-balance-element.js instead.

import { define } from "./airalo-balance-element.js";

// A balance that the page has brought along is to be seen first: all that a card does when it comes
// to life can wait for that frame. Browsers draw none for a tab in the background.
if (globalThis.document?.querySelector("airalo-balance > script") && !performance.getEntriesByType("paint").length) {
  requestAnimationFrame(() => setTimeout(define));
  setTimeout(define, 100);
} else define();
