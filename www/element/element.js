// The class of <airalo-balance>: its attributes, properties, events and states.
//
// What the card shows is decided in the WebAssembly, which a CardController loads and mounts.

import { ATTRIBUTES, defineProperties, upgradeProperties, warnOfMisspelt } from "./attributes.js";
import { CardController } from "./card-controller.js";
import { observeLanguage, unobserveLanguage } from "./language-observer.js";
import { contextOf } from "./messages.js";
import { observeInitialData } from "./page-content.js";
import { adoptStylesheet, appendLiveRegion, returnFocusFromDetails } from "./shadow-root.js";
import { frozen, LOADING } from "./snapshot.js";
import { States } from "./states.js";

/** @import { HeadersSource, Messages, Snapshot } from "./types.js" */
/** @import { Notification } from "./glue.js" */

// Node has no HTMLElement, and importing this file has to work there.
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

/**
 * @template Value
 * @param {string} property
 * @param {Value} value
 */
function objectOrNull(property, value) {
  if (Object(value) === value) return /** @type {NonNullable<Value>} */ (value);
  if (value !== null && value !== undefined) console.warn(`<airalo-balance> ${property} is no object and has no effect.`);
  return null;
}

// The manifest has the attributes and the events from `types.d.ts`, and the rest from here.
/**
 * Shows how much credit is left.
 *
 * @customElement airalo-balance
 * @slot - Shown until the card is there, and where it cannot run.
 * @slot label - In place of the title.
 * @slot actions - Beside the card's own buttons.
 * @slot footer - Below everything.
 * @csspart base - The whole card.
 * @csspart header - The line of the title.
 * @csspart label - The title.
 * @csspart list - The balances.
 * @csspart item - One of them.
 * @csspart name - Its name, where there are several.
 * @csspart amount - Its amount.
 * @csspart message - What stands in place of a balance.
 * @csspart meter - How much of the limit is left.
 * @csspart alert - The warning of a level.
 * @csspart status - When the balance was fetched.
 * @csspart actions - The link and the buttons at the foot.
 * @csspart top-up - The top-up link.
 * @csspart retry - The button below an error.
 * @csspart refresh - The button beside the title.
 * @csspart more - The button that opens the details.
 * @csspart details - The details of a problem.
 * @csspart copy - The button that copies them.
 * @csspart trend - The line of the last 30 days, a button.
 * @csspart forecast - How long the credit will last.
 * @csspart history - What the line opens: use and top-ups day by day.
 * @cssstate loading - Nothing has arrived yet.
 * @cssstate ready - A balance is shown.
 * @cssstate empty - There is no account.
 * @cssstate error - There is an error in place of a balance.
 * @cssstate stale - The balance is out of date.
 * @cssstate low - The credit is low, by `low-threshold` or `low-days`.
 * @cssstate critical - It is almost used up, by `critical-threshold` or `critical-days`, or there is none.
 * @cssstate busy - A request takes longer than 150 ms.
 * @cssproperty --airalo-balance-background - Behind everything.
 * @cssproperty --airalo-balance-foreground - Text.
 * @cssproperty --airalo-balance-muted - Text of less weight.
 * @cssproperty --airalo-balance-accent - Links, and the meter.
 * @cssproperty --airalo-balance-border - Lines.
 * @cssproperty --airalo-balance-low - The first warning.
 * @cssproperty --airalo-balance-critical - The second one, and amounts below zero.
 * @cssproperty --airalo-balance-focus - The ring around what has the focus.
 * @cssproperty [--airalo-balance-radius=12px] - The corners.
 * @cssproperty [--airalo-balance-padding=20px] - From the edge to the contents.
 * @cssproperty [--airalo-balance-gap=8px] - Between the lines.
 * @cssproperty --airalo-balance-font - A value of the property `font`; the page's font otherwise.
 */
export class AiraloBalanceElement extends Base {
  /**
   * That of Cargo.toml, which www/build.mjs defines.
   *
   * @type {string}
   */
  static version = VERSION;
  /**
   * Equal in two copies of the same build: it is made of the contents of what the class loads.
   *
   * @type {string}
   */
  static build = `${VERSION} ${BUILD}`;
  /** @type {string[]} */
  static observedAttributes = ATTRIBUTES;

  /** @type {CardController | undefined} */
  #controller; // while the element is connected
  #root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
  /** @type {HTMLElement | undefined} */
  #liveRegion;
  #states = new States(this.attachInternals?.());
  #snapshot = LOADING;
  /** @type {HeadersSource | null} */
  #headers = null;
  /** @type {Messages | null} */
  #messages = null;
  /** @type {MutationObserver | undefined} */
  #contentObserver;
  #updateScheduled = false;
  /** @type {((snapshot: Snapshot) => void)[]} */
  #waiting = []; // resolve functions of `refresh()` and `reset()`

  constructor() {
    super();
    this.#root.addEventListener("beforetoggle", returnFocusFromDetails, true);
  }

  connectedCallback() {
    upgradeProperties(this);
    this.#liveRegion ??= appendLiveRegion(this.#root);
    this.#observeLanguage();
    if (this.#controller) {
      // The element has moved, perhaps to a place with another language.
      this.#scheduleUpdate();
      return;
    }
    const controller = new CardController(this, (...notification) => this.#onNotify(...notification));
    this.#controller = controller;
    adoptStylesheet(this.#root, this.ownerDocument);
    // Libraries such as jQuery insert an element first and its script in the same task.
    queueMicrotask(() => {
      if (!this.isConnected || this.#controller !== controller) return;
      warnOfMisspelt(this.getAttributeNames());
      this.#contentObserver = observeInitialData(this, () => this.#scheduleUpdate());
      controller.start();
    });
  }

  /** With this callback `moveBefore()` does not disconnect the element. */
  connectedMoveCallback() {
    this.#observeLanguage();
    this.#scheduleUpdate();
  }

  disconnectedCallback() {
    // A move disconnects the element and connects it again in the same task.
    queueMicrotask(() => {
      if (!this.isConnected) this.#stop();
    });
  }

  adoptedCallback() {
    adoptStylesheet(this.#root, this.ownerDocument);
  }

  /**
   * @param {string} name
   * @param {string | null} previous
   * @param {string | null} value
   */
  attributeChangedCallback(name, previous, value) {
    if (previous !== value) this.#scheduleUpdate();
  }

  /**
   * Headers for every request: an object, or a function that returns one or a promise of one and
   * is called before each request. For another account use another `proxy-url`, or `reset()`.
   *
   * @returns {HeadersSource | null}
   */
  get headers() {
    return this.#headers;
  }

  /** @param {HeadersSource | null | undefined} value */
  set headers(value) {
    this.#headers = objectOrNull("headers", value);
    this.#scheduleUpdate();
  }

  /**
   * Texts in place of the card's own, by their keys.
   *
   * @returns {Messages | null}
   */
  get messages() {
    return this.#messages;
  }

  /** @param {Messages | null | undefined} value */
  set messages(value) {
    this.#messages = objectOrNull("messages", value);
    this.#scheduleUpdate();
  }

  /**
   * What the card shows, frozen.
   *
   * @returns {Snapshot}
   */
  get snapshot() {
    return this.#snapshot;
  }

  /**
   * Forgets the balance and requests it anew, for a page on which another user has signed in. It
   * concerns all cards with the same URL. Resolves as `refresh()` does.
   *
   * @returns {Promise<Snapshot>}
   */
  reset() {
    return this.#request((controller) => controller.reset());
  }

  /**
   * Requests the balance; resolves with the snapshot when the request has succeeded or failed.
   *
   * @returns {Promise<Snapshot>}
   */
  refresh() {
    return this.#request((controller) => controller.refresh());
  }

  /**
   * @param {(controller: CardController) => void} start
   * @returns {Promise<Snapshot>}
   */
  #request(start) {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.isConnected && this.#controller) start(this.#controller);
      else this.#settleWaiting();
    });
  }

  /** Several changes in one task are one update. */
  #scheduleUpdate() {
    if (this.#updateScheduled || !this.#controller) return;
    this.#updateScheduled = true;
    queueMicrotask(() => {
      this.#updateScheduled = false;
      this.#controller?.update();
    });
  }

  #observeLanguage() {
    observeLanguage(this, () => this.#scheduleUpdate());
  }

  #stop() {
    unobserveLanguage(this);
    this.#controller?.stop();
    this.#controller = undefined;
    this.#contentObserver?.disconnect();
    if (this.#liveRegion) this.#liveRegion.textContent = "";
    this.#setSnapshot(LOADING);
    this.#states.setBusy(false);
    this.#settleWaiting();
  }

  /**
   * Returns false where a listener has cancelled the event.
   *
   * @param {Notification} notification
   */
  #onNotify(...[name, detail]) {
    if (name === "snapshot") this.#setSnapshot(frozen(detail));
    else if (name === "busy") this.#states.setBusy(detail);
    else if (name === "announcement") this.#announce(detail);
    else if (name === "settled") this.#settleWaiting();
    else return this.#dispatch(name, detail);
    return true;
  }

  /** @param {Snapshot} snapshot */
  #setSnapshot(snapshot) {
    this.#snapshot = snapshot;
    this.#states.update(snapshot);
  }

  /** @param {string} text */
  #announce(text) {
    if (!this.#liveRegion) return;
    this.#liveRegion.lang = contextOf(this).language ?? "en";
    this.#liveRegion.textContent = text;
  }

  #settleWaiting() {
    for (const resolve of this.#waiting.splice(0)) resolve(this.#snapshot);
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #dispatch(name, detail) {
    const options = { detail, cancelable: name === "top-up", bubbles: true, composed: true };
    return this.dispatchEvent(new CustomEvent(`airalo-balance-${name}`, options));
  }
}

defineProperties(AiraloBalanceElement);
