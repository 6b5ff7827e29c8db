// Every state of the card in every variant and theme.

import { SCENARIOS, needsRefresh, proxyUrl } from "./canned.js";
import { define } from "./airalo-balance-element.js";

define();

const query = new URLSearchParams(location.search);
const listOf = (name, all) => (query.has(name) ? query.get(name).split(",") : all);

const VARIANTS = listOf("variant", ["card", "compact", "inline"]);
const THEMES = listOf("theme", ["light", "dark"]);
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
  if (query.has("locale")) element.locale = query.get("locale");
  element.dataset.state = name;
  if (needsRefresh(name)) element.addEventListener("airalo-balance-ready", () => element.refresh(), { once: true });
  return element;
}

// The scenario "offline" affects all cards of the page, so it is added after the others have loaded.
const addLast = [];

for (const theme of THEMES) {
  const sheet = add(document.querySelector("main"), "section", { className: `sheet ${theme}` });
  sheet.style.setProperty("--columns", VARIANTS.length);
  if (query.has("width")) sheet.style.setProperty("--width", `${Number.parseInt(query.get("width"), 10)}px`);
  add(sheet, "h2", { textContent: theme === "dark" ? "Dark" : "Light" });
  for (const name of NAMES) {
    const row = add(sheet, "div", { className: "row" });
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
