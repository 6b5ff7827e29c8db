// The class of <airalo-balance>: its attributes, properties, events and states.
//
// What the card shows is decided in the WebAssembly, which a CardController loads and mounts.

import { ATTRIBUTES, defineProperties, upgradeProperties } from "./attributes.js";
import { CardController } from "./card-controller.js";
import { observeLanguage, unobserveLanguage } from "./language-observer.js";
import { contextOf } from "./messages.js";
import { initialData } from "./page-content.js";
import { adoptStylesheet, appendLiveRegion, returnFocusFromDetails } from "./shadow-root.js";
import { frozen, LOADING } from "./snapshot.js";
import { States } from "./states.js";

// Node has no HTMLElement, and importing this file has to work there.
const Base = globalThis.HTMLElement ?? class {};

const objectOrNull = (value) => (Object(value) === value ? value : null);

/**
 * Shows how much credit is left.
 *
 * @element airalo-balance
 * @fires airalo-balance-ready - a balance, or the absence of an account, is shown for the first time
 * @fires airalo-balance-change - the balances differ from the last ones shown
 * @fires airalo-balance-level - the level has changed: `ok`, `low` or `critical`
 * @fires airalo-balance-error - a request failed
 * @fires airalo-balance-top-up - the top-up link was pressed; cancelable
 * @slot - shown until the card is there, and where it cannot run
 * @slot label - in place of the title
 * @slot actions - beside the card's own buttons
 * @slot footer - below everything
 */
export class AiraloBalanceElement extends Base {
  /** That of Cargo.toml, which www/build.mjs defines. */
  static version = VERSION;
  /** Equal in two copies of the same build: it is made of the contents of what the class loads. */
  static build = `${VERSION} ${BUILD}`;
  static observedAttributes = ATTRIBUTES;

  #controller; // while the element is connected
  #liveRegion;
  #states;
  #snapshot = LOADING;
  #headers = null;
  #messages = null;
  #initialData; // the JSON inside the element that was seen last
  #contentObserver;
  #updateScheduled = false;
  #refreshes = []; // resolve functions of `refresh()`

  constructor() {
    super();
    const shadowRoot = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    this.#states = new States(this.attachInternals?.());
    shadowRoot.addEventListener("beforetoggle", returnFocusFromDetails, true);
  }

  connectedCallback() {
    upgradeProperties(this);
    this.#liveRegion ??= appendLiveRegion(this.shadowRoot);
    this.#observeLanguage();
    if (this.#controller) {
      // The element has moved, perhaps to a place with another language.
      this.#scheduleUpdate();
      return;
    }
    const controller = new CardController(this, (name, detail) => this.#onNotify(name, detail));
    this.#controller = controller;
    adoptStylesheet(this.shadowRoot, this.ownerDocument);
    this.#observeContent();
    // Libraries such as jQuery insert an element first and its script in the same task.
    queueMicrotask(() => {
      if (!this.isConnected || this.#controller !== controller) return;
      this.#initialData = initialData(this);
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
    adoptStylesheet(this.shadowRoot, this.ownerDocument);
  }

  attributeChangedCallback(name, previous, value) {
    if (previous !== value) this.#scheduleUpdate();
  }

  /**
   * Headers for every request: an object, or a function that returns one or a promise of one and
   * is called before each request.
   */
  get headers() {
    return this.#headers;
  }

  set headers(value) {
    this.#headers = objectOrNull(value);
    this.#scheduleUpdate();
  }

  /** Messages that replace the card's own, by their keys. */
  get messages() {
    return this.#messages;
  }

  set messages(value) {
    this.#messages = objectOrNull(value);
    this.#scheduleUpdate();
  }

  /** `{state, balances, level, fetchedAt, stale, error, forecast}`, frozen. */
  get snapshot() {
    return this.#snapshot;
  }

  /**
   * Forgets the balance and requests it anew, for a page on which another user has signed in. It
   * concerns all cards with the same URL. Resolves as `refresh()` does.
   */
  reset() {
    return this.#request((controller) => controller.reset());
  }

  /** Requests the balance; resolves with the snapshot when the request has succeeded or failed. */
  refresh() {
    return this.#request((controller) => controller.refresh());
  }

  #request(start) {
    return new Promise((resolve) => {
      this.#refreshes.push(resolve);
      if (this.isConnected && this.#controller) start(this.#controller);
      else this.#settleRefreshes();
    });
  }

  /** A library that morphs the page may replace the JSON inside the element by a newer one. */
  #observeContent() {
    this.#contentObserver ??= new MutationObserver(() => {
      const data = initialData(this);
      if (data === this.#initialData) return;
      this.#initialData = data;
      this.#scheduleUpdate();
    });
    this.#contentObserver.observe(this, { childList: true, characterData: true, subtree: true });
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
    this.#contentObserver.disconnect();
    this.#liveRegion.textContent = "";
    this.#setSnapshot(LOADING);
    this.#states.setBusy(false);
    this.#settleRefreshes();
  }

  /** Returns false where a listener has cancelled the event. */
  #onNotify(name, detail) {
    if (name === "snapshot") this.#setSnapshot(frozen(detail));
    else if (name === "busy") this.#states.setBusy(detail);
    else if (name === "announcement") this.#announce(detail);
    else if (name === "settled") this.#settleRefreshes();
    else return this.#dispatch(name, detail);
    return true;
  }

  #setSnapshot(snapshot) {
    this.#snapshot = snapshot;
    this.#states.update(snapshot);
  }

  #announce(text) {
    this.#liveRegion.lang = contextOf(this).language ?? "en";
    this.#liveRegion.textContent = text;
  }

  #settleRefreshes() {
    for (const resolve of this.#refreshes.splice(0)) resolve(this.#snapshot);
  }

  #dispatch(name, detail) {
    const options = { detail, cancelable: name === "top-up", bubbles: true, composed: true };
    return this.dispatchEvent(new CustomEvent(`airalo-balance-${name}`, options));
  }
}

defineProperties(AiraloBalanceElement);
