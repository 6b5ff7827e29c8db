// One card, from the connection of its element to its removal: skeleton, first request, first
// amount, and then the card that the WebAssembly renders.

import { LoadError } from "./card-files.js";
import { reasonOf, renderFailure } from "./failed-card.js";
import { warmUpIntl } from "./first-amount.js";
import { baseUrlOf, forgetBaseUrl, retireRequestOf, startFirstRequest, targetName } from "./first-request.js";
import { isRunning, loadInstance, nextMountSlot, takeMountSlot } from "./instance.js";
import { contextOf, loadMessages, MESSAGES_TIMEOUT, missingLanguage } from "./messages.js";
import { hasText, PageData } from "./page-content.js";
import { createStage } from "./skeleton.js";
import { LOADING, UNSUPPORTED_ERROR, unsupported } from "./snapshot.js";
import { delay, nextPaint } from "./timing.js";
import { CardView } from "./view.js";

/** In milliseconds. A card that cannot run still shows an amount that arrives within this time. */
const LATE_AMOUNT_TIMEOUT = 10_000;

/** In milliseconds. A card that has mounted notifies at once; one that has not by then never will. */
const NOTIFY_TIMEOUT = 5_000;

/** In milliseconds. An amount that has arrived is painted before the card mounts, within this time. */
const AMOUNT_TIMEOUT = 150;

/** @import { AiraloBalanceElement } from "./element.js" */
/** @import { Card, Glue, Notification, Notify } from "./glue.js" */
/** @import { Failure } from "./failed-card.js" */
/** @typedef {ReturnType<typeof loadInstance>} Instance */

export class CardController {
  #element;
  #notify; // as the WebAssembly calls it
  #view; // what is shown
  #isOver = false; // the element was removed, or the card failed
  #data; // the initial data of the page
  /** @type {string | undefined} */
  #target; // the name of what is requested
  /** @type {string | undefined} */
  #failedUrl; // the URL whose card has failed
  /** @type {ReturnType<typeof startFirstRequest>} */
  #request = null; // the first request, until the card consumes it
  #refreshRequested = false; // by the page, before the card was mounted
  #resetRequested = false; // likewise: what the page knows is that of another user
  /** @type {Instance | undefined} */
  #instance;
  /** @type {Element | undefined} */
  #root; // the stage that the card renders into
  /** @type {Card | undefined} */
  #card;
  /** @type {number | undefined} */
  #notifyTimer; // the card fails unless it notifies before

  /**
   * @param {AiraloBalanceElement} element
   * @param {Notify} notify
   */
  constructor(element, notify) {
    this.#element = element;
    forgetBaseUrl(element);
    this.#view = new CardView(element);
    this.#notify = notify;
    this.#data = new PageData(element);
  }

  async start() {
    try {
      if (this.#isOver || (!this.#resetRequested && this.#mountAtOnce())) return;
      // The request goes out first: everything else is done while it is on its way.
      this.#target = targetName(this.#element);
      const hasInitialData = this.#data.read() !== undefined;
      if (!hasInitialData) this.#request = startFirstRequest(this.#element);
      // A balance in the markup is painted before anything else is done.
      if (hasInitialData && !isRunning()) {
        this.#view.showSkeleton();
        await nextPaint();
        if (this.#isOver) return;
      }
      const instance = loadInstance(this.#element.assetBase);
      if (!this.#view.shown) this.#view.showSkeleton();
      if (!instance.isRunning) setTimeout(warmUpIntl);
      if (!hasInitialData) this.#showAmount(this.#requestedBalance());
      // A text of the page already shows the amount, in its place.
      else if (!hasText(this.#element)) nextPaint().then(() => this.#showAmount(this.#data.balance()));
      const messages = Promise.race([this.#loadMessages(), delay(MESSAGES_TIMEOUT)]);
      const [glue] = await Promise.all([instance.ready, messages]);
      await nextMountSlot();
      if (this.#request?.answered) await Promise.race([this.#request.balancePainted, delay(AMOUNT_TIMEOUT)]);
      if (this.#isOver) return;
      if (instance.hasFailed) this.#onInstanceFailed();
      else this.#mount(instance, glue);
    } catch (error) {
      if (this.#isOver) return;
      if (error instanceof LoadError) return void this.#onLoadFailed(error);
      console.error("<airalo-balance> cannot run here.", error);
      this.#onLoadFailed();
    }
  }

  /** Applies changed attributes, properties and languages. */
  update() {
    if (this.#isOver) return this.#onUrlAfterFailure();
    if (this.#card) {
      this.#call((card) => card.update(this.#context()));
    } else if (this.#target !== targetName(this.#element) || this.#request?.lacksHeadersOf(this.#element)) {
      this.#restart();
    } else {
      // The page may have set the headers that the card has waited for, or another language.
      if (this.#data.read() === undefined) this.#request ??= startFirstRequest(this.#element);
      // With other headers than the request has, the card asks: they may change again before it mounts.
      if (this.#request?.isFor(this.#element) === false) this.#view.showSkeleton();
      this.#showKnownAmount();
    }
    this.#loadMessages();
  }

  refresh() {
    if (this.#isOver) this.#notify("settled", undefined);
    else if (this.#card) this.#call((card) => card.refresh());
    else this.#refreshRequested = true;
  }

  reset() {
    if (this.#isOver) this.#notify("settled", undefined);
    else if (this.#card) this.#call((card) => card.reset());
    else {
      this.#resetRequested = true;
      this.#data.discard();
      if (this.#request) this.#request.retire();
      else retireRequestOf(this.#element);
      // An element that was inserted in this very task has not started yet.
      if (this.#view.shown) this.#restart();
    }
  }

  /** Stops everything that the card has started. */
  stop() {
    const [instance, card] = [this.#instance, this.#card];
    this.#end();
    if (card) instance?.run(() => card.destroy());
    this.#view.clear();
  }

  /** @param {(card: Card) => void} call */
  #call(call) {
    const card = this.#card;
    if (card) this.#instance?.run(() => call(card));
  }

  /** Before the card is there: its URL is another one, or its user is, or its request lacks the headers. */
  #restart() {
    this.#target = targetName(this.#element);
    this.#request?.leave();
    this.#request = this.#data.read() === undefined ? startFirstRequest(this.#element) : null;
    this.#view.showSkeleton();
    this.#showKnownAmount();
  }

  /** An element that takes the place of another one shows at once what the page knows of its balance. */
  #mountAtOnce() {
    if (!isRunning() || !takeMountSlot()) return false;
    const instance = loadInstance();
    const { glue } = instance;
    const known = glue && instance.run(() => glue.knownSnapshot(this.#element));
    if (!known) return false;
    // On a busy machine yew renders in a later task.
    this.#view.showSkeleton();
    const [balance, ...others] = known.balances;
    if (balance && others.length === 0 && !known.stale) this.#view.writeAmount(balance);
    this.#mount(instance, glue);
    return true;
  }

  /**
   * @param {Instance} instance
   * @param {Glue} glue
   */
  #mount(instance, glue) {
    const root = createStage(this.#element.ownerDocument);
    if (!this.#request?.isFor(this.#element)) {
      this.#request?.leave();
      this.#request = null;
    }
    const request = this.#request && !this.#request.consumed ? this.#request : undefined;
    this.#root = root;
    this.#instance = instance;
    instance.addFailureListener(this.#onInstanceFailed);
    instance.run(() => {
      /** @type {Notify} */
      const onNotify = (...notification) => this.#onNotify(root, ...notification);
      this.#notifyTimer = setTimeout(() => instance.fail(new Error("It does not render.")), NOTIFY_TIMEOUT);
      this.#card = glue.mount(this.#element, root, this.#context(), request, onNotify);
      // The card may leave it unused, and then it would grow old.
      request?.retire();
      // A refresh that was requested meanwhile is the request that is on its way, if there is one.
      if (this.#refreshRequested && !request) this.#card.refresh();
    });
    // The language of the page may have changed meanwhile.
    this.#loadMessages();
  }

  /**
   * @param {Element} root
   * @param {Notification} notification
   */
  #onNotify(root, ...notification) {
    const [name, detail] = notification;
    // A card that was removed or has failed may still call.
    if (root !== this.#root) return true;
    clearTimeout(this.#notifyTimer);
    // The skeleton stays until the card has something to show in its place.
    if (name === "snapshot" && this.#view.shown !== root && detail.state !== "loading") this.#view.show(root);
    return this.#notify(...notification);
  }

  /** @param {Failure["error"]} [error] */
  async #onLoadFailed(error) {
    // No card will ask with the headers that the page has set meanwhile.
    if (this.#request?.isFor(this.#element) === false) this.#restart();
    this.#view.isLast = true;
    // Neither an amount on its way nor the messages need the WebAssembly.
    if (!this.#view.shown) this.#view.showSkeleton();
    const request = this.#request;
    const amount = this.#showKnownAmount();
    await Promise.race([Promise.all([amount, this.#loadMessages()]), delay(LATE_AMOUNT_TIMEOUT)]);
    if (this.#isOver) return;
    // Another URL has another request.
    if (this.#request === request) this.#onInstanceFailed(error);
    else await this.#onLoadFailed(error);
  }

  /**
   * The WebAssembly is refused, absent or has failed: what was shown stays, or the reason is shown.
   *
   * @param {Failure["error"]} [error]
   */
  #onInstanceFailed = (error) => {
    if (this.#isOver) return;
    const isEarly = this.#view.shown !== this.#root;
    const snapshot = unsupported(this.#element.snapshot, isEarly ? this.#view.early : undefined);
    const isKept = snapshot.state !== "error" || hasText(this.#element);
    this.#end();
    this.#failedUrl = this.#element.proxyUrl;
    // An error of a card gives way to the text of the page.
    if (!isKept || (snapshot.state === "error" && !isEarly)) this.#view.showSkeleton();
    this.#showFailure({ isKept, snapshot, error });
    this.#notify("busy", false);
    this.#notify("announcement", reasonOf(this.#element, isKept));
    const isReady = this.#element.snapshot.state === "loading" && snapshot.state === "ready";
    this.#notify("snapshot", snapshot);
    if (isReady) this.#notify("ready", snapshot);
    this.#notify("error", { ...UNSUPPORTED_ERROR });
    this.#notify("settled", undefined);
  };

  /** @param {Failure} failure */
  async #showFailure(failure) {
    const shown = this.#view.shown;
    if (!shown) return;
    const stage = await renderFailure(this.#element, shown, failure, this.#notify);
    // The element may have been removed meanwhile, or have another URL.
    if (this.#view.shown === shown) this.#view.show(stage);
  }

  /** The balance of another URL is not kept. */
  #onUrlAfterFailure() {
    const { proxyUrl } = this.#element;
    if (this.#failedUrl === undefined || this.#failedUrl === proxyUrl) return;
    this.#failedUrl = proxyUrl;
    const snapshot = unsupported(LOADING);
    this.#view.showSkeleton();
    this.#showFailure({ isKept: false, snapshot });
    this.#notify("snapshot", snapshot);
  }

  #end() {
    this.#isOver = true;
    this.#request?.leave();
    this.#request = null;
    this.#instance?.removeFailureListener(this.#onInstanceFailed);
    clearTimeout(this.#notifyTimer);
    this.#root = undefined;
    this.#card = undefined;
  }

  /** Shows the amount of the page's data, or of the first response. */
  #showKnownAmount() {
    const initial = this.#data.balance();
    // A text of the page already shows the amount of its data.
    return this.#showAmount(initial ?? this.#requestedBalance(), initial !== undefined && hasText(this.#element));
  }

  /** That of the first request, unless the element asks for another one when it comes. */
  async #requestedBalance() {
    const request = this.#request;
    const balance = await request?.balance;
    return request === this.#request && request?.isFor(this.#element) ? balance : undefined;
  }

  /** @param {Parameters<CardView["showAmount"]>[0]} balance */
  #showAmount(balance, isShown = false) {
    const isLate = () => this.#isOver || this.#view.shown === this.#root;
    return this.#view.showAmount(balance, isShown, isLate);
  }

  /** Loads the messages of the element's language; the card uses them when they have arrived. */
  async #loadMessages() {
    const language = missingLanguage(this.#element);
    if (!language) return;
    await loadMessages(language);
    if (this.#isOver) return;
    if (this.#card) this.update();
    if (this.#view.shown !== this.#root) this.#view.updateTitle();
  }

  /** What the WebAssembly wants to know of the page around the element. */
  #context() {
    const [element, initialData] = [this.#element, this.#data.read()];
    return { ...contextOf(element), baseUrl: baseUrlOf(element), initialData, isReset: this.#resetRequested };
  }
}
