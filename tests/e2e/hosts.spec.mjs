// The card in a yew app: examples/yew-host, as Trunk builds it.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { balanceJson, dist } from "./panel.mjs";
import { Card, expect, test } from "./stack.mjs";

const app = process.env.AIRALO_YEW_HOST ?? fileURLToPath(new URL("../../target/yew-host", import.meta.url));
const html = readFileSync(`${app}/index.html`, "utf8");

/** A policy that allows no style but constructed ones, and of the scripts inside the page only that of Trunk. */
const [, inline] = /<script type="module"[^>]*>([^]*?)<\/script>/.exec(html);
const hash = createHash("sha256").update(inline).digest("base64");
const policy = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}'; style-src 'none'`;
const pageWithPolicy = html.replace("<head>", `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`);

/** Opens the app, with this balance behind its cards. */
async function open(page, panel, amount = 150) {
  const server = await panel(pageWithPolicy, { files: [app, dist] });
  server.answer = () => ({ body: balanceJson(amount) });
  await page.goto(server.url);
  const cards = ["header > airalo-balance-card", "#settings", "#shadow"].map((selector) => new Card(page, selector));
  for (const card of cards) await expect(card.amount).toHaveText(/150\D00/);
  return { server, bar: cards[0], settings: cards[1], shadow: cards[2] };
}

const styleOf = (card, property) =>
  card.host.locator("section").evaluate((section, property) => getComputedStyle(section)[property], property);

test("cards in a yew app have their styles, in the document and in a shadow root, and ask once", { tag: "@firefox" }, async ({ page, panel }) => {
  const { server, bar, settings, shadow } = await open(page, panel);
  expect(await styleOf(settings, "borderRadius")).toBe("12px");
  expect(await styleOf(shadow, "borderRadius")).toBe("12px");
  expect(await styleOf(bar, "display")).toBe("flex");
  await expect(shadow.topUp).toBeHidden();
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0].headers["x-airalo-widget"]).toBe("1");
});

test("an app with the component exports nothing of it to JavaScript", () => {
  const glue = readdirSync(app).find((name) => name.endsWith(".js"));
  const exports = readFileSync(`${app}/${glue}`, "utf8").match(/^export .*$/gm);
  expect(exports).toEqual(["export { initSync, __wbg_init as default };"]);
});

test("a card in a yew app has its words in the language that was given, and the app's own in its slots", async ({ page, panel }) => {
  const { settings } = await open(page, panel);
  await expect(settings.amount).toHaveText("150,00 $");
  await expect(settings.host.locator("section")).toHaveAttribute("lang", "de");
  await expect(settings.host.getByRole("button", { name: "Aktualisieren" })).toBeVisible();
  await expect(settings.host.getByText("Airalo", { exact: true })).toBeVisible();
});

test("a prop that changes changes the card, and the app hears of it", async ({ page, panel }) => {
  const { server, settings } = await open(page, panel);
  await expect(page.getByText("Top up before you order.")).toBeVisible();
  await expect(settings.host).toHaveAttribute("state", "ready");
  await page.getByRole("button", { name: "Warn earlier" }).click();
  await expect(settings.host).toHaveAttribute("state", "ready low");
  expect(server.requests).toHaveLength(1);

  server.answer = () => ({ body: balanceJson(900) });
  // A second request within two seconds would wait.
  await expect.poll(() => Date.now() - server.requests[0].at).toBeGreaterThan(2_000);
  await settings.host.getByRole("button", { name: "Aktualisieren" }).click();
  await expect(settings.amount).toHaveText("900,00 $");
  await expect(settings.host).toHaveAttribute("state", "ready");
  await expect(page.getByText("Top up before you order.")).toHaveCount(0);
});

test("an app may keep the top-up link from opening, and gets the clicks on the card as others", { tag: "@firefox" }, async ({ page, panel }) => {
  const { settings } = await open(page, panel);
  const opened = [];
  page.context().on("page", (other) => opened.push(other.url()));
  await settings.host.locator("[part=top-up]").click();
  await expect(page.locator("output")).toHaveText("to top up: 150");
  await expect(page.getByText("1 clicks in this section")).toBeVisible();
  expect(opened).toEqual([]);
});

test("a card that is removed from a yew app and comes back shows what is known, without a request", async ({ page, panel }) => {
  const { server, settings } = await open(page, panel);
  for (let round = 0; round < 3; round += 1) {
    await page.getByRole("button", { name: "Hide" }).click();
    await expect(settings.host).toHaveCount(0);
    await page.getByRole("button", { name: "Show" }).click();
    await expect(settings.amount).toHaveText("150,00 $");
  }
  expect(server.requests).toHaveLength(1);
  // What the card listens to is that of the new one.
  await settings.host.locator("[part=top-up]").click();
  await expect(page.locator("output")).toHaveText("to top up: 150");
});

test("a card that comes and goes a hundred times leaves nothing in the app", async ({ page, panel }) => {
  const { settings } = await open(page, panel);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const cycle = (times) =>
    page.evaluate(async (times) => {
      const button = document.querySelector("section button");
      const until = async (condition) => {
        while (!condition()) await new Promise((next) => setTimeout(next));
      };
      const card = () => document.getElementById("settings");
      for (let i = 0; i < times; i += 1) {
        button.click();
        await until(() => !card());
        button.click();
        await until(() => card()?.shadowRoot?.querySelector(".item .amount bdi"));
      }
    }, times);
  const measure = async () => {
    for (let i = 0; i < 3; i += 1) await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    return ["Nodes", "JSEventListeners"].map((name) => metrics.find((metric) => metric.name === name).value);
  };
  await cycle(10);
  const [nodes, listeners] = await measure();
  await cycle(100);
  const [nodesAfter, listenersAfter] = await measure();
  await expect(settings.amount).toHaveText("150,00 $");
  // The browser itself creates and removes a few; one for each card would be 100.
  expect(nodesAfter - nodes).toBeLessThan(20);
  expect(listenersAfter - listeners).toBeLessThan(20);
});

test("the focus returns to the button of the details when they close", async ({ page, panel }) => {
  const server = await panel(pageWithPolicy, { files: [app, dist] });
  server.answer = () => ({ status: 500, body: "" });
  await page.goto(server.url);
  const more = new Card(page, "#shadow").host.getByRole("button", { name: "Details" });
  await more.click();
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => {
    let element = document.activeElement;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element.getAttribute("part");
  });
  expect(await focused()).toBe("copy");
  await page.keyboard.press("Escape");
  expect(await focused()).toBe("more");
});

test("elements in a yew app and its own listeners get the same clicks", { tag: "@firefox" }, async ({ page, panel }) => {
  await open(page, panel);
  await page.evaluate(async () => {
    await import("/airalo-balance.js");
    for (const id of ["first", "second"]) {
      const element = document.createElement("airalo-balance");
      Object.assign(element, { id, proxyUrl: "/api/balance" });
      element.addEventListener("airalo-balance-top-up", (event) => event.preventDefault());
      document.querySelector("body > section").append(element);
    }
  });
  for (const [number, id] of ["first", "second"].entries()) {
    const card = new Card(page, `#${id}`);
    await expect(card.amount).toHaveText("$150.00");
    await card.topUp.click();
    await expect(page.getByText(`${number + 1} clicks in this section`)).toBeVisible();
  }
  expect(await page.cardEvents("top-up")).toHaveLength(2);
});
