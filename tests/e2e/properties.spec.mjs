// Attributes, properties, states and headers of the element.

import { Card, countRequests, expect, fetchPage, test } from "./stack.mjs";

test("changing an attribute changes the card without another request", async ({ page, server }) => {
  const counted = countRequests(page);
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await page.evaluate(() => {
    const element = document.querySelector("airalo-balance");
    window.stage = element.shadowRoot.querySelector("section");
    element.locale = "de";
    element.label = "Guthaben";
    element.noTopUp = true;
  });
  await expect(card.amount).toHaveText(/225,35\s\$/);
  await expect(card.host.locator(".label")).toHaveText("Guthaben");
  await expect(card.topUp).toHaveCount(0);
  expect(counted.requests).toBe(1);
  const same = () => window.stage === document.querySelector("airalo-balance").shadowRoot.querySelector("section");
  expect(await page.evaluate(same), "it is the same card, not a new one").toBe(true);
});

test("properties are primitives both ways, with the documented defaults", async ({ page, server }) => {
  await page.goto(server.url);
  const seen = await page.evaluate(() => {
    const element = document.createElement("airalo-balance");
    const before = [element.proxyUrl, element.refreshInterval, element.requestTimeout, element.theme, element.noRefresh];
    element.refreshInterval = 60;
    element.noRefresh = true;
    element.lowThreshold = "49.50";
    const markup = element.outerHTML;
    element.lowThreshold = null;
    return { before, markup, interval: element.refreshInterval, threshold: element.lowThreshold };
  });
  expect(seen).toEqual({
    before: ["", 300, 10, "auto", false],
    markup: '<airalo-balance refresh-interval="60" no-refresh="" low-threshold="49.50"></airalo-balance>',
    interval: 60,
    threshold: "",
  });
});

test("a property that was set before the element was defined is kept", async ({ page, server }) => {
  await page.goto(server.url);
  const label = await page.evaluate(async () => {
    const early = document.createElement("airalo-early");
    early.label = "Early";
    document.body.append(early);
    const { define } = await import("/airalo-balance-element.js");
    define("airalo-early");
    return early.getAttribute("label");
  });
  expect(label).toBe("Early");
});

test("a bad attribute is replaced by its default, with one warning", async ({ page, server }) => {
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await card.host.evaluate((element) => element.setAttribute("refresh-interval", "soon"));
  await expect.poll(() => warnings.length).toBe(1);
  expect(warnings[0]).toContain("refresh-interval");
  await card.host.evaluate((element) => element.setAttribute("label", "Other"));
  await expect(card.host.locator(".label")).toHaveText("Other");
  expect(warnings).toHaveLength(1);
});

for (const [url, title] of [
  ["", "This card is not set up"],
  ["javascript:alert(1)", "This card is not set up"],
  ["/nothing-here", "No balance at this address"],
]) {
  test(`proxy-url="${url}" is a visible error with code config`, async ({ page, server }) => {
    await page.goto(server.url);
    await page.evaluate((url) => {
      const other = document.createElement("airalo-balance");
      other.id = "other";
      other.proxyUrl = url;
      document.body.append(other);
    }, url);
    const card = new Card(page, "#other");
    await expect(card.title).toHaveText(title);
    expect((await card.snapshot()).error.code).toBe("config");
  });
}

test("snapshots cannot be changed from outside", async ({ page, server }) => {
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  const amount = await page.evaluate(() => {
    const element = document.querySelector("airalo-balance");
    try {
      element.snapshot.balances[0].amount = "9";
    } catch {}
    return element.snapshot.balances[0].amount;
  });
  expect(amount).toBe("225.35");
});

test("the states can be selected by a stylesheet", async ({ page, server }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  const matches = (state) => card.host.evaluate((element, state) => element.matches(`:state(${state})`), state);
  expect([await matches("ready"), await matches("loading"), await matches("stale")]).toEqual([true, false, false]);
});

test("invalid values do not affect the first request", async ({ page, server }) => {
  await page.route(server.url, async (route) => {
    const { response, html } = await fetchPage(route);
    const odd = '<airalo-balance credentials="all" loading="EAGER" theme="mauve" ';
    await route.fulfill({ response, body: html.replace("<airalo-balance ", odd) });
  });
  const counted = countRequests(page);
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  expect(counted).toEqual({ requests: 1, failed: 0 });
  await page.evaluate(() => {
    const element = document.createElement("airalo-balance");
    element.id = "odd";
    element.headers = "not an object";
    element.proxyUrl = "/api/balance";
    document.body.append(element);
  });
  await expect(new Card(page, "#odd").amount).toHaveText("$225.35");
});

test("two spellings of one URL share one request and one response", async ({ page, server }) => {
  const counted = countRequests(page);
  await page.route(server.url, async (route) => {
    const { response, html } = await fetchPage(route);
    const second = `<airalo-balance id="second" proxy-url="${server.url}api/balance"></airalo-balance>`;
    await route.fulfill({ response, body: html.replace("<main>", `${second}<main>`) });
  });
  await page.goto(server.url);
  await expect(new Card(page, "#second").amount).toHaveText("$225.35");
  await expect(new Card(page, ".live airalo-balance").amount).toHaveText("$225.35");
  expect(counted.requests).toBe(1);
});

for (const name of ["a value that no header can contain", "a promise that never settles"]) {
  test(`headers with ${name} are an error, and the card recovers`, async ({ page, server }) => {
    await page.goto(server.url);
    await expect(new Card(page).amount).toHaveText("$225.35");
    await page.evaluate((name) => {
      const element = document.createElement("airalo-balance");
      element.id = "own";
      element.requestTimeout = 1;
      element.headers = name.includes("promise") ? () => new Promise(() => {}) : () => ({ "X-User": "Łukasz" });
      element.proxyUrl = "/api/balance";
      document.body.append(element);
    }, name);
    const card = new Card(page, "#own");
    await expect(card.title).toBeVisible();
    await card.host.evaluate((element) => (element.headers = null));
    await expect(card.amount).toHaveText("$225.35");
  });
}
