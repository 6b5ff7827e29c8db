// What a card looks like before its code is there, and where its code cannot run.

import css from "../../src/components/card.css";

/** Browsers draw nothing for a tab in the background. */
const LONGEST_FRAME = 100;

const sheets = new WeakMap();

export function sheetOf(document) {
  let sheet = sheets.get(document);
  if (!sheet) {
    // A constructed sheet belongs to one document, and no policy for inline styles stops it.
    sheet = new document.defaultView.CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(document, sheet);
  }
  return sheet;
}

function box(parent, tag, name, part = "") {
  const element = parent.ownerDocument.createElement(tag);
  element.className = name;
  if (part) element.part = part;
  parent.append(element);
  return element;
}

function stageOf(document, state) {
  const stage = document.createElement("div");
  stage.className = "stage";
  const base = box(stage, "section", `card ${state}`, "base");
  return { stage, base };
}

/** As in `src/view/card.rs`. */
const direction = (language) => (["ar", "he"].includes(language) ? "rtl" : "ltr");

function slot(parent, name) {
  const element = box(parent, "slot", "");
  element.name = name;
  return element;
}

/**
 * What is on the card before its code is there: the same boxes in the same places, what the page
 * has put into them, and bars for the words that are still to come.
 */
export function skeleton(document, { label, language, withMeter, withText }) {
  const { stage, base } = stageOf(document, "loading");
  base.dir = direction(language);
  base.lang = language;
  base.ariaBusy = "true";
  base.ariaLabel = label ?? null;
  const title = box(slot(box(base, "div", "header", "header"), "label"), "span", "label", "label");
  if (label) title.textContent = label;
  else box(title, "span", "bone");
  const body = box(base, "div", "body");
  const amount = box(box(box(body, "div", "list", "list"), "div", "item", "item"), "span", "amount", "amount");
  // What a server wrote into the element stands here until the card knows better.
  if (withText) slot(amount, "");
  else box(amount, "span", "bone");
  box(box(box(body, "div", "status", "status"), "span", "as-of"), "span", "bone");
  if (withMeter) box(base, "div", "limit");
  slot(box(box(base, "div", "foot"), "div", "actions", "actions"), "actions");
  slot(base, "footer");
  return stage;
}

/** A title in a language whose words have come meanwhile. */
export function entitle(stage, label) {
  const title = stage.querySelector(".label");
  if (!title || !label) return;
  title.textContent = label;
  title.closest("section").ariaLabel = label;
}

/** An amount that is known already, written where and as the card will write it. */
export function preview(stage, text) {
  const amount = stage.querySelector(".amount");
  amount.textContent = "";
  box(amount, "bdi", "").textContent = text;
}

/** What is on the card where there is no code to run: why, and what the page had put there. */
export function unsupported(document, say, withText) {
  const { stage, base } = stageOf(document, "error");
  const body = box(base, "div", "body");
  if (withText) box(box(body, "div", "item"), "slot", "amount", "amount");
  const message = box(body, "div", "message", "message");
  box(message, "strong", "title").textContent = say("unsupported", "The card can’t run here");
  box(message, "span", "advice").textContent = say(
    "unsupported-advice",
    "Reload the page. If that doesn’t help, your browser or a rule of this page blocks WebAssembly.",
  );
  return stage;
}

/** Resolves once what has just been drawn can be seen, or would be if anybody looked. */
export const painted = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, LONGEST_FRAME);
  });

/** The status region. It is there before there is anything to say, or nobody would hear it. */
export function regionOf(document) {
  const region = document.createElement("div");
  region.className = "spoken";
  region.role = "status";
  return region;
}
