// Every state of the card in every form, on one sheet, light and dark.

import { SCENARIOS, needsRefresh, proxyUrl } from "./canned.js";
import { define } from "./airalo-balance-element.js";

define();

const wish = new URLSearchParams(location.search);
const only = (name, all) => (wish.has(name) ? wish.get(name).split(",") : all);

const VARIANTS = only("variant", ["card", "compact", "inline"]);
const THEMES = only("theme", ["light", "dark"]);
const NAMES = only("state", Object.keys(SCENARIOS));

function add(parent, tag, properties = {}) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  parent.append(element);
  return element;
}

function card(name, variant, theme) {
  const { attributes = {} } = SCENARIOS[name];
  const element = document.createElement("airalo-balance");
  const given = { "proxy-url": proxyUrl(name), variant, theme, "refresh-interval": "0", ...attributes };
  for (const [attribute, value] of Object.entries(given)) element.setAttribute(attribute, value);
  if (wish.has("locale")) element.locale = wish.get("locale");
  element.dataset.state = name;
  if (needsRefresh(name)) element.addEventListener("airalo-balance-ready", () => element.refresh(), { once: true });
  return element;
}

// A browser is offline for all its pages at once, so that one has to wait for the others.
const last = [];

for (const theme of THEMES) {
  const sheet = add(document.querySelector("main"), "section", { className: `sheet ${theme}` });
  sheet.style.setProperty("--columns", VARIANTS.length);
  if (wish.has("width")) sheet.style.setProperty("--width", `${Number.parseInt(wish.get("width"), 10)}px`);
  add(sheet, "h2", { textContent: theme === "dark" ? "Dark" : "Light" });
  for (const name of NAMES) {
    const row = add(sheet, "div", { className: "row" });
    add(row, "h3", { textContent: SCENARIOS[name].title });
    for (const variant of VARIANTS) {
      const cell = add(row, "div", { className: `cell ${variant}` });
      const put = () => cell.append(card(name, variant, theme));
      if (name === "offline") last.push(put);
      else put();
    }
  }
}

const asked = [...document.querySelectorAll("airalo-balance")].filter((element) => element.dataset.state !== "loading");
await Promise.all(asked.map((element) => element.refresh()));
for (const put of last) put();
