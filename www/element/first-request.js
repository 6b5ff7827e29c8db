// The first request of an element, sent before the WebAssembly has loaded that reads the response.
// Its method, headers and options are those of `src/browser/fetch.rs`.

import { isHttp, keyword, trimmed } from "./attributes.js";
import { readPlainBalance } from "./first-amount.js";
import { isRunning } from "./instance.js";
import { nextPaint } from "./timing.js";

/** In milliseconds. An element that takes the place of another one within this time uses its request. */
const SWAP_TIME = 1_000;

/** @import { AiraloBalanceElement } from "./element.js" */
/** @import { HeadersSource } from "./types.js" */

/**
 * First requests that no card has consumed yet. Elements that ask the same share one.
 *
 * @type {Map<string, FirstRequest>}
 */
const requests = new Map();

/** @type {WeakMap<AiraloBalanceElement, { proxyUrl: string, baseUrl: string }>} */
const baseUrls = new WeakMap();

/**
 * The URL of the page when the element got its `proxy-url`: a router may change it later.
 *
 * @param {AiraloBalanceElement} element
 */
export function baseUrlOf(element) {
  const { proxyUrl } = element;
  const known = baseUrls.get(element);
  if (known?.proxyUrl === proxyUrl) return known.baseUrl;
  const { baseURI: baseUrl } = document;
  baseUrls.set(element, { proxyUrl, baseUrl });
  return baseUrl;
}

/**
 * Has the next card of the element start from the URL of the page as it is by then.
 *
 * @param {AiraloBalanceElement} element
 */
export const forgetBaseUrl = (element) => baseUrls.delete(element);

/**
 * The absolute URL; null where it cannot be fetched. The card shows that as an error.
 *
 * @param {string} proxyUrl
 * @param {string} baseUrl
 */
function absoluteUrl(proxyUrl, baseUrl) {
  try {
    const url = new URL(proxyUrl, baseUrl);
    return proxyUrl && isHttp(proxyUrl) && /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** @type {WeakMap<object, number>} */
const functionIds = new WeakMap();
let nextFunctionId = 1;

/**
 * Equal for objects with the same headers, and for the same function.
 *
 * @param {HeadersSource | null} headers
 */
function headersKey(headers) {
  if (!headers) return "";
  if (typeof headers !== "function") {
    try {
      return [...new Headers(headers)].join("\n");
    } catch {
      // What no header can hold; the request fails, and the card says why.
    }
  }
  if (!functionIds.has(headers)) functionIds.set(headers, nextFunctionId++);
  return functionIds.get(headers);
}

/**
 * Resolves with the name of an error code where no request can be sent: because the URL names a user,
 * the page's `headers()` failed, or its headers hold what no header can.
 *
 * @param {URL} url
 * @param {RequestCredentials} credentials
 * @param {HeadersSource | null} headersOrFunction
 * @param {AbortSignal} signal
 */
async function send(url, credentials, headersOrFunction, signal) {
  if (url.username || url.password) {
    // `fetch` refuses it as if there were no network.
    console.error("<airalo-balance> sends no request, because its URL has a user name or a password in it.");
    return "config";
  }
  let own;
  try {
    own = typeof headersOrFunction === "function" ? await headersOrFunction() : headersOrFunction;
  } catch (error) {
    console.error("<airalo-balance> sends no request, because `headers` has failed.", error);
    return "unauthorized";
  }
  let headers;
  try {
    headers = new Headers(own ?? undefined);
  } catch (error) {
    console.error("<airalo-balance> sends no request, because no request can have these headers.", error);
    return "config";
  }
  headers.set("Accept", "application/json");
  headers.set("X-Airalo-Widget", "1");
  headers.set("X-Requested-With", "XMLHttpRequest");
  // A cache would return an old balance as a new one.
  return fetch(url, { credentials, headers, signal, cache: "no-store" });
}

/** `take()`, `answered`, `controller` and `startedAt` are what the WebAssembly uses. */
export class FirstRequest {
  users = 0;
  /** @type {number | undefined} */
  #abortTimer;
  consumed = false;
  answered = false;
  controller = new AbortController();
  startedAt = performance.now();
  #target;
  #headers;
  #response;

  /**
   * @param {string} key
   * @param {Target} target
   * @param {HeadersSource | null} headers
   */
  constructor(key, target, headers) {
    this.key = key;
    this.#target = target.name;
    this.#headers = headers;
    this.#response = send(target.url, target.credentials, headers, this.controller.signal);
    const onAnswer = () => (this.answered = true);
    // Also handles the rejection: nobody awaits the response before a card consumes it.
    this.#response.then(onAnswer, onAnswer);
    /** The balance, if it can be shown without the card. */
    this.balance = this.#response.then(
      (response) => (typeof response === "string" ? undefined : readPlainBalance(response)),
      () => undefined,
    );
    /** Resolves when that balance has been painted, or cannot be shown. */
    this.balancePainted = this.balance.then((balance) => (balance ? nextPaint() : undefined));
  }

  join() {
    clearTimeout(this.#abortTimer);
    this.users += 1;
  }

  leave() {
    this.users -= 1;
    if (this.users === 0 && !this.consumed) this.#abortTimer = setTimeout(() => this.#abort(), SWAP_TIME);
  }

  /**
   * Whether it asks what an element asks for by now. Frameworks make a function anew at every render,
   * so two functions count as one.
   *
   * @param {AiraloBalanceElement} element
   */
  isFor(element) {
    if (this.#target !== targetName(element)) return false;
    const areFunctions = typeof this.#headers === "function" && typeof element.headers === "function";
    return areFunctions || headersKey(this.#headers) === headersKey(element.headers);
  }

  /**
   * Whether it has no headers, and an element has set some since.
   *
   * @param {AiraloBalanceElement} element
   */
  lacksHeadersOf(element) {
    return headersKey(this.#headers) === "" && headersKey(element.headers) !== "";
  }

  /** No other element joins this request. */
  retire() {
    if (requests.get(this.key) === this) requests.delete(this.key);
  }

  #abort() {
    if (this.consumed) return;
    this.retire();
    this.controller.abort();
  }

  /**
   * Hands the response over: from now on no other element joins this request, nor does one abort it. Cards
   * with the same URL pass it to the poller that they share, which takes it once.
   */
  take() {
    this.consumed = true;
    this.retire();
    // The amount is painted first; rendering the card takes longer.
    return this.balancePainted.then(() => this.#response);
  }
}

/** @typedef {{ url: URL, credentials: RequestCredentials, name: string }} Target */

/**
 * What an element requests; null where it has no URL that can be fetched.
 *
 * @param {AiraloBalanceElement} element
 * @returns {Target | null}
 */
function targetOf(element) {
  const url = absoluteUrl(trimmed(element.proxyUrl), baseUrlOf(element));
  const credentials = keyword(["same-origin", "include", "omit"], element.credentials);
  return url && { url, credentials, name: `${credentials} ${url}` };
}

/**
 * Names the URL and the credentials mode of an element: another name is another balance.
 *
 * @param {AiraloBalanceElement} element
 */
export const targetName = (element) => targetOf(element)?.name;

/**
 * Equal for elements whose requests are the same.
 *
 * @param {{ name: string }} target
 * @param {HeadersSource | null} headers
 */
const keyOf = ({ name }, headers) => `${name} ${headersKey(headers)}`;

/**
 * Has an element not join the request of another one, which was made for another user.
 *
 * @param {AiraloBalanceElement} element
 */
export function retireRequestOf(element) {
  const target = targetOf(element);
  if (target) requests.get(keyOf(target, element.headers))?.retire();
}

/**
 * Sends the first request of an element, or joins one; null where the card itself decides when to ask.
 *
 * @param {AiraloBalanceElement} element
 */
export function startFirstRequest(element) {
  const target = targetOf(element);
  const loading = keyword(["eager", "lazy", "manual"], element.loading);
  const waits = loading === "lazy" || (loading === "manual" && !element.headers);
  if (!target || waits || document.hidden) return null;

  const key = keyOf(target, element.headers);
  let request = requests.get(key);
  // A card that mounts at once asks by itself, or has the balance of another card.
  if (!request && isRunning()) return null;
  if (!request) {
    request = new FirstRequest(key, target, element.headers);
    requests.set(key, request);
  }
  request.join();
  return request;
}
