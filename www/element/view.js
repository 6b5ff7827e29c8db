// What an element shows: the skeleton with its amount, the card, or the reason why there is none.

import { decimal } from "./attributes.js";
import { formatAmount, levelOf, LONGEST_TEXT } from "./first-amount.js";
import { contextOf, loadMessages, MESSAGES_TIMEOUT, messageOf, missingLanguage } from "./messages.js";
import { hasText } from "./page-content.js";
import { renderSkeleton, setAmount, setTitle } from "./skeleton.js";
import { delay } from "./timing.js";

/** @import { AiraloBalanceElement } from "./element.js" */
/** @import { PlainBalance } from "./first-amount.js" */
/** @typedef {PlainBalance & { level: ReturnType<typeof levelOf> }} EarlyBalance */

export class CardView {
  #element;
  /** @type {Element | undefined} */
  shown;
  /** @type {EarlyBalance | undefined} */
  early; // the balance that the skeleton shows
  isLast = false; // no card follows that would say more of it

  /** @param {AiraloBalanceElement} element */
  constructor(element) {
    this.#element = element;
  }

  /** @param {Element} stage */
  show(stage) {
    this.shown?.remove();
    this.shown = stage;
    this.#element.shadowRoot?.append(stage);
  }

  clear() {
    this.shown?.remove();
    this.shown = undefined;
  }

  showSkeleton() {
    this.early = undefined;
    const element = this.#element;
    const missing = missingLanguage(element);
    // In another language the title waits for its messages.
    const label = element.label || messageOf(element, "label", missing ? undefined : "Available credit");
    const language = contextOf(element).language ?? missing ?? "en";
    const hasMeter = (decimal(element.creditLimit) ?? 0n) > 0n;
    this.show(renderSkeleton(element.ownerDocument, { label, language, hasMeter, hasText: hasText(element) }));
  }

  /** Sets the title of a skeleton whose messages have arrived. */
  updateTitle() {
    if (this.shown && !this.#element.label) setTitle(this.shown, messageOf(this.#element, "label"));
  }

  /**
   * Shows the amount of a balance in the skeleton, unless the page has done so or it is too late.
   *
   * @param {PlainBalance | undefined | Promise<PlainBalance | undefined>} pendingBalance
   * @param {boolean} isShown
   * @param {() => boolean} isLate
   */
  async showAmount(pendingBalance, isShown, isLate) {
    const element = this.#element;
    const url = element.proxyUrl;
    const missing = missingLanguage(element);
    // The amount is written in the language of its messages, so it waits for these a little.
    const messages = missing && Promise.race([loadMessages(missing), delay(MESSAGES_TIMEOUT)]);
    const [balance] = await Promise.all([pendingBalance, messages]);
    if (balance && !isLate() && element.proxyUrl === url) this.writeAmount(balance, isShown);
  }

  /**
   * Writes the amount of a balance into the skeleton, if nothing else has to be said of it, or cannot be.
   *
   * @param {PlainBalance} balance
   * @param {boolean} [isShown] - by the page
   */
  writeAmount(balance, isShown = false) {
    const level = levelOf(balance, this.#element);
    const text = formatAmount(balance, contextOf(this.#element).lang);
    const isLong = text !== undefined && text.length > LONGEST_TEXT;
    if (!text || (!this.isLast && (isLong || level !== "ok"))) return;
    if (!isShown && this.shown) setAmount(this.shown, text, { level, isLong });
    this.early = { ...balance, level };
  }
}
