// The card where the WebAssembly is refused, absent or has failed. It is rendered by `fallback.js`,
// which only such a card loads.

import { loadFallback } from "./card-files.js";
import { contextOf, messageOf } from "./messages.js";
import { setTitle } from "./skeleton.js";

/** @import { AiraloBalanceElement } from "./element.js" */
/** @import { Notify } from "./glue.js" */
/** @import { MessageKey, Snapshot } from "./types.js" */

/** @typedef {{ isKept: boolean, snapshot: Snapshot, error?: { isFile?: boolean } }} Failure */

/**
 * What is said where something stays that was shown, or where nothing does.
 *
 * @param {AiraloBalanceElement} element
 * @param {boolean} isKept
 */
export const reasonOf = (element, isKept) =>
  isKept
    ? messageOf(element, "cannot-refresh", "Can’t be refreshed here")
    : messageOf(element, "unsupported", "The card can’t run here");

/**
 * What a card or a skeleton shows, and why nothing newer follows. It is a copy, because a failed
 * WebAssembly still listens on the nodes that it has rendered.
 *
 * @param {AiraloBalanceElement} element
 * @param {Element} shown
 * @param {Failure} failure
 * @param {Notify} notify
 */
export async function renderFailure(element, shown, { isKept, snapshot, error }, notify) {
  const fallback = await loadFallback();
  /** @type {(key: MessageKey, english: string) => string} */
  const message = (key, english) => messageOf(element, key, english);
  const reason = reasonOf(element, isKept);
  const stage = /** @type {Element} */ (shown.cloneNode(true));
  // In another language the title of a skeleton may still wait for its messages.
  if (stage.querySelector(".loading")) setTitle(stage, element.label || message("label", "Available credit"));
  const { fetchedAt, balances } = snapshot;
  if (fallback) fallback.render(stage, { isKept, reason, fetchedAt, error, message, lang: contextOf(element).lang });
  else setReason(stage, reason);
  const topUp = stage.querySelector(".top-up");
  topUp?.addEventListener("click", (click) => {
    const url = topUp.getAttribute("href");
    if (!notify("top-up", { url, balances })) click.preventDefault();
  });
  return stage;
}

/**
 * Where the fallback cannot be loaded either: the reason in place of the amount, or below one that stays.
 *
 * @param {Element} stage
 * @param {string} reason
 */
function setReason(stage, reason) {
  const base = /** @type {HTMLElement} */ (stage.querySelector(".card"));
  base.classList.remove("loading");
  base.classList.add("stale");
  base.ariaBusy = "false";
  // An inline card shows no status.
  base.title = reason;
  const item = stage.querySelector(".amount .placeholder")?.closest(".item");
  const place = item ?? stage.querySelector(".status");
  if (place) place.textContent = reason;
  // Nothing is on its way, and no button works.
  for (const node of stage.querySelectorAll(".placeholder, button")) node.remove();
}
