// Every state of the card in every variant and theme.

import { SCENARIOS, needsRefresh, proxyUrl } from "./canned.js";
import { languageOptions } from "./languages.js";
import { define } from "./airalo-balance-element.js";

define();

const query = new URLSearchParams(location.search);
/** The names that the address gives; all of them where it gives none that is known. */
function listOf(name, all) {
  const chosen = (query.get(name) ?? "").split(",").filter((one) => all.includes(one));
  return chosen.length > 0 ? chosen : all;
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const ALL_THEMES = ["light", "dark"];

const VARIANTS = listOf("variant", ["card", "compact", "inline"]);
const THEMES = query.get("theme") ? listOf("theme", ALL_THEMES) : [dark.matches ? "dark" : "light"];
const NAMES = listOf("state", Object.keys(SCENARIOS));

function add(parent, tag, properties = {}) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  parent.append(element);
  return element;
}

function card(name, variant, theme) {
  const { attributes = {} } = SCENARIOS[name];
  const element = document.createElement("airalo-balance");
  // Cards that are loading stay so: their request would time out after ten seconds otherwise.
  const fixed = { "refresh-interval": "0", "request-timeout": "120" };
  const all = { "proxy-url": proxyUrl(name), variant, theme, ...fixed, ...attributes };
  for (const [attribute, value] of Object.entries(all)) element.setAttribute(attribute, value);
  if (query.get("locale")) element.locale = query.get("locale");
  element.dataset.state = name;
  if (needsRefresh(name)) element.addEventListener("airalo-balance-ready", () => element.refresh(), { once: true });
  return element;
}

/** Fills the filter, which is in the address, and has it reload the page. */
function prepareFilter() {
  const form = document.querySelector(".filter");
  const { elements } = form;
  const addOptions = (select, all) => select.append(...all.map(([value, text]) => new Option(text, value)));
  addOptions(elements.state, Object.entries(SCENARIOS).map(([name, { title }]) => [name, title]));
  addOptions(elements.locale, languageOptions());
  for (const select of elements) {
    const value = query.get(select.name) ?? "";
    // A list that only an address can hold, or another width, is a choice too.
    if (![...select.options].some((option) => option.value === value)) select.append(new Option(value, value));
    select.value = value;
  }
  form.addEventListener("input", () => {
    const chosen = [...new FormData(form)].filter(([, value]) => value !== "");
    location.search = new URLSearchParams(chosen);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

/** Links to the rows, below the filter. On a phone they are folded. */
function fillContents() {
  const contents = document.querySelector(".contents");
  contents.hidden = NAMES.length < 2;
  contents.open = matchMedia("(min-width: 60rem)").matches;
  for (const name of NAMES) {
    const item = add(contents.querySelector("ul"), "li");
    add(item, "a", { href: `#${name}`, textContent: SCENARIOS[name].title });
  }
}

prepareFilter();
fillContents();
// The page is light or dark as its only sheet is, so that the header belongs to it.
if (THEMES.length === 1) document.documentElement.classList.add(THEMES[0]);
if (!query.get("theme")) dark.addEventListener("change", () => location.reload());

// The scenario "offline" affects all cards of the page, so it is added after the others have loaded.
const addLast = [];

for (const theme of THEMES) {
  const sheet = add(document.querySelector("main"), "section", { className: `sheet ${theme}` });
  sheet.style.setProperty("--columns", VARIANTS.length);
  if (query.get("width")) sheet.style.setProperty("--width", `${Number.parseInt(query.get("width"), 10)}px`);
  add(sheet, "h2", { textContent: theme === "dark" ? "Dark" : "Light" });
  for (const name of NAMES) {
    const id = theme === THEMES[0] ? name : `${theme}-${name}`;
    const row = add(sheet, "div", { className: "row", id });
    add(row, "h3", { textContent: SCENARIOS[name].title });
    for (const variant of VARIANTS) {
      const cell = add(row, "div", { className: `cell ${variant}` });
      const addCard = () => cell.append(card(name, variant, theme));
      if (name === "offline") addLast.push(addCard);
      else addCard();
    }
  }
}

const cards = [...document.querySelectorAll("airalo-balance")].filter((element) => element.dataset.state !== "loading");
await Promise.all(cards.map((element) => element.refresh()));
for (const addCard of addLast) addCard();
