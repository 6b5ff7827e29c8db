// The shadow root of an element: its stylesheet, its live region, and the focus inside it.

import css from "../../src/components/card.css";

/** @type {WeakMap<Document, CSSStyleSheet>} */
const stylesheets = new WeakMap();

/**
 * Adopts the card's stylesheet. A constructed stylesheet works under a policy that forbids inline
 * styles; it belongs to one document, so each document has its own.
 *
 * @param {ShadowRoot} shadowRoot
 * @param {Document} document
 */
export function adoptStylesheet(shadowRoot, document) {
  const window = document.defaultView;
  // A document without a window, for example that of a template, renders nothing.
  if (!window) return;
  let stylesheet = stylesheets.get(document);
  if (!stylesheet) {
    stylesheet = new window.CSSStyleSheet();
    stylesheet.replaceSync(css);
    stylesheets.set(document, stylesheet);
  }
  shadowRoot.adoptedStyleSheets = [stylesheet];
}

/**
 * Adds the live region, which screen readers announce. It has to exist before its text changes:
 * they do not announce a region that is inserted with its text.
 *
 * @param {ShadowRoot} shadowRoot
 */
export function appendLiveRegion(shadowRoot) {
  const region = shadowRoot.ownerDocument.createElement("div");
  region.className = "spoken";
  region.role = "status";
  shadowRoot.append(region);
  return region;
}

/**
 * Returns the focus to the button that opened the details when they close. Browsers do so by
 * themselves, but Chromium (156) does not inside a shadow root.
 *
 * @param {Event} event
 */
export function returnFocusFromDetails(event) {
  const { newState } = /** @type {ToggleEvent} */ (event);
  const popover = /** @type {Element} */ (event.target);
  const shadowRoot = /** @type {ShadowRoot} */ (popover.getRootNode());
  const hadFocus = popover.contains(shadowRoot.activeElement);
  /** @type {HTMLElement | null} */
  const button = shadowRoot.querySelector(`[popovertarget="${popover.id}"]`);
  // An extension may have removed the button.
  if (newState === "closed" && hadFocus) button?.focus();
}
