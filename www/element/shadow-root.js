// The shadow root of an element: its stylesheet, its live region, and the focus inside it.

import css from "../../src/components/card.css";

const stylesheets = new WeakMap();

/**
 * Adopts the card's stylesheet. A constructed stylesheet works under a policy that forbids inline
 * styles; it belongs to one document, so each document has its own.
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
 */
export function returnFocusFromDetails({ newState, target }) {
  const shadowRoot = target.getRootNode();
  const hadFocus = target.contains(shadowRoot.activeElement);
  // An extension may have removed the button.
  if (newState === "closed" && hadFocus) shadowRoot.querySelector(`[popovertarget="${target.id}"]`)?.focus();
}
