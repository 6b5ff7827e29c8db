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
  const snippet = page.locator(".snippet code").first();
  await expect(card.amount).toHaveText("$225.35");
  await expect(snippet).toContainText('<airalo-balance proxy-url="/api/balance"></airalo-balance>');

  await page.getByLabel("Currency").selectOption("JPY");
  await expect(card.amount).toHaveText("¥225.35");
  await page.getByLabel("State").selectOption({ label: "Low" });
  await expect(card.host.locator(".alert")).toContainText("Running low");
  await expect(page.getByLabel("Low at")).toHaveAttribute("placeholder", "500");
  await expect(page.getByLabel("Critical at")).toHaveAttribute("placeholder", "none");
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

  const pixels = page.locator("output[name=pixels]");
  await page.getByLabel("Variant").selectOption("inline");
  await expect(pixels).toHaveText("");
  await expect(page).toHaveURL(/[?&]width=240(&|$)/);
  await page.getByLabel("Variant").selectOption("card");
  await expect(pixels).toHaveText("240 px");
  await expect.poll(async () => (await card.host.boundingBox()).width).toBe(240);
  await expect(page).toHaveURL(/[?&]width=240(&|$)/);
});

test("warnings, a limit, a label and colours apply to the card and to the lines", async ({ page, files }) => {
  await page.goto(`${files}playground.html`);
  const card = new Card(page);
  const [snippet, style] = [page.locator(".snippet code").first(), page.locator(".snippet code").last()];
  await expect(card.amount).toHaveText("$225.35");
  await expect(style).toBeHidden();
  await page.getByLabel("Low at").fill("300");
  await expect(card.host.locator(".alert")).toContainText("Running low");
  await page.getByLabel("Critical at").fill("250");
  await expect(card.host.locator(".alert")).toContainText("Almost used up");
  await page.getByLabel("Credit limit").fill("500");
  await expect(card.host.locator("[part=meter]")).toBeVisible();
  await page.getByRole("textbox", { name: "Label" }).fill("Our credit");
  await expect(card.host.locator(".label")).toHaveText("Our credit");
  const amount = card.host.locator(".card");
  await page.getByLabel("foreground").fill("#123456");
  await expect.poll(() => amount.evaluate((element) => getComputedStyle(element).color)).toBe("rgb(18, 52, 86)");
  await expect(style).toHaveText("airalo-balance {\n  --airalo-balance-foreground: #123456;\n}\n");
  for (const line of ['low-threshold="300"', 'critical-threshold="250"', 'credit-limit="500"', 'label="Our credit"']) {
    await expect(snippet).toContainText(line);
  }

  await page.goto(page.url());
  await expect(card.host.locator(".label")).toHaveText("Our credit");
  await expect(style).toContainText("#123456");
  await page.getByRole("button", { name: "Reset colours" }).click();
  await expect(style).toBeHidden();
  await expect(page.getByLabel("foreground")).toHaveValue("#16191d");
});

test("a history can be added to any balance, and taken away", async ({ page, files }) => {
  await page.goto(`${files}playground.html`);
  const card = new Card(page);
  const trend = card.host.locator("[part=trend]");
  await expect(card.amount).toHaveText("$225.35");
  await expect(trend).toBeHidden();
  await page.locator("select[name=history]").selectOption("on");
  await expect(trend).toBeVisible();
  await page.getByLabel("Low, in days").fill("90");
  await expect(card.host.locator(".alert")).toContainText("Running low");
  await page.getByLabel("State").selectOption({ label: "With a history" });
  await page.locator("select[name=history]").selectOption("off");
  await expect(card.amount).toHaveText("$225.35");
  await expect(trend).toBeHidden();
});

test("each event is listed as it happens, with its detail", async ({ page, files }) => {
  await page.goto(`${files}playground.html`);
  const events = page.locator(".events li");
  await expect(events).toHaveCount(1);
  await expect(events.first()).toContainText('airalo-balance-ready{ "state": "ready", "balances": [ { "name": "balance", "amount": "225.35"');
  await page.getByLabel("Low at").fill("300");
  await expect(events.first()).toContainText('airalo-balance-level{ "level": "low", "previous": "ok" }');
  await page.getByLabel("State").selectOption({ label: "No server" });
  await expect(events.first()).toContainText('"code": "network"');
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(events).toHaveCount(0);
});

test("the lines of HTML are read as the attributes that were set", async ({ page, files }) => {
  const label = 'A & B\'s "{{credit}}" <é> &amp;';
  const query = new URLSearchParams({ label, "low-threshold": "49.50", variant: "compact", locale: "de" });
  await page.goto(`${files}playground.html?${query}`);
  const lines = await page.locator(".snippet code").first().textContent();
  const attributes = await page.evaluate((text) => {
    const element = new DOMParser().parseFromString(text, "text/html").querySelector("airalo-balance");
    return Object.fromEntries(element.getAttributeNames().map((name) => [name, element.getAttribute(name)]));
  }, lines);
  expect(attributes).toEqual({ "proxy-url": "/api/balance", label, "low-threshold": "49.50", variant: "compact", locale: "de" });
});

test("each framework has its lines, by the mouse and by the keyboard", async ({ page, files }) => {
  await page.goto(`${files}playground.html`);
  const snippet = page.locator(".snippet code").first();
  const lines = { React: "<AiraloBalance proxyUrl=", Vue: "<template>", Svelte: '<script lang="ts">', Angular: "@Component", yew: "html! {" };
  for (const [framework, line] of Object.entries(lines)) {
    await page.getByText(framework, { exact: true }).click();
    await expect(snippet).toContainText(line);
  }
  await page.keyboard.press("ArrowLeft");
  await expect(snippet).toContainText("@Component");
  await page.goto(page.url());
  await expect(snippet).toContainText("@Component");
});

test("in forced colours the chosen framework alone has a line", async ({ page, files }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto(`${files}playground.html`);
  const lines = () =>
    page.locator(".tabs span").evaluateAll((names) => {
      const background = getComputedStyle(document.body).backgroundColor;
      return names.filter((name) => getComputedStyle(name).borderBottomColor !== background).map((name) => name.textContent);
    });
  expect(await lines()).toEqual(["HTML"]);
  await page.getByRole("radio", { name: "Vue" }).check({ force: true });
  expect(await lines()).toEqual(["Vue"]);
});

test("an address with invalid settings shows the first situation", async ({ page, files }) => {
  await page.goto(`${files}playground.html?scenario=nonsense&variant=x&width=abc&elements=1`);
  await expect(new Card(page).amount).toHaveText("$225.35");
});

test("every situation of the playground can be reached", async ({ page, files }) => {
  await page.goto(`${files}playground.html`);
  const situations = await page.getByLabel("State").locator("option").evaluateAll((all) => all.map(({ value }) => value));
  expect(situations.length).toBeGreaterThan(20);
  const card = new Card(page);
  for (const situation of situations.filter((name) => name !== "loading")) {
    await page.getByLabel("State").selectOption(situation);
    await expect.poll(async () => (await card.snapshot()).state, situation).not.toBe("loading");
  }
});
