// What the page has written into the element.

/** Whether there is text, besides slotted elements and scripts. */
export const hasText = (element) =>
  [...element.childNodes].some((node) => !node.slot && node.nodeName !== "SCRIPT" && node.textContent.trim());

/** The response of the proxy that a server has written into the page; undefined where there is none. */
export const initialData = (element) =>
  element.querySelector(':scope > script[type="application/json"]')?.textContent;

/**
 * How long ago the server sent the page, in milliseconds; NaN where it may be older than its
 * navigation, because it came from a cache or from a service worker.
 */
export function pageAge() {
  const [navigation] = performance.getEntriesByType("navigation");
  const isFromNetwork = navigation?.transferSize > 0 && navigation.workerStart === 0;
  return isFromNetwork ? performance.now() - navigation.responseStart : NaN;
}

/** The response that the page has put into an element. It belongs to the URL that the element had when it came. */
export class PageData {
  #element;
  #json;
  #url;

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

  /** It is that of another user. What comes later is not. */
  discard() {
    this.read();
    this.#url = undefined;
  }
}
