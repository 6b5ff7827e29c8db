// The first request of an element, sent before the WebAssembly has loaded that reads the response.
// Its method, headers and options are those of `src/browser/fetch.rs`.

import { isHttp, keyword, trimmed } from "./attributes.js";
import { readPlainBalance } from "./first-amount.js";
import { isRunning } from "./instance.js";
import { nextPaint } from "./timing.js";

/** First requests that no card has consumed yet. Elements that ask the same share one. */
const requests = new Map();

/** The absolute URL; null where it cannot be fetched. The card shows that as an error. */
function absoluteUrl(proxyUrl) {
  try {
    const url = new URL(proxyUrl, document.baseURI);
    return proxyUrl && isHttp(proxyUrl) && /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

const headersIds = new WeakMap();
let nextHeadersId = 1;

/** Tells objects of headers apart: the same object means the same headers. */
function headersId(headers) {
  if (!headers) return 0;
  if (!headersIds.has(headers)) headersIds.set(headers, nextHeadersId++);
  return headersIds.get(headers);
}

/** Resolves with null where the page's `headers()` failed, which the card shows as "not signed in". */
async function send(url, credentials, headersOrFunction, signal) {
  let own;
  try {
    own = typeof headersOrFunction === "function" ? await headersOrFunction() : headersOrFunction;
  } catch {
    return null;
  }
  const headers = new Headers(own ?? undefined);
  headers.set("Accept", "application/json");
  headers.set("X-Airalo-Widget", "1");
  // A cache would return an old balance as a new one.
  return fetch(url, { credentials, headers, signal, cache: "no-store" });
}

/** `{response, controller, startedAt}` is what the WebAssembly reads. */
class FirstRequest {
  users = 0;
  consumed = false;
  answered = false;
  controller = new AbortController();
  startedAt = performance.now();
  #response;

  constructor(key, url, credentials, headers) {
    this.key = key;
    this.#response = send(url, credentials, headers, this.controller.signal);
    const onAnswer = () => (this.answered = true);
    // Also handles the rejection: nobody awaits the response before a card consumes it.
    this.#response.then(onAnswer, onAnswer);
    /** The balance, if it can be shown without the card. */
    this.balance = this.#response.then(readPlainBalance, () => undefined);
    /** Resolves when that balance has been painted, or cannot be shown. */
    this.balancePainted = this.balance.then((balance) => balance && nextPaint());
  }

  /** Cards with the same URL pass the same request to the poller that they share, which reads it once. */
  get response() {
    this.consumed = true;
    requests.delete(this.key);
    // The amount is painted first; rendering the card takes longer.
    return this.balancePainted.then(() => this.#response);
  }
}

/** Sends the first request of an element, or joins one; null where the card itself decides when to ask. */
export function startFirstRequest(element) {
  const url = absoluteUrl(trimmed(element.proxyUrl));
  const isLazy = keyword(["eager", "lazy"], element.loading) === "lazy";
  if (!url || isLazy || document.hidden || !navigator.onLine) return null;

  const credentials = keyword(["same-origin", "include", "omit"], element.credentials);
  const key = `${credentials} ${url} ${headersId(element.headers)}`;
  let request = requests.get(key);
  // A card that mounts at once asks by itself, or has the balance of another card.
  if (!request && isRunning()) return null;
  if (!request) {
    request = new FirstRequest(key, url, credentials, element.headers);
    requests.set(key, request);
  }
  request.users += 1;
  return request;
}

/** Aborts the request when its last element needs it no more, unless a card has consumed it. */
export function releaseRequest(request) {
  request.users -= 1;
  if (request.users > 0 || request.consumed) return;
  requests.delete(request.key);
  request.controller.abort();
}
