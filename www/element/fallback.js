// The card where the WebAssembly is refused, absent or broken. It is as tall as before.
//
// A file of its own, which only a card loads that cannot run. It has none of the modules of the class
// that remember something: a second copy of these would know nothing of the first.

import { append } from "./skeleton.js";

export { explain } from "./load-error.js";

/**
 * What `failed-card.js` passes. `message` returns the text of a key in the language of the card.
 *
 * @typedef {object} Reason
 * @property {string} reason
 * @property {number | null} fetchedAt
 * @property {{ isFile?: boolean } | undefined} error - decides the advice
 * @property {(key: MessageKey, english: string) => string} message
 * @property {string} lang
 */
/** @typedef {ReturnType<typeof textsOf>} Texts */
/** @import { MessageKey } from "./types.js" */

const BLOCKED = "Reload the page. If that doesn’t help, your browser or a rule of this page blocks WebAssembly.";
const MISSING_FILE = "A file of the card could not be loaded. Reload the page; if that doesn’t help, ask your administrator.";

/**
 * A time today as the time alone, any other one with its date.
 *
 * @param {number} at
 * @param {string} lang
 */
function formatTime(at, lang) {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const options = isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
  try {
    return new Intl.DateTimeFormat(lang, options).format(at);
  } catch {
    return new Intl.DateTimeFormat(undefined, options).format(at);
  }
}

/** @param {Reason} reason */
function textsOf({ reason, fetchedAt, error, message, lang }) {
  const time = fetchedAt ? formatTime(fetchedAt, lang) : undefined;
  return {
    reason,
    asOf: time && message("as-of", "As of {time}").replace(/\{[^}]*\}/, () => time),
    title: message("unsupported", "The card can’t run here"),
    advice: error?.isFile ? message("missing-file-advice", MISSING_FILE) : message("unsupported-advice", BLOCKED),
    details: message("details", "Details"),
  };
}

/**
 * The icon of `src/components/icons.rs`, which is all that a card of one line shows of a problem.
 *
 * @param {Document} document
 */
function alertIcon(document) {
  /** @type {(name: string, attributes: Record<string, unknown>) => Element} */
  const create = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
    return element;
  };
  const icon = create("svg", { viewBox: "0 0 20 20", width: 16, height: 16, "aria-hidden": true });
  const stroke = { fill: "none", stroke: "currentColor", "stroke-width": 1.75, "stroke-linecap": "round", "stroke-linejoin": "round" };
  icon.append(create("path", { d: "M10 3.2 18 17H2ZM10 8.4v4M10 14.6v.1", ...stroke }));
  return icon;
}

/**
 * The button and the popover that say what somebody can do about it. The browser opens and closes it.
 *
 * @param {Element} base
 * @param {Element} notice
 * @param {Pick<Texts, "title" | "advice" | "details">} texts
 */
function appendDetails(base, notice, { title, advice, details }) {
  // Ids are unique in a shadow root, which holds one card.
  const id = "fallback-details";
  const more = append(notice, "button", "more", "more");
  more.type = "button";
  more.append(alertIcon(base.ownerDocument));
  append(more, "span", "").textContent = details;
  more.setAttribute("popovertarget", id);
  const popover = append(base, "div", "details", "details");
  popover.id = id;
  popover.setAttribute("popover", "auto");
  append(popover, "strong", "title").textContent = title;
  append(popover, "span", "advice").textContent = advice;
}

/** @type {(parent: Element, selector: string) => HTMLElement} */
const find = (parent, selector) => /** @type {HTMLElement} */ (parent.querySelector(selector));

/** @param {Element} foot */
function prependNotice(foot) {
  const notice = append(foot, "div", "notice");
  foot.prepend(notice);
  return notice;
}

/**
 * Marks the amounts or the text of the page as old, with their time and with the reason.
 *
 * @param {Element} stage
 * @param {Texts} texts
 */
function keep(stage, { reason, asOf, title, advice, details }) {
  const base = find(stage, ".card");
  base.classList.remove("loading");
  base.classList.add("stale", "fallback");
  base.ariaBusy = "false";
  // An inline card has no room for the notice.
  base.title = `${reason}. ${advice}`;
  // What only a running card can do, and what would be wrong a minute from now.
  for (const node of stage.querySelectorAll(".refresh, .age, .outdated, .more, .next-try, .beside, .forecast, .history, .details")) node.remove();
  const time = stage.querySelector(".as-of .placeholder")?.parentElement;
  // In a card that was rendered this line is hidden, and stays so. Elsewhere a space keeps its height.
  if (!time?.hidden) time?.replaceChildren(asOf ?? "\u00a0");
  const line = stage.querySelector(".notice") ?? prependNotice(find(stage, ".foot"));
  append(line, "span", "outdated").textContent = reason;
  appendDetails(base, line, { title, advice, details });
}

/**
 * Turns a skeleton into the reason why there is no amount.
 *
 * @param {Element} skeleton
 * @param {Texts} texts
 */
function replace(skeleton, { reason, title, advice, details }) {
  const base = find(skeleton, ".card");
  base.classList.replace("loading", "error");
  base.classList.add("fallback");
  base.ariaBusy = "false";
  const body = find(base, ".body");
  body.replaceChildren();
  const message = append(body, "div", "message", "message");
  append(message, "strong", "title").textContent = reason;
  append(message, "span", "advice").textContent = advice;
  appendDetails(base, prependNotice(find(base, ".foot")), { title, advice, details });
}

/**
 * Says in a stage why nothing newer follows. `isKept`: whether what it shows stays, which was fetched
 * at this time.
 *
 * @param {Element} stage
 * @param {Reason & { isKept: boolean }} failure
 */
export function render(stage, { isKept, ...failure }) {
  const texts = textsOf(failure);
  if (isKept) keep(stage, texts);
  else replace(stage, texts);
}
