// One card, from the connection of its element to its removal: skeleton, first request, first
// amount, and then the card that the WebAssembly renders.

import { decimal } from "./attributes.js";
import { formatAmount, plainBalance, warmUpIntl } from "./first-amount.js";
import { releaseRequest, startFirstRequest } from "./first-request.js";
import { isRunning, loadInstance, nextMountSlot } from "./instance.js";
import { contextOf, loadMessages, missingLanguage } from "./messages.js";
import { hasText, initialData } from "./page-content.js";
import { createStage, renderSkeleton, renderUnsupported, setAmount, setTitle } from "./skeleton.js";
import { UNSUPPORTED, UNSUPPORTED_ERROR } from "./snapshot.js";
import { delay, nextPaint } from "./timing.js";

/** In milliseconds. A card mounts in English rather than wait longer for its messages. */
const MESSAGES_TIMEOUT = 1_000;

/** In milliseconds. A card that has mounted notifies at once; one that has not by then never will. */
const NOTIFY_TIMEOUT = 5_000;

/** In milliseconds. An amount that has arrived is painted before the card mounts, within this time. */
const AMOUNT_TIMEOUT = 150;

export class CardController {
  #element;
  #notify; // (name, detail), as the WebAssembly calls it
  #isOver = false; // the element was removed, or the card failed
  #stage; // what is shown: skeleton, card, or the reason why there is none
  #initialUrl; // the URL that the initial data of the page belongs to
  #request = null; // the first request, until the card consumes it
  #refreshRequested = false; // by the page, before the card was mounted
  #instance;
  #root; // the stage that the card renders into
  #card;
  #notifyTimer; // the card fails unless it notifies before

  constructor(element, notify) {
    this.#element = element;
    this.#notify = notify;
  }

  async start() {
    try {
      this.#initialUrl = this.#element.proxyUrl;
      // The request goes out first: everything else is done while it is on its way.
      const hasInitialData = this.#initialData() !== undefined;
      if (!hasInitialData) this.#request = startFirstRequest(this.#element);
      // A balance in the markup is painted before anything else is done.
      if (hasInitialData && !isRunning()) {
        this.#renderSkeleton();
        await nextPaint();
        if (this.#isOver) return;
      }
      const instance = loadInstance();
      if (!this.#stage) this.#renderSkeleton();
      if (!instance.isRunning) setTimeout(warmUpIntl);
      if (!hasInitialData) this.#showAmount(this.#request?.balance);
      // A text of the page already shows the amount, in its place.
      else if (!hasText(this.#element)) nextPaint().then(() => this.#showAmount(plainBalance(this.#initialData())));
      const messages = Promise.race([this.#loadMessages(), delay(MESSAGES_TIMEOUT)]);
      const [glue] = await Promise.all([instance.ready, messages]);
      await nextMountSlot();
      if (this.#request?.answered) await Promise.race([this.#request.balancePainted, delay(AMOUNT_TIMEOUT)]);
      if (this.#isOver) return;
      if (instance.hasFailed) this.#onInstanceFailed();
      else this.#mount(instance, glue);
    } catch (error) {
      if (this.#isOver) return;
      console.error("<airalo-balance> cannot run here.", error);
      // It is said in the language of the element, whose messages may arrive after the failure.
      await Promise.race([this.#loadMessages(), delay(MESSAGES_TIMEOUT)]).catch(() => {});
      this.#onInstanceFailed();
    }
  }

  /** Applies changed attributes, properties and languages. */
  update() {
    if (this.#isOver) return;
    if (this.#card) {
      this.#instance.run(() => this.#card.update(contextOf(this.#element)));
    } else if (this.#initialData() === undefined) {
      // The URL, the headers or the credentials may have changed since the request was sent.
      const previous = this.#request;
      this.#request = startFirstRequest(this.#element);
      if (previous) releaseRequest(previous);
      if (previous !== this.#request) this.#renderSkeleton();
      this.#showAmount(this.#request?.balance);
    }
    this.#loadMessages();
  }

  refresh() {
    if (this.#isOver) this.#notify("settled");
    else if (this.#card) this.#instance.run(() => this.#card.refresh());
    else this.#refreshRequested = true;
  }

  /** Stops everything that the card has started. */
  stop() {
    const [instance, card] = [this.#instance, this.#card];
    this.#end();
    if (card) instance.run(() => card.destroy());
    this.#stage?.remove();
  }

  #mount(instance, glue) {
    const root = createStage(this.#element.ownerDocument);
    const request = this.#request && !this.#request.consumed ? this.#request : undefined;
    this.#root = root;
    this.#instance = instance;
    instance.addFailureListener(this.#onInstanceFailed);
    instance.run(() => {
      const context = { ...contextOf(this.#element), initialData: this.#initialData() };
      const onNotify = (name, detail) => this.#onNotify(root, name, detail);
      this.#notifyTimer = setTimeout(() => instance.fail(new Error("It does not render.")), NOTIFY_TIMEOUT);
      this.#card = glue.mount(this.#element, root, context, request, onNotify);
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

  /** WebAssembly is refused, absent or has failed: the text of the page is shown, and the reason. */
  #onInstanceFailed = () => {
    if (this.#isOver) return;
    this.#end();
    const title = this.#message("unsupported", "The card can’t run here");
    const advice = this.#message(
      "unsupported-advice",
      "Reload the page. If that doesn’t help, your browser or a rule of this page blocks WebAssembly.",
    );
    const language = contextOf(this.#element).language ?? "en";
    const options = { title, advice, language, hasText: hasText(this.#element) };
    this.#show(renderUnsupported(this.#element.ownerDocument, options));
    this.#notify("busy", false);
    this.#notify("announcement", title);
    this.#notify("snapshot", UNSUPPORTED);
    this.#notify("error", { ...UNSUPPORTED_ERROR });
    this.#notify("settled");
  };

  #end() {
    this.#isOver = true;
    if (this.#request) releaseRequest(this.#request);
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
    const element = this.#element;
    const missing = missingLanguage(element);
    // In another language the title waits for its messages.
    const label = element.label || this.#message("label", missing ? undefined : "Available credit");
    const language = contextOf(element).language ?? missing ?? "en";
    const hasMeter = decimal(element.creditLimit) > 0n;
    this.#show(renderSkeleton(element.ownerDocument, { label, language, hasMeter, hasText: hasText(element) }));
  }

  /** Shows the amount of a balance in the skeleton, unless the card is there first. */
  async #showAmount(pendingBalance) {
    const element = this.#element;
    const url = element.proxyUrl;
    const missing = missingLanguage(element);
    // The amount is written in the language of its messages, so it waits for these a little.
    const messages = missing && Promise.race([loadMessages(missing), delay(MESSAGES_TIMEOUT)]);
    const [balance] = await Promise.all([pendingBalance, messages]);
    const isLate = this.#isOver || element.proxyUrl !== url || this.#stage === this.#root;
    if (!balance || isLate) return;
    const options = { ...contextOf(element), thresholds: [element.lowThreshold, element.criticalThreshold] };
    const text = formatAmount(balance, options);
    if (text) setAmount(this.#stage, text);
  }

  /** Loads the messages of the element's language; the card uses them when they have arrived. */
  async #loadMessages() {
    const language = missingLanguage(this.#element);
    if (!language) return;
    await loadMessages(language);
    if (this.#isOver) return;
    if (this.#card) this.update();
    if (this.#stage !== this.#root && !this.#element.label) setTitle(this.#stage, this.#message("label"));
  }

  /** The initial data of the page, unless the element has another URL by now. */
  #initialData() {
    return this.#element.proxyUrl === this.#initialUrl ? initialData(this.#element) : undefined;
  }

  /** One of the few messages that are shown before, or without, the WebAssembly. */
  #message(key, english) {
    return this.#element.messages?.[key] ?? contextOf(this.#element).messages?.[key] ?? english;
  }
}
