// The card before its WebAssembly runs.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Element} parent
 * @param {Tag} tag
 * @param {string} className
 */
export function append(parent, tag, className, part = "") {
  const element = parent.ownerDocument.createElement(tag);
  element.className = className;
  if (part) element.part = part;
  parent.append(element);
  return element;
}

/**
 * @param {Element} parent
 * @param {string} name
 */
function appendSlot(parent, name) {
  const slot = append(parent, "slot", "");
  slot.name = name;
  return slot;
}

/**
 * An element as the WebAssembly renders into, so that the same rules of the stylesheet apply.
 *
 * @param {Document} document
 */
export function createStage(document) {
  const stage = document.createElement("div");
  stage.className = "stage";
  return stage;
}

/** With messages of its own a page may speak any of these. */
const RIGHT_TO_LEFT = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/** @param {string} language */
const direction = (language) => (RIGHT_TO_LEFT.includes(language.split("-")[0]) ? "rtl" : "ltr");

/**
 * The card while it is loading: the same boxes in the same places as on the card, so that nothing
 * moves when it takes over. A bar stands for each text that is still to come.
 *
 * @param {Document} document
 * @param {{ label: string | undefined, language: string, hasMeter: boolean, hasText: boolean }} options
 */
export function renderSkeleton(document, { label, language, hasMeter, hasText }) {
  const stage = createStage(document);
  const base = append(stage, "section", "card loading", "base");
  base.dir = direction(language);
  base.lang = language;
  base.ariaBusy = "true";
  base.ariaLabel = label ?? null;
  const header = append(base, "div", "header", "header");
  const title = append(appendSlot(header, "label"), "span", "label", "label");
  if (label) title.textContent = label;
  else append(title, "span", "placeholder");
  const body = append(base, "div", "body");
  const item = append(append(body, "div", "list", "list"), "div", "item", "item");
  const amount = append(item, "span", "amount", "amount");
  amount.translate = false;
  // A text that the server wrote into the element is shown in place of the amount.
  if (hasText) appendSlot(amount, "");
  else append(amount, "span", "placeholder");
  const status = append(body, "div", "status", "status");
  append(append(status, "span", "as-of"), "span", "placeholder");
  if (hasMeter) append(base, "div", "limit");
  const foot = append(base, "div", "foot");
  appendSlot(append(foot, "div", "actions", "actions"), "actions");
  appendSlot(base, "footer");
  return stage;
}

/**
 * Sets the title of a skeleton whose messages have arrived.
 *
 * @param {Element} stage
 * @param {string | undefined} label
 */
export function setTitle(stage, label) {
  const title = stage.querySelector(".label");
  if (!title || !label) return;
  title.textContent = label;
  const base = title.closest("section");
  if (base) base.ariaLabel = label;
}

/**
 * Shows an amount in a skeleton, in the markup of the card.
 *
 * @param {Element} stage
 * @param {string} text
 * @param {{ level: string, isLong: boolean }} looks
 */
export function setAmount(stage, text, { level, isLong }) {
  const amount = stage.querySelector(".amount");
  if (!amount) return;
  stage.querySelector(".card")?.classList.add(level);
  amount.closest(".item")?.classList.toggle("long", isLong);
  amount.textContent = "";
  const money = append(amount, "bdi", "");
  // Where it is too wide it breaks after a group of digits, not after the last separator.
  for (const [index, group] of text.replace(/(\p{Nd}\P{Nd})(?=\p{Nd}+\P{Nd}\p{Nd})/gu, "$1\n").split("\n").entries()) {
    if (index > 0) append(money, "wbr", "");
    money.append(group);
  }
}
