// One card with controls for everything that can be set. The settings are in the address, so that
// a link shares them.

import { SCENARIOS, needsRefresh, proxyUrl } from "./canned.js";
import { define } from "./airalo-balance-element.js";

define();

const form = document.querySelector("form");
const { elements } = form;
const stage = document.querySelector(".stage");
const snippet = document.querySelector(".snippet code");

const LANGUAGES = ["", "en", "es", "pt-BR", "fr", "de", "it", "tr", "ar", "he", "hi", "id", "ja", "zh-Hans", "ko"];

const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });
const nativeName = (tag) => new Intl.DisplayNames(tag, { type: "language" }).of(tag);

elements.scenario.append(...Object.entries(SCENARIOS).map(([name, { title }]) => option(name, title)));
elements.locale.append(...LANGUAGES.map((tag) => option(tag, tag ? `${nativeName(tag)} (${tag})` : "the page’s")));

for (const [name, value] of new URLSearchParams(location.search)) {
  const control = elements.namedItem(name);
  const before = control?.value;
  if (control && control.type !== undefined) control.value = value;
  // A select with a value that it has no option for becomes empty.
  if (control?.value === "" && value !== "") control.value = before;
}

/** The settings, and the attributes of the card that they amount to, without the defaults. */
function readForm() {
  const settings = Object.fromEntries(new FormData(form));
  const { variant, theme, locale } = settings;
  const defaults = { variant: "card", theme: "auto", locale: "" };
  const changed = Object.entries({ variant, theme, locale }).filter(([name, value]) => value !== defaults[name]);
  return { settings, attributes: { ...SCENARIOS[settings.scenario].attributes, ...Object.fromEntries(changed) } };
}

let currentCard;

function card(scenario, currency) {
  const element = document.createElement("airalo-balance");
  element.setAttribute("proxy-url", proxyUrl(scenario, currency));
  element.setAttribute("refresh-interval", "0");
  if (needsRefresh(scenario)) element.addEventListener("airalo-balance-ready", () => element.refresh(), { once: true });
  return element;
}

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

function show() {
  const { settings, attributes } = readForm();
  const wantedCard = `${settings.scenario} ${settings.currency}`;
  if (currentCard !== wantedCard) {
    // Another scenario is another card; everything else is an attribute of the same card.
    stage.replaceChildren(card(settings.scenario, settings.currency));
    currentCard = wantedCard;
  }
  const element = stage.firstElementChild;
  for (const name of element.getAttributeNames()) {
    if (!["proxy-url", "refresh-interval"].includes(name) && !(name in attributes)) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);

  const inline = settings.variant === "inline";
  element.style.width = inline ? "" : `${settings.width}px`;
  elements.width.disabled = inline;
  elements.pixels.value = inline ? "" : `${settings.width} px`;
  stage.style.background = settings.background;

  const url = settings.scenario === "no-url" ? {} : { "proxy-url": "/api/balance" };
  const pairs = Object.entries({ ...url, ...attributes }).map(([name, value]) => `\n  ${name}="${escape(value)}"`);
  snippet.textContent = [
    `<script type="module" src="/airalo-balance.js"></script>`,
    `<airalo-balance${pairs.length > 1 ? `${pairs.join("")}\n` : pairs.join("").replace("\n ", "")}></airalo-balance>`,
  ].join("\n\n");
  history.replaceState(null, "", `?${new URLSearchParams(new FormData(form))}`);
}

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
show();

const copy = document.querySelector(".copy");
copy.hidden = !navigator.clipboard;
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(snippet.textContent);
  copy.textContent = "Copied";
  setTimeout(() => (copy.textContent = "Copy"), 2_000);
});
