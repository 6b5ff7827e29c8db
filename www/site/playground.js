// One card, and everything that can be chosen about it. What is chosen stands in the address, so
// that it can be passed on.

import { SCENARIOS, needsRefresh, proxyUrl } from "./canned.js";
import { define } from "./airalo-balance-element.js";

define();

const form = document.querySelector("form");
const { elements } = form;
const stage = document.querySelector(".stage");
const snippet = document.querySelector(".snippet code");

/** In their own words, as a reader would look for them. */
const LANGUAGES = ["", "en", "es", "pt-BR", "fr", "de", "it", "tr", "ar", "he", "hi", "id", "ja", "zh-Hans", "ko"];

const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });
const nameOf = (tag) => new Intl.DisplayNames(tag, { type: "language" }).of(tag);

elements.scenario.append(...Object.entries(SCENARIOS).map(([name, { title }]) => option(name, title)));
elements.locale.append(...LANGUAGES.map((tag) => option(tag, tag ? `${nameOf(tag)} (${tag})` : "the page’s")));

for (const [name, value] of new URLSearchParams(location.search)) {
  const control = elements.namedItem(name);
  const before = control?.value;
  if (control && control.type !== undefined) control.value = value;
  // A select takes nothing that it does not have, and is left empty.
  if (control?.value === "" && value !== "") control.value = before;
}

/** The attributes of the card as it is shown, with what it has without being told left out. */
function attributes() {
  const chosen = Object.fromEntries(new FormData(form));
  const { attributes: own = {} } = SCENARIOS[chosen.scenario];
  const wished = { variant: chosen.variant, theme: chosen.theme, locale: chosen.locale };
  const defaults = { variant: "card", theme: "auto", locale: "" };
  const changed = Object.entries(wished).filter(([name, value]) => value !== defaults[name]);
  return { chosen, given: { ...own, ...Object.fromEntries(changed) } };
}

let shown;

function card(scenario, currency) {
  const element = document.createElement("airalo-balance");
  element.setAttribute("proxy-url", proxyUrl(scenario, currency));
  element.setAttribute("refresh-interval", "0");
  if (needsRefresh(scenario)) element.addEventListener("airalo-balance-ready", () => element.refresh(), { once: true });
  return element;
}

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

function show() {
  const { chosen, given } = attributes();
  const situation = `${chosen.scenario} ${chosen.currency}`;
  if (shown !== situation) {
    // Another situation is another card; anything else reaches the one that is there.
    stage.replaceChildren(card(chosen.scenario, chosen.currency));
    shown = situation;
  }
  const element = stage.firstElementChild;
  for (const name of element.getAttributeNames()) {
    if (!["proxy-url", "refresh-interval"].includes(name) && !(name in given)) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);

  const inline = chosen.variant === "inline";
  element.style.width = inline ? "" : `${chosen.width}px`;
  elements.width.disabled = inline;
  elements.pixels.value = inline ? "" : `${chosen.width} px`;
  stage.style.background = chosen.background;

  const url = chosen.scenario === "no-url" ? {} : { "proxy-url": "/api/balance" };
  const pairs = Object.entries({ ...url, ...given }).map(([name, value]) => `\n  ${name}="${escape(value)}"`);
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
