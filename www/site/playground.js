// One card with controls for everything that can be set. The settings are in the address, so that
// a link shares them.

import { SCENARIOS, needsRefresh, proxyUrl } from "./canned.js";
import { addCopyButtons } from "./copy.js";
import { languageOptions } from "./languages.js";
import { define } from "./airalo-balance-element.js";

define();

const form = document.querySelector("form");
const { elements } = form;
const stage = document.querySelector(".stage");
const snippet = document.querySelector(".snippet code");

const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });

elements.scenario.append(...Object.entries(SCENARIOS).map(([name, { title }]) => option(name, title)));
elements.locale.append(...languageOptions().map(([tag, text]) => option(tag, text)));

/** The background of the page, until another one is chosen. */
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (elements.theme.value === "auto" ? dark.matches : elements.theme.value === "dark");
let backgroundChosen = false;

for (const [name, value] of new URLSearchParams(location.search)) {
  const control = elements.namedItem(name);
  const before = control?.value;
  if (control && control.type !== undefined) control.value = value;
  if (name === "background") backgroundChosen = control.value === value.toLowerCase();
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
  stage.className = `stage ${settings.theme}`;
  stage.dir = ["ar", "he"].includes(settings.locale) ? "rtl" : "ltr";
  if (!backgroundChosen) elements.background.value = isDark() ? "#101215" : "#f5f6f8";
  stage.style.background = backgroundChosen ? settings.background : "";

  const url = settings.scenario === "no-url" ? {} : { "proxy-url": "/api/balance" };
  const pairs = Object.entries({ ...url, ...attributes }).map(([name, value]) => `\n  ${name}="${escape(value)}"`);
  snippet.textContent = [
    `<script type="module" src="/airalo-balance.js"></script>`,
    `<airalo-balance${pairs.length > 1 ? `${pairs.join("")}\n` : pairs.join("").replace("\n ", "")}></airalo-balance>`,
  ].join("\n\n");
  if (!backgroundChosen) delete settings.background;
  history.replaceState(null, "", `?${new URLSearchParams(settings)}`);
}

form.addEventListener("input", ({ target }) => {
  backgroundChosen ||= target === elements.background;
  show();
});
dark.addEventListener("change", show);
form.addEventListener("submit", (event) => event.preventDefault());
show();
addCopyButtons();
