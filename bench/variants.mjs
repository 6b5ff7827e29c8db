// What is compared. Each variant is a page: its head, and the markup of one card.

import { readFileSync } from "node:fs";

const DIST = new URL("../dist/", import.meta.url);

const module_ = (href) => `<script type="module" src="${href}"></script>`;
const modulePreload = (href) => `<link rel="modulepreload" href="${href}" />`;
const wasmPreload = (href) => `<link rel="preload" href="${href}" as="fetch" type="application/wasm" crossorigin />`;

/** The two lines of the project's README. */
const CARD = {
  name: "card",
  title: "**This card**",
  folder: "../dist",
  head: () => [module_("airalo-balance.js")],
  card: (api) => `<airalo-balance data-card proxy-url="${api}"></airalo-balance>`,
  // The amount is painted before the WebAssembly renders the whole card, which fires this event.
  completeEvent: "airalo-balance-ready",
};

/** The hints of the project's own page; the build writes the folder of the card into them. */
function hints() {
  const page = readFileSync(new URL("index.html", DIST), "utf8");
  const found = page.match(/<link rel="(?:modulepreload|preload)"[^>]*>/g);
  if (!found) throw new Error("dist/index.html has no hints; build it anew with `trunk build --release`");
  return found;
}

const HINTED = {
  ...CARD,
  name: "card-hinted",
  title: "This card, with hints",
  head: () => [...hints(), ...CARD.head()],
};

/** The balance in the HTML of the page, as the proxy and the README write it. */
const IN_PAGE = {
  ...CARD,
  name: "card-in-page",
  // Twenty cards and refreshes are the same as those of CARD.
  single: true,
  title: "This card, balance in the page",
  head: () => [`<link rel="stylesheet" href="airalo-balance.css" />`, ...CARD.head()],
  card: (api) =>
    `<airalo-balance data-card proxy-url="${api}">$225.35<script type="application/json">${freshBalance()}</script></airalo-balance>`,
};

/** The response of the contract, fetched now. */
function freshBalance() {
  const url = new URL("../contract/balance-list.json", import.meta.url);
  const { data, meta } = JSON.parse(readFileSync(url, "utf8"));
  return JSON.stringify({ data, meta: { ...meta, fetched_at: new Date().toISOString() } });
}

/** An element that a script of the page fills. */
const container = (api) => `<div data-card class="balance" data-url="${api}"></div>`;

const peer = (name, title, card = container) => ({
  name,
  title,
  peer: name,
  folder: `built/${name}`,
  head: () => [module_("main.js")],
  card,
});

const ADYEN = {
  ...peer("adyen", "Adyen's transactions overview"),
  // Only its component calls an API of its own.
  api: "/adyen-api/",
  head: () => [`<link rel="stylesheet" href="main.css" />`, module_("main.js")],
  card: (api) => `<div data-card data-api="${api}"></div>`,
  // The component fills a page, and has no button to refresh.
  single: true,
};

/** An API that delays only the balance, and none of the requests before it. */
export const ONE_SLOW_API = "/adyen-api/one-slow/";

export const VARIANTS = [
  CARD,
  HINTED,
  IN_PAGE,
  peer("vanilla", "Vanilla custom element", (api) => `<vanilla-balance data-card url="${api}"></vanilla-balance>`),
  peer("lit", "Lit", (api) => `<lit-balance data-card url="${api}"></lit-balance>`),
  peer("preact", "Preact"),
  peer("svelte", "Svelte"),
  peer("react", "React"),
  {
    ...peer("leptos", "Leptos"),
    head: () => [
      modulePreload("leptos-peer.js"),
      wasmPreload("leptos-peer_bg.wasm"),
      // The script that Trunk adds to a page.
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
    api: ONE_SLOW_API,
    // One delay shows what the other requests cost.
    delays: [200],
  },
];

/** The page of a variant with this number of cards. */
export function pageOf({ head, card, api = "/api/balance" }, cards) {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Balance</title>
    <link rel="icon" href="data:," />
    ${head().join("\n    ")}
  </head>
  <body>
    <main>
      ${Array(cards).fill(card(api)).join("\n      ")}
    </main>
  </body>
</html>
`;
}
