// One card with controls for everything that can be set. The settings are in the address, so that
// a link shares them.

import { SCENARIOS, needsRefresh, proxyUrl } from "./canned.js";
import { Colours } from "./colours.js";
import { addCopyButtons } from "./copy.js";
import { logEvents } from "./event-log.js";
import { folder } from "./folder.js";
import { languageOptions } from "./languages.js";
import { FRAMEWORKS, stylesheet } from "./snippets.js";
import { define } from "./airalo-balance-element.js";

define();

const form = document.querySelector("form");
const { elements } = form;
const stage = document.querySelector(".stage");
const [snippet, style] = document.querySelectorAll(".snippet code");

/** The controls that are attributes, and their defaults. */
const DEFAULTS = { variant: "card", theme: "auto", locale: "", label: "" };
const NUMBERS = ["low-threshold", "critical-threshold", "low-days", "critical-days", "credit-limit"];
for (const name of NUMBERS) DEFAULTS[name] = "";

const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });

elements.scenario.append(...Object.entries(SCENARIOS).map(([name, { title }]) => option(name, title)));
elements.locale.append(...languageOptions().map(([tag, text]) => option(tag, text)));

for (const name of Object.keys(FRAMEWORKS)) {
  const label = document.createElement("label");
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: "framework", value: name });
  radio.setAttribute("form", form.id);
  radio.defaultChecked = name === "HTML";
  label.append(radio, Object.assign(document.createElement("span"), { textContent: name }));
  document.querySelector(".tabs").append(label);
}

const query = new URLSearchParams(location.search);
const colours = new Colours(document.querySelector(".colours"), query);

/** The background of the page, until another one is chosen. */
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (elements.theme.value === "auto" ? dark.matches : elements.theme.value === "dark");
let backgroundChosen = false;

for (const [name, value] of query) {
  const control = elements.namedItem(name);
  if (name.startsWith("colour-") || control?.value === undefined) continue;
  const before = control.value;
  control.value = value;
  if (name === "background") backgroundChosen = control.value === value.toLowerCase();
  // A select with a value that it has no option for becomes empty.
  if (control.value === "" && value !== "") control.value = before;
}

/** The settings, and the attributes of the card that they amount to, without the defaults. */
function readForm() {
  // The width is disabled where it has no effect, and a disabled control is not in the data of its form.
  const settings = { ...Object.fromEntries(new FormData(form)), width: elements.width.value };
  const changed = Object.keys(DEFAULTS).filter((name) => settings[name] !== DEFAULTS[name]);
  const own = Object.fromEntries(changed.map((name) => [name, settings[name]]));
  return { settings, attributes: { ...SCENARIOS[settings.scenario].attributes, ...own } };
}

let currentUrl;

function card(scenario, url) {
  const element = document.createElement("airalo-balance");
  element.setAttribute("proxy-url", url);
  element.setAttribute("refresh-interval", "0");
  if (needsRefresh(scenario)) element.addEventListener("airalo-balance-ready", () => element.refresh(), { once: true });
  return element;
}

function show() {
  const { settings, attributes } = readForm();
  const { scenario, currency, history: withHistory, framework } = settings;
  const wantedUrl = proxyUrl(scenario, { currency, history: withHistory });
  if (currentUrl !== `${scenario} ${wantedUrl}`) {
    // Another answer is for another card; everything else is an attribute of the same card.
    stage.replaceChildren(card(scenario, wantedUrl));
    currentUrl = `${scenario} ${wantedUrl}`;
  }
  const element = stage.firstElementChild;
  for (const name of element.getAttributeNames()) {
    if (!["proxy-url", "refresh-interval", "style"].includes(name) && !(name in attributes)) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const name of NUMBERS) elements[name].placeholder = SCENARIOS[scenario].attributes?.[name] ?? "none";

  const inline = settings.variant === "inline";
  element.style.width = inline ? "" : `${settings.width}px`;
  elements.width.disabled = inline;
  elements.pixels.value = inline ? "" : `${settings.width} px`;
  stage.className = `stage ${settings.theme}`;
  stage.dir = ["ar", "he"].includes(settings.locale) ? "rtl" : "ltr";
  if (!backgroundChosen) elements.background.value = isDark() ? "#101215" : "#f5f6f8";
  stage.style.background = backgroundChosen ? settings.background : "";
  colours.apply(element);

  const url = scenario === "no-url" ? {} : { "proxy-url": `${folder}api/balance` };
  snippet.textContent = FRAMEWORKS[framework]({ ...url, ...attributes });
  style.textContent = stylesheet(framework, colours.chosen);
  document.querySelector(".style").hidden = style.textContent === "";
  history.replaceState(null, "", `?${address(settings)}`);
}

/** The settings that differ from those at the start. */
function address(settings) {
  const chosen = Object.fromEntries(Object.entries(colours.chosen).map(([name, value]) => [`colour-${name}`, value]));
  const others = Object.entries(settings).filter(([name, value]) => value !== "" && !name.startsWith("colour-"));
  const kept = others.filter(([name, value]) => (name === "background" ? backgroundChosen : !(name === "framework" && value === "HTML")));
  return new URLSearchParams({ ...Object.fromEntries(kept), ...chosen });
}

const clear = logEvents(stage, document.querySelector(".events ol"));
document.querySelector(".events button").addEventListener("click", clear);
document.querySelector(".reset").addEventListener("click", () => {
  colours.reset();
  show();
});
form.addEventListener("input", ({ target }) => {
  backgroundChosen ||= target === elements.background;
  show();
});
document.querySelector(".tabs").addEventListener("input", show);
dark.addEventListener("change", show);
form.addEventListener("submit", (event) => event.preventDefault());
show();
addCopyButtons();
