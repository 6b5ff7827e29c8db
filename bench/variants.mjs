// What is compared: each variant is a page, made of what stands in its head and of its cards.

import { readFileSync } from "node:fs";

const module_ = (href) => `<script type="module" src="${href}"></script>`;
const preload = (href) => `<link rel="modulepreload" href="${href}" />`;
const preloadWasm = (href) => `<link rel="preload" href="${href}" as="fetch" type="application/wasm" crossorigin />`;

/** The head that the project's README asks for. */
const CARD = {
  name: "card",
  title: "**This card**",
  folder: "../dist",
  head: [preload("airalo-balance-element.js"), module_("airalo-balance.js")],
  card: (api) => `<airalo-balance data-card proxy-url="${api}"></airalo-balance>`,
  // Its amount can be read before the WebAssembly has drawn all that belongs to it.
  complete: "airalo-balance-ready",
};

/** The same with the balance in its HTML, as the proxy's page and the README have it. */
const IN_PAGE = {
  ...CARD,
  name: "card-in-page",
  // What comes after its first paint is the card itself, and measured there.
  single: true,
  title: "This card, balance in the page",
  head: [`<link rel="stylesheet" href="airalo-balance.css" />`, ...CARD.head],
  card: (api) =>
    `<airalo-balance data-card proxy-url="${api}">$225.35<script type="application/json">${answer()}</script></airalo-balance>`,
};

/** The contract's answer, fetched just now. */
function answer() {
  const url = new URL("../contract/balance-list.json", import.meta.url);
  const { data, meta } = JSON.parse(readFileSync(url, "utf8"));
  return JSON.stringify({ data, meta: { ...meta, fetched_at: new Date().toISOString() } });
}

/** A place that a script of the page fills. */
const place = (api) => `<div data-card class="balance" data-url="${api}"></div>`;

const peer = (name, title, card = place) => ({
  name,
  title,
  peer: name,
  folder: `built/${name}`,
  head: [module_("main.js")],
  card,
});

/** What Adyen's component asks its API for; it stands for no other request of the page. */
const ADYEN = {
  ...peer("adyen", "Adyen's transactions overview"),
  api: "/adyen-api/",
  head: [`<link rel="stylesheet" href="main.css" />`, module_("main.js")],
  card: (api) => `<div data-card data-api="${api}"></div>`,
  // It is a page of its own rather than a card: it stands on a page once, and has no refresh.
  single: true,
};

/** An API that takes its time for the balance alone: what leads to it is answered at once. */
export const LENIENT_API = "/adyen-api/one-slow/";

export const VARIANTS = [
  CARD,
  IN_PAGE,
  peer("vanilla", "Vanilla custom element", (api) => `<vanilla-balance data-card url="${api}"></vanilla-balance>`),
  peer("lit", "Lit", (api) => `<lit-balance data-card url="${api}"></lit-balance>`),
  peer("preact", "Preact"),
  peer("svelte", "Svelte"),
  peer("react", "React"),
  {
    ...peer("leptos", "Leptos"),
    head: [
      preload("leptos-peer.js"),
      preloadWasm("leptos-peer_bg.wasm"),
      // What Trunk itself would put into the page.
      `<script type="module">
      import start from "./leptos-peer.js";
      start({ module_or_path: "./leptos-peer_bg.wasm" });
    </script>`,
    ],
  },
  ADYEN,
  {
    ...ADYEN,
    name: "adyen-one-slow",
    title: "the same, only its last request slow",
    api: LENIENT_API,
    // One delay is enough to tell what the other requests amount to.
    delays: [200],
  },
];

/** The page of a variant with that many cards. */
export function pageOf({ head, card, api = "/api/balance" }, cards) {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Balance</title>
    <link rel="icon" href="data:," />
    ${head.join("\n    ")}
  </head>
  <body>
    <main>
      ${Array(cards).fill(card(api)).join("\n      ")}
    </main>
  </body>
</html>
`;
}
