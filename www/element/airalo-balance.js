// Registers the element. A page that wants another tag name, or no registration, imports
// ./airalo-balance-element.js instead.

import { define } from "./define.js";
import { LONGEST_FRAME } from "./timing.js";

export { configure } from "./configure.js";

// A balance in the page's own markup is painted before the element starts its work. Where a frame
// has been painted already, or the tab is in the background, nothing is waited for.
const hasInitialData = globalThis.document?.querySelector("airalo-balance > script");

if (hasInitialData && performance.getEntriesByType("paint").length === 0) {
  requestAnimationFrame(() => setTimeout(define));
  setTimeout(define, LONGEST_FRAME);
} else {
  define();
}
