// The playground and the gallery work with any server of static files.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Card, expect, test as base } from "./stack.mjs";

const dist = process.env.AIRALO_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json", ".svg": "image/svg+xml" };

const test = base.extend({
  files: async ({}, use) => {
    const server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url, "http://localhost");
      try {
        const body = await readFile(dist + pathname);
        response.writeHead(200, { "Content-Type": TYPES[extname(pathname)] }).end(body);
      } catch {
        response.writeHead(404).end();
      }
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    await use(`http://127.0.0.1:${server.address().port}/`);
    server.closeAllConnections();
    server.close();
  },
});

test("the settings apply to the card, to the snippet and to the address", async ({ page, files }) => {
  await page.goto(`${files}playground.html`);
  const card = new Card(page);
  const snippet = page.locator(".snippet code");
  await expect(card.amount).toHaveText("$225.35");
  await expect(snippet).toContainText('<airalo-balance proxy-url="/api/balance"></airalo-balance>');

  await page.getByLabel("Currency").selectOption("JPY");
  await expect(card.amount).toHaveText("¥225.35");
  await page.getByLabel("Situation").selectOption({ label: "Low" });
  await expect(card.host.locator(".alert")).toContainText("Running low");
  await page.getByLabel("Language").selectOption("de");
  await expect(card.host.locator(".alert")).toContainText("Guthaben wird knapp");
  await page.getByLabel("Variant").selectOption("compact");
  await page.getByLabel("Theme").selectOption("dark");
  await page.getByLabel("Width").fill("240");
  expect((await card.host.boundingBox()).width).toBe(240);
  for (const line of ['low-threshold="500"', 'variant="compact"', 'theme="dark"', 'locale="de"']) {
    await expect(snippet).toContainText(line);
  }
  await expect(snippet).not.toContainText("canned");

  const address = page.url();
  await page.goto(`${files}playground.html`);
  await page.goto(address);
  await expect(card.host.locator(".alert")).toContainText("Guthaben wird knapp");
  await expect(card.amount).toContainText("¥");
  await expect(page.getByLabel("Width")).toHaveValue("240");
});

test("an address with invalid settings shows the first situation", async ({ page, files }) => {
  await page.goto(`${files}playground.html?scenario=nonsense&variant=x&width=abc&elements=1`);
  await expect(new Card(page).amount).toHaveText("$225.35");
});

test("every situation of the playground can be reached", async ({ page, files }) => {
  await page.goto(`${files}playground.html`);
  const situations = await page.getByLabel("Situation").locator("option").evaluateAll((all) => all.map(({ value }) => value));
  expect(situations.length).toBeGreaterThan(20);
  const card = new Card(page);
  for (const situation of situations.filter((name) => name !== "loading")) {
    await page.getByLabel("Situation").selectOption(situation);
    await expect.poll(async () => (await card.snapshot()).state, situation).not.toBe("loading");
  }
});
