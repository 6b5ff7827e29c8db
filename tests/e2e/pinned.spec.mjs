// Pages that pin the files of the card: what has one other byte does not run, and the console names it.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { dist } from "./panel.mjs";
import { Card, expect, test } from "./stack.mjs";

const HASHES = JSON.parse(readFileSync(resolve(dist, "integrity.json"), "utf8"));
const pathOf = (pattern) => Object.keys(HASHES).find((path) => pattern.test(path));
const WASM = pathOf(/_bg\.wasm$/);
const GLUE = pathOf(/^card\/.*airalo-balance\.js$/);
const FALLBACK = pathOf(/fallback\.js$/);
const WORDS = "words/de.js";

/** The lines of a document in which a page pins the script, with the hash of this build. */
const pinnedLines = (text) => {
  const [script] = /<script type="module" src="\S*airalo-balance-pinned\.js"[^>]*><\/script>/.exec(text);
  return script.replace("sha384-…", HASHES["airalo-balance-pinned.js"]);
};
const SECURITY = readFileSync(new URL("../../docs/security.md", import.meta.url), "utf8");
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

const CARD = '<airalo-balance proxy-url="/api/balance" refresh-interval="0">The balance is at Airalo</airalo-balance>';
const pageOf = (head, lang = "en") => `<!doctype html><html lang="${lang}"><meta charset="utf-8">${head}${CARD}`;

const importMap = `<script type="importmap">${JSON.stringify({
  integrity: Object.fromEntries(Object.entries(HASHES).map(([path, hash]) => [`/${path}`, hash])),
})}</script>`;
const ENTRY = '<script type="module" src="/airalo-balance.js"></script>';
const CHECKED = '<script type="module" src="/checked.js"></script>';
const CHECKED_JS = 'import { configure } from "/airalo-balance.js";\nconfigure({ integrity: true });\n';

/** Opens a page with this markup, and collects what the console says of errors and what is requested. */
async function open(page, server, html, headers = {}) {
  page.errors = [];
  page.asked = [];
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
  page.on("request", (request) => page.asked.push(new URL(request.url()).pathname.slice(1)));
  await page.route(`${server.url}pinned`, (route) => route.fulfill({ contentType: "text/html", headers, body: html }));
  await page.route(`${server.url}checked.js`, (route) => route.fulfill({ contentType: "text/javascript", body: CHECKED_JS }));
  await page.goto(`${server.url}pinned`);
  return new Card(page);
}

/** Changes one byte of a file, after which it would still run. */
const change = (page, server, path) =>
  page.route(`${server.url}${path}**`, async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[body.length - 1] ^= 1;
    await route.fulfill({ status: 200, contentType: response.headers()["content-type"], body });
  });

const own = (page) => page.errors.filter((text) => text.startsWith("<airalo-balance>"));

async function expectRefused(page, card, path) {
  await expect(card.outdated).toHaveText("Can’t be refreshed here");
  await expect.poll(() => own(page)).toHaveLength(1);
  expect(own(page)[0]).toContain(`/${path} is refused: its bytes are not those that its hash (integrity) stands for.`);
  expect((await card.snapshot()).error.code).toBe("unsupported");
  // Another card tries again, and fares no better.
  await page.evaluate(() => {
    const other = Object.assign(document.createElement("airalo-balance"), { id: "other", proxyUrl: "/api/balance?other" });
    document.body.append(other);
  });
  await expect(new Card(page, "#other").outdated).toHaveText("Can’t be refreshed here");
  expect(own(page)).toHaveLength(2);
}

test("the line of the documentation pins all that a page loads, in every language", { tag: "@firefox" }, async ({ page, server }) => {
  const card = await open(page, server, pageOf(pinnedLines(SECURITY), "de"), { "Content-Security-Policy": POLICY });
  await expect(card.amount).toHaveText("225,35 $");
  await expect(card.host.locator(".label")).toHaveText("Verfügbares Guthaben");
  expect(page.asked.filter((path) => path in HASHES).toSorted()).toEqual(["airalo-balance-pinned.js", WASM]);
  expect(page.errors).toEqual([]);
});

test("the page about security has that line with the hash of its own build", async ({ page, server }) => {
  await page.goto(`${server.url}docs/security.html`);
  await expect(page.locator("pre", { hasText: "pinned" })).toHaveText(pinnedLines(SECURITY));
});

test("a pinned script with another byte does not run, and the text of the page stays", async ({ page, server }) => {
  await change(page, server, "airalo-balance-pinned.js");
  await open(page, server, pageOf(pinnedLines(SECURITY)));
  await expect.poll(() => page.errors.join()).toContain("/airalo-balance-pinned.js");
  expect(page.errors.join()).toContain("integrity");
  await expect(page.getByText("The balance is at Airalo")).toBeVisible();
  expect(page.asked).not.toContain(WASM);
});

test("beside a pinned script a WebAssembly with another byte does not run", { tag: "@firefox" }, async ({ page, server }) => {
  await change(page, server, WASM);
  const card = await open(page, server, pageOf(pinnedLines(SECURITY)));
  await expectRefused(page, card, WASM);
});

test("a pinned page says what is missing as any other does", async ({ page, server }) => {
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 404 }));
  const card = await open(page, server, pageOf(pinnedLines(SECURITY)));
  await expect(card.outdated).toHaveText("Can’t be refreshed here");
  await expect.poll(() => own(page).join()).toContain("_bg.wasm was answered with status 404");
});

test("an import map with the hashes pins every script, and configure() the WebAssembly", { tag: "@firefox" }, async ({ page, server }) => {
  const card = await open(page, server, pageOf(importMap + CHECKED, "de"));
  await expect(card.amount).toHaveText("225,35 $");
  await expect(card.host.locator(".label")).toHaveText("Verfügbares Guthaben");
  expect(page.asked.filter((path) => path in HASHES).toSorted()).toEqual(["airalo-balance.js", GLUE, WASM, WORDS].toSorted());
});

test("an import map refuses a first script with another byte", async ({ page, server }) => {
  await change(page, server, "airalo-balance.js");
  await open(page, server, pageOf(importMap + ENTRY));
  await expect.poll(() => page.errors.join()).toContain("/airalo-balance.js");
  expect(page.asked).not.toContain(GLUE);
});

for (const [name, path] of [["glue", GLUE], ["WebAssembly", WASM]]) {
  test(`a page with an import map refuses a ${name} with another byte`, { tag: "@firefox" }, async ({ page, server }) => {
    await change(page, server, path);
    const card = await open(page, server, pageOf(importMap + CHECKED));
    await expectRefused(page, card, path);
  });
}

test("a page with an import map refuses words with another byte, and the card stays English", async ({ page, server }) => {
  await change(page, server, WORDS);
  const card = await open(page, server, pageOf(importMap + ENTRY, "de"));
  await expect(card.amount).toHaveText("$225.35");
  await expect(card.host.locator(".label")).toHaveText("Available credit");
  expect(page.errors.join()).toContain(`/${WORDS}`);
});

test("a page with an import map refuses a fallback with another byte, and the card says so all the same", async ({ page, server }) => {
  await change(page, server, FALLBACK);
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 404 }));
  const card = await open(page, server, pageOf(importMap + ENTRY));
  await expect(card.status).toHaveText("Can’t be refreshed here");
  expect(page.errors.join()).toContain(`/${FALLBACK}`);
});
