// What the page has written into the element.

import { plainBalance } from "./first-amount.js";

/**
 * Whether a node stands in another place than the balance, or is not shown.
 *
 * @param {ChildNode & { slot?: string }} node
 */
const isElsewhere = (node) => Boolean(node.slot) || node.nodeName === "SCRIPT";

/**
 * Whether there is text, besides slotted elements and scripts.
 *
 * @param {Element} element
 */
export const hasText = (element) =>
  [...element.childNodes].some((node) => !isElsewhere(node) && node.textContent?.trim());

/**
 * The response of the proxy that a server has written into the page; undefined where there is none.
 *
 * @param {Element} element
 */
const initialData = (element) =>
  element.querySelector(':scope > script[type="application/json"]')?.textContent ?? undefined;

/**
 * Tells when that response is another one: a library that morphs the page may replace it by a newer one.
 *
 * @param {Element} element
 * @param {() => void} onChange
 */
export function observeInitialData(element, onChange) {
  let last = initialData(element);
  const observer = new MutationObserver(() => {
    const data = initialData(element);
    if (data === last) return;
    last = data;
    onChange();
  });
  observer.observe(element, { childList: true, characterData: true, subtree: true });
  return observer;
}

/**
 * How long ago the server sent the page, in milliseconds; NaN where it may be older than its
 * navigation, because it came from a cache or from a service worker.
 */
function pageAge() {
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const isFromNetwork = navigation && navigation.transferSize > 0 && navigation.workerStart === 0;
  return isFromNetwork ? performance.now() - navigation.responseStart : NaN;
}

/** The response that the page has put into an element. It belongs to the URL that the element had when it came. */
export class PageData {
  #element;
  /** @type {string | undefined} */
  #json;
  /** @type {string | undefined} */
  #url;

  /** @param {Element & { proxyUrl: string }} element */
  constructor(element) {
    this.#element = element;
  }

  /** Whether it is another one than was read last. */
  isNew() {
    return initialData(this.#element) !== this.#json;
  }

  /** Its JSON; undefined where there is none for the URL that the element has now. */
  read() {
    if (this.isNew()) [this.#json, this.#url] = [initialData(this.#element), this.#element.proxyUrl];
    return this.#element.proxyUrl === this.#url ? this.#json : undefined;
  }

  /** The balance in it, if it is a plain one. Without a time of its own it is as old as the page. */
  balance() {
    const json = this.read();
    return json ? plainBalance(json, { age: pageAge() }) : undefined;
  }

  /** It is that of another user. What comes later is not. */
  discard() {
    this.read();
    this.#url = undefined;
  }
}
