// One card, from the connection of its element to its removal: skeleton, first request, first
// amount, and then the card that the WebAssembly renders.

import { decimal } from "./attributes.js";
import { LoadError } from "./card-files.js";
import { reasonOf, renderFailure } from "./failed-card.js";
import { formatAmount, plainBalance, warmUpIntl } from "./first-amount.js";
import { startFirstRequest, targetName } from "./first-request.js";
import { isRunning, loadInstance, nextMountSlot, takeMountSlot } from "./instance.js";
import { contextOf, loadMessages, messageOf, missingLanguage } from "./messages.js";
import { hasText, PageData, pageAge } from "./page-content.js";
import { createStage, renderSkeleton, setAmount, setTitle } from "./skeleton.js";
import { LOADING, UNSUPPORTED_ERROR, unsupported } from "./snapshot.js";
import { delay, nextPaint } from "./timing.js";

/** In milliseconds. A card mounts in English rather than wait longer for its messages. */
const MESSAGES_TIMEOUT = 1_000;

/** In milliseconds. A card that cannot run still shows an amount that arrives within this time. */
const LATE_AMOUNT_TIMEOUT = 10_000;

/** In milliseconds. A card that has mounted notifies at once; one that has not by then never will. */
const NOTIFY_TIMEOUT = 5_000;

/** In milliseconds. An amount that has arrived is painted before the card mounts, within this time. */
const AMOUNT_TIMEOUT = 150;

export class CardController {
  #element;
  #notify; // (name, detail), as the WebAssembly calls it
  #isOver = false; // the element was removed, or the card failed
  #stage; // what is shown: skeleton, card, or the reason why there is none
  #data; // the initial data of the page
  #target; // the name of what is requested
  #early; // the balance that is shown before the card mounts
  #failedUrl; // the URL whose card has failed
  #request = null; // the first request, until the card consumes it
  #refreshRequested = false; // by the page, before the card was mounted
  #instance;
  #root; // the stage that the card renders into
  #card;
  #notifyTimer; // the card fails unless it notifies before

  constructor(element, notify) {
    this.#element = element;
    this.#notify = notify;
    this.#data = new PageData(element);
  }

  async start() {
    try {
      if (this.#isOver || this.#mountAtOnce()) return;
      // The request goes out first: everything else is done while it is on its way.
      this.#target = targetName(this.#element);
      const hasInitialData = this.#data.read() !== undefined;
      if (!hasInitialData) this.#request = startFirstRequest(this.#element);
      // A balance in the markup is painted before anything else is done.
      if (hasInitialData && !isRunning()) {
        this.#renderSkeleton();
        await nextPaint();
        if (this.#isOver) return;
      }
      const instance = loadInstance(this.#element.assetBase);
      if (!this.#stage) this.#renderSkeleton();
      if (!instance.isRunning) setTimeout(warmUpIntl);
      if (!hasInitialData) this.#showAmount(this.#request?.balance);
      // A text of the page already shows the amount, in its place.
      else if (!hasText(this.#element)) nextPaint().then(() => this.#showAmount(this.#initialBalance()));
      const messages = Promise.race([this.#loadMessages(), delay(MESSAGES_TIMEOUT)]);
      const [glue] = await Promise.all([instance.ready, messages]);
      await nextMountSlot();
      if (this.#request?.answered) await Promise.race([this.#request.balancePainted, delay(AMOUNT_TIMEOUT)]);
      if (this.#isOver) return;
      if (instance.hasFailed) this.#onInstanceFailed();
      else this.#mount(instance, glue);
    } catch (error) {
      if (this.#isOver) return;
      if (!(error instanceof LoadError)) console.error("<airalo-balance> cannot run here.", error);
      this.#onLoadFailed(error);
    }
  }

  /** Applies changed attributes, properties and languages. */
  update() {
    if (this.#isOver) return this.#onUrlAfterFailure();
    if (this.#card) {
      this.#instance.run(() => this.#card.update(this.#context()));
    } else if (this.#data.isNew()) {
      this.#showAmount(this.#initialBalance());
    } else if (this.#target !== targetName(this.#element)) {
      this.#restart();
    } else {
      // The page may have set the headers that the card has waited for, or another language.
      if (this.#data.read() === undefined) this.#request ??= startFirstRequest(this.#element);
      this.#showKnownAmount();
    }
    this.#loadMessages();
  }

  refresh() {
    if (this.#isOver) this.#notify("settled");
    else if (this.#card) this.#instance.run(() => this.#card.refresh());
    else this.#refreshRequested = true;
  }

  reset() {
    if (this.#isOver) this.#notify("settled");
    else if (this.#card) this.#instance.run(() => this.#card.reset());
    else {
      this.#data.discard();
      this.#request?.retire();
      this.#restart();
    }
  }

  /** Stops everything that the card has started. */
  stop() {
    const [instance, card] = [this.#instance, this.#card];
    this.#end();
    if (card) instance.run(() => card.destroy());
    this.#stage?.remove();
    this.#stage = undefined;
  }

  /** Before the card is there: its URL is another one, or its user is. */
  #restart() {
    this.#target = targetName(this.#element);
    this.#request?.leave();
    this.#request = startFirstRequest(this.#element);
    this.#renderSkeleton();
    this.#showAmount(this.#request?.balance);
  }

  /** An element that takes the place of another one shows at once what the page knows of its balance. */
  #mountAtOnce() {
    if (!isRunning() || !takeMountSlot()) return false;
    const instance = loadInstance();
    let known;
    instance.run(() => (known = instance.glue.knownSnapshot(this.#element)));
    if (!known) return false;
    // On a busy machine yew renders in a later task.
    this.#renderSkeleton();
    if (known.balances.length === 1 && !known.stale) this.#writeAmount(known.balances[0]);
    this.#mount(instance, instance.glue);
    return true;
  }

  #mount(instance, glue) {
    const root = createStage(this.#element.ownerDocument);
    const request = this.#request && !this.#request.consumed ? this.#request : undefined;
    this.#root = root;
    this.#instance = instance;
    instance.addFailureListener(this.#onInstanceFailed);
    instance.run(() => {
      const onNotify = (name, detail) => this.#onNotify(root, name, detail);
      this.#notifyTimer = setTimeout(() => instance.fail(new Error("It does not render.")), NOTIFY_TIMEOUT);
      this.#card = glue.mount(this.#element, root, this.#context(), request, onNotify);
      // A refresh that was requested meanwhile is the request that is on its way, if there is one.
      if (this.#refreshRequested && !request) this.#card.refresh();
    });
    // The language of the page may have changed meanwhile.
    this.#loadMessages();
  }

  #onNotify(root, name, detail) {
    // A card that was removed or has failed may still call.
    if (root !== this.#root) return true;
    clearTimeout(this.#notifyTimer);
    // The skeleton stays until the card has something to show in its place.
    if (name === "snapshot" && this.#stage !== root && detail.state !== "loading") this.#show(root);
    return this.#notify(name, detail);
  }

  /** Neither an amount on its way nor the messages need the WebAssembly. */
  async #onLoadFailed(error) {
    if (!this.#stage) this.#renderSkeleton();
    const request = this.#request;
    const amount = this.#showKnownAmount();
    await Promise.race([Promise.all([amount, this.#loadMessages()]), delay(LATE_AMOUNT_TIMEOUT)]);
    if (this.#isOver) return;
    // Another URL has another request.
    if (this.#request === request) this.#onInstanceFailed(error);
    else await this.#onLoadFailed(error);
  }

  /** The WebAssembly is refused, absent or has failed: what was shown stays, or the reason is shown. */
  #onInstanceFailed = (error) => {
    if (this.#isOver) return;
    const isEarly = this.#stage !== this.#root;
    const snapshot = unsupported(this.#element.snapshot, isEarly ? this.#early : undefined);
    const isKept = snapshot.state !== "error" || hasText(this.#element);
    this.#end();
    this.#failedUrl = this.#element.proxyUrl;
    // An error of a card gives way to the text of the page.
    if (!isKept || (snapshot.state === "error" && !isEarly)) this.#renderSkeleton();
    this.#showFailure({ isKept, snapshot, error });
    this.#notify("busy", false);
    this.#notify("announcement", reasonOf(this.#element, isKept));
    const isReady = this.#element.snapshot.state === "loading" && snapshot.state === "ready";
    this.#notify("snapshot", snapshot);
    if (isReady) this.#notify("ready", snapshot);
    this.#notify("error", { ...UNSUPPORTED_ERROR });
    this.#notify("settled");
  };

  /** Says what has failed, once the code for that is loaded, unless the element was removed or has another URL. */
  async #showFailure(failure) {
    const shown = this.#stage;
    const stage = await renderFailure(this.#element, shown, failure, this.#notify);
    if (this.#stage === shown) this.#show(stage);
  }

  /** The balance of another URL is not kept. */
  #onUrlAfterFailure() {
    const { proxyUrl } = this.#element;
    if (this.#failedUrl === undefined || this.#failedUrl === proxyUrl) return;
    this.#failedUrl = proxyUrl;
    const snapshot = unsupported(LOADING);
    this.#renderSkeleton();
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

  #show(stage) {
    this.#stage?.remove();
    this.#stage = stage;
    this.#element.shadowRoot.append(stage);
  }

  #renderSkeleton() {
    this.#early = undefined;
    const element = this.#element;
    const missing = missingLanguage(element);
    // In another language the title waits for its messages.
    const label = element.label || messageOf(this.#element, "label", missing ? undefined : "Available credit");
    const language = contextOf(element).language ?? missing ?? "en";
    const hasMeter = decimal(element.creditLimit) > 0n;
    this.#show(renderSkeleton(element.ownerDocument, { label, language, hasMeter, hasText: hasText(element) }));
  }

  /** Shows the amount of the page's data, or of the first response. */
  #showKnownAmount() {
    const initial = this.#initialBalance();
    // A text of the page already shows the amount of its data.
    return this.#showAmount(initial ?? this.#request?.balance, initial !== undefined && hasText(this.#element));
  }

  /** Shows the amount of a balance in the skeleton, unless the card is there first or the page has done so. */
  async #showAmount(pendingBalance, isShown = false) {
    const element = this.#element;
    const url = element.proxyUrl;
    const missing = missingLanguage(element);
    // The amount is written in the language of its messages, so it waits for these a little.
    const messages = missing && Promise.race([loadMessages(missing), delay(MESSAGES_TIMEOUT)]);
    const [balance] = await Promise.all([pendingBalance, messages]);
    const isLate = this.#isOver || element.proxyUrl !== url || this.#stage === this.#root;
    if (!balance || isLate) return;
    this.#writeAmount(balance, isShown);
  }

  /** Writes the amount of a balance into the skeleton, if nothing else has to be said of it. */
  #writeAmount(balance, isShown = false) {
    const { lowThreshold, criticalThreshold } = this.#element;
    const options = { ...contextOf(this.#element), thresholds: [lowThreshold, criticalThreshold] };
    const text = formatAmount(balance, options);
    if (!text) return;
    if (!isShown) setAmount(this.#stage, text);
    this.#early = balance;
  }

  /** Loads the messages of the element's language; the card uses them when they have arrived. */
  async #loadMessages() {
    const language = missingLanguage(this.#element);
    if (!language) return;
    await loadMessages(language);
    if (this.#isOver) return;
    if (this.#card) this.update();
    if (this.#stage && this.#stage !== this.#root && !this.#element.label) setTitle(this.#stage, messageOf(this.#element, "label"));
  }

  /** What the WebAssembly wants to know of the page around the element. */
  #context() {
    return { ...contextOf(this.#element), initialData: this.#data.read() };
  }

  /** The balance in that data, if it is a plain one. Without a time of its own it is as old as the page. */
  #initialBalance() {
    const data = this.#data.read();
    return data && plainBalance(data, { age: pageAge() });
  }
}
