// Where the class finds the files that it loads, and what it does where one could not be loaded once.

import { resolve } from "node:path";
import { dist } from "./panel.mjs";
import { Card, cardFolder, expect, test } from "./stack.mjs";

const pageWithBase = (base) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><script type="module" src="/airalo-balance.js"></script>
  <main><airalo-balance proxy-url="/api/balance" asset-base="${base}"></airalo-balance></main>`;

test("asset-base names the folder of the WebAssembly, relative to the page, and its file is never an old one of a cache", async ({ page, panel }) => {
  const host = await panel({ "/panel/": pageWithBase("../files") });
  const asked = [];
  await page.route("**/files/**", (route) => {
    asked.push(route.request().url());
    return route.fulfill({ path: resolve(dist, `.${cardFolder()}airalo-balance_bg.wasm`), contentType: "application/wasm" });
  });
  page.on("request", (request) => request.url().includes("/card/") && asked.push(request.url()));
  await page.goto(`${host.url}panel/`);
  await expect(new Card(page).amount).toHaveText("$225.35");
  const digits = cardFolder().split("/")[2];
  expect(asked.filter((url) => url.includes(".wasm"))).toEqual([`${host.url}files/airalo-balance_bg.wasm?${digits}`]);
});

test("an asset-base that is no folder of a server is ignored, with one warning", async ({ page, panel }) => {
  const host = await panel(pageWithBase("javascript:0"));
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await page.goto(host.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('asset-base="javascript:0"');
});

test("a glue that could not be loaded once is loaded for the next card", { tag: "@firefox" }, async ({ page, panel }) => {
  const host = await panel(pageWithBase(""));
  await page.route("**/card/*/airalo-balance.js*", (route) => route.fulfill({ status: 503 }));
  await page.goto(host.url);
  const card = new Card(page);
  await expect.poll(async () => (await card.snapshot()).error?.code).toBe("unsupported");
  await page.unroute("**/card/*/airalo-balance.js*");
  await page.evaluate(() => {
    const next = document.createElement("airalo-balance");
    next.id = "next";
    next.proxyUrl = "/api/balance";
    document.body.append(next);
  });
  await expect(new Card(page, "#next").amount).toHaveText("$225.35");
});
