// The card on pages with a strict content security policy. Every test fails on a violation that it
// does not expect.

import { readFileSync } from "node:fs";
import { Card, cardFolder, expect, test } from "./stack.mjs";

const contract = (name) => JSON.parse(readFileSync(new URL(`../../contract/${name}.json`, import.meta.url)));
const SECURITY = readFileSync(new URL("../../docs/security.md", import.meta.url), "utf8");

/** The WebAssembly, its glue and the fallback, as a URL beside the page. */
const FOLDER = cardFolder().slice(1);

const NONCE = "bm9uY2Utb2YtdGhlLXBhZ2U";
const SMALLEST = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const WITH_NONCE = `default-src 'none'; script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self'`;
const TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types 'none'";

const scripts = (...names) => names.map((name) => `<script type="module" nonce="${NONCE}" src="/${name}"></script>`).join("");
const page = (head, body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Panel</title>${head}</head><body>${body}</body></html>`;

const CARD = '<airalo-balance proxy-url="/api/balance" refresh-interval="0"></airalo-balance>';
const PAGES = {
  "/": page(scripts("airalo-balance.js"), CARD),
  "/styled": page(`<link rel="stylesheet" href="/airalo-balance.css">${scripts("airalo-balance.js")}`, CARD),
  "/history": page(scripts("history-of-the-panel.js"), "<main></main>"),
  "/history-of-the-panel.js": `
    import { mountHistory } from "/airalo-balance-history.js";
    mountHistory(document.querySelector("main"), { url: "/api/balance/history?days=30" });`,
};

/** Starts a panel with this policy, whose answers have a history. */
async function start(panel, browserPage, policy) {
  const host = await panel(PAGES, { headers: { "Content-Security-Policy": policy } });
  host.answer = () => ({ body: JSON.stringify(contract("balance-history")) });
  await browserPage.route("**/api/balance/history*", (route) => route.fulfill({ json: contract("history-month") }));
  browserPage.errors = [];
  browserPage.on("console", (message) => message.text().includes("<airalo-balance>") && browserPage.errors.push(message.text()));
  return host;
}

const POLICIES = {
  "the smallest policy": SMALLEST,
  "the smallest policy and Trusted Types without any policy of theirs": SMALLEST + TRUSTED_TYPES,
  "a nonce and strict-dynamic": WITH_NONCE,
  "a nonce, strict-dynamic and Trusted Types without any policy of theirs": WITH_NONCE + TRUSTED_TYPES,
};

for (const [name, policy] of Object.entries(POLICIES)) {
  test(`the card, its words, its history and its details need no more than ${name}`, { tag: "@firefox" }, async ({ page, panel }) => {
    const host = await start(panel, page, policy);
    await page.goto(host.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await expect(card.host.locator("[part=forecast]")).toHaveText("About 6 days left (3–11)");
    await card.host.locator("[part=trend]").click();
    await expect(card.host.locator("[part=history]")).toContainText("$500.00");
    await page.keyboard.press("Escape");
    host.answer = () => ({ status: 503 });
    await card.host.evaluate((element) => element.refresh());
    await card.host.getByRole("button", { name: "Details" }).click();
    await expect(card.host.locator("[part=details]")).toContainText("503");
    await card.host.evaluate((element) => (element.locale = "de"));
    await expect(card.host.locator(".label")).toHaveText("Verfügbares Guthaben");
    expect(page.errors).toEqual([]);
  });

  test(`the page with the history needs no more than ${name}`, async ({ page, panel }) => {
    const host = await start(panel, page, policy);
    await page.goto(`${host.url}history`);
    await expect(page.getByRole("img", { name: /^History · 30 days/ })).toBeVisible();
    await expect(page.getByRole("table", { name: "Top-ups and refunds" })).toContainText("$500.00");
  });

  test(`a card that cannot run says so under ${name}`, async ({ page, panel }) => {
    const host = await start(panel, page, policy);
    await page.route("**/*.wasm", (route) => route.fulfill({ status: 404 }));
    await page.goto(host.url);
    const card = new Card(page);
    await expect(card.outdated).toHaveText("Can’t be refreshed here");
    await card.host.getByRole("button", { name: "Details" }).click();
    await expect(card.host.locator("[part=details]")).toContainText("A file of the card could not be loaded.");
    expect(page.errors).toHaveLength(1);
  });
}

test("the stylesheet that keeps the card's place needs style-src, and nothing inline", async ({ page, panel }) => {
  const host = await start(panel, page, `${SMALLEST}; style-src 'self'`);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/airalo-balance.js", (route) => held.then(() => route.continue()));
  await page.goto(`${host.url}styled`, { waitUntil: "commit" });
  const card = new Card(page);
  const height = async () => (await card.host.boundingBox()).height;
  await expect.poll(height, "before the card is there").toBeGreaterThan(100);
  const kept = await height();
  release();
  await expect(card.amount).toHaveText("$225.35");
  expect(await height()).toBeCloseTo(kept, 0);
});

/** The policy, what the console says, and what is forbidden: what fails is asked for once more. */
const REFUSED = {
  "no WebAssembly": [
    "default-src 'none'; script-src 'self'; connect-src 'self'",
    "script-src needs 'wasm-unsafe-eval'",
    ["script-src: wasm-eval", "script-src: wasm-eval"],
  ],
  "no requests": [
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
    /_bg\.wasm cannot be fetched: .*connect-src/,
    ["connect-src: api/balance", ...Array(2).fill(`connect-src: ${FOLDER}airalo-balance_bg.wasm`)],
  ],
  "scripts of other addresses only": [
    "default-src 'none'; script-src URLairalo-balance.js 'wasm-unsafe-eval'; connect-src 'self'",
    /airalo-balance\.js .*script-src/,
    [`script-src-elem: ${FOLDER}airalo-balance.js`, `script-src-elem: ${FOLDER}fallback.js`],
  ],
};

for (const [name, [policy, words, forbidden]] of Object.entries(REFUSED)) {
  test(`under a policy that allows ${name} the card says which directive it is`, { tag: "@firefox" }, async ({ page, panel }) => {
    const host = await start(panel, page, policy);
    host.headers["Content-Security-Policy"] = policy.replace("URL", host.url);
    await page.goto(host.url);
    const card = new Card(page);
    await expect(card.host).toContainText(/The card can’t run here|Can’t be refreshed here/);
    await expect.poll(() => page.errors).toHaveLength(1);
    expect(page.errors[0]).toMatch(words);
    await expect.poll(() => page.violations.map((text) => text.replace(host.url, "").trim())).toEqual(forbidden);
    page.expectedViolations = [...page.violations];
  });
}

test("a nonce of the first script is enough for what it imports", { tag: "@firefox" }, async ({ page, panel }) => {
  const host = await start(panel, page, `default-src 'none'; script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'; connect-src 'self'`);
  await page.goto(host.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
});

test("the documentation states the policies of these tests", () => {
  for (const policy of [SMALLEST, WITH_NONCE.replace(NONCE, "…")]) {
    expect(SECURITY.includes(policy), policy).toBe(true);
  }
  expect(SECURITY.includes("require-trusted-types-for 'script'; trusted-types 'none'")).toBe(true);
});
