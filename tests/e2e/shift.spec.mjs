// The layout does not shift while a card loads, is refreshed, warns or fails.

import { readFileSync } from "node:fs";
import { Card, expect, test } from "./stack.mjs";

/** A column of a panel: a card and a line below it. The page reserves the size of the card until it is defined. */
const panel = ({ width = 352, attributes = "", height = 184 }) => `<!doctype html><html lang="en"><meta charset="utf-8">
<style>
  body { margin: 16px; font: 16px/1.5 sans-serif }
  main { width: ${width}px }
  airalo-balance:not(:defined) { display: block; min-block-size: ${height}px }
</style>
<script type="module" src="/airalo-balance.js"></script>
<main><airalo-balance proxy-url="/api/balance" refresh-interval="0" ${attributes}></airalo-balance><p>A line below it.</p></main>`;

/** Opens a panel; WebAssembly and messages arrive late, so that every stage is painted. */
async function open(page, server, options = {}) {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries()) {
        const moved = sources.map(({ node, previousRect, currentRect }) => {
          const rect = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
          return `${node?.nodeName}.${node?.className}: ${rect(previousRect)} to ${rect(currentRect)}`;
        });
        if (!hadRecentInput) window.shifts.push(`${value.toFixed(4)} by ${moved.join(", ")}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.route(`${server.url}panel`, (route) =>
    route.fulfill({ contentType: "text/html", body: panel(options) }),
  );
  const delayed = (delay) => async (route) => {
    await new Promise((next) => setTimeout(next, delay));
    await route.continue();
  };
  await page.route("**/*.wasm", delayed(300));
  await page.route("**/words/*", delayed(200));
  await page.goto(`${server.url}panel`);
  return new Card(page);
}

/** The layout shifts until now, after two more frames. */
const shifts = async (page) => {
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  return page.evaluate(() => window.shifts);
};

const PANELS = {
  "a card": {},
  "a card in a narrow column": { width: 180, height: 180 },
  "a card across the page": { width: 1000 },
  "a compact card": { width: 260, attributes: 'variant="compact"', height: 146 },
  "a card with a limit": { attributes: 'credit-limit="800"', height: 212 },
  "a card in German": { attributes: 'locale="de"' },
  "a card in Arabic": { attributes: 'locale="ar"' },
  "a card in Japanese": { attributes: 'locale="ja"' },
};

for (const [name, panel] of Object.entries(PANELS)) {
  test(`${name} moves nothing when its balance arrives and when it changes`, async ({ page, server, standIn }) => {
    const card = await open(page, server, panel);
    await expect(card.amount).toContainText(/225[.,]35/);
    await card.host.evaluate((element) => element.refresh());
    await standIn.setBalance("14.10");
    await card.host.evaluate((element) => element.refresh());
    await expect(card.amount).toContainText(/14[.,]10/);
    expect(await shifts(page)).toEqual([]);
  });
}

for (const name of ["a card", "a card across the page", "a card with a limit", "a card in German", "a card in Arabic", "a card in Japanese"]) {
  test(`${name} moves nothing when it warns, fails and recovers`, async ({ page, server, standIn }) => {
    const card = await open(page, server, PANELS[name]);
    await expect(card.amount).toContainText(/225[.,]35/);
    const refresh = () => card.host.evaluate((element) => element.refresh());
    await card.host.evaluate((element) => (element.lowThreshold = "200"));
    await standIn.setBalance("150.00");
    await refresh();
    await expect(card.host.locator(".alert")).toBeVisible();
    await standIn.setBalance("500.00");
    await refresh();
    await expect(card.host.locator(".alert")).toBeHidden();
    await page.route("**/api/balance", (route) => route.abort());
    await refresh();
    await expect(card.outdated).toBeVisible();
    await page.unroute("**/api/balance");
    await refresh();
    await expect(card.outdated).toBeHidden();
    expect(await shifts(page)).toEqual([]);
  });

  // A long message and a short one.
  for (const error of ["credentials-refused", "connection refused"]) {
    test(`${name} moves nothing when its first response is an error: ${error}`, async ({ page, server, standIn }) => {
      if (error === "connection refused") await page.route("**/api/balance", (route) => route.abort());
      else await standIn.play(error);
      const card = await open(page, server, PANELS[name]);
      await expect(card.title).toBeVisible();
      await expect(card.host.locator("[part=retry]")).toBeVisible();
      expect(await shifts(page)).toEqual([]);
    });
  }
}

const contract = (name) => JSON.parse(readFileSync(new URL(`../../contract/${name}.json`, import.meta.url)));

for (const [name, options] of Object.entries(PANELS)) {
  for (const warning of ["", 'low-threshold="300"']) {
    // In a narrow column a warning needs room of its own, before and after.
    if (warning && options.width < 300) continue;
    test(`${name} moves nothing when its history arrives and when it changes${warning && ", below a warning"}`, async ({ page, server }) => {
      const balance = contract("balance-history");
      // An old one has its date in the status, which is longer.
      delete balance.meta.fetched_at;
      let release;
      const held = new Promise((resolve) => (release = resolve));
      await page.route("**/api/balance", (route) => route.fulfill({ json: balance }));
      await page.route("**/api/balance/history?*", async (route) => {
        await held;
        await route.fulfill({ json: contract("history-month") });
      });
      const card = await open(page, server, { ...options, attributes: `${options.attributes ?? ""} ${warning}` });
      await expect(card.amount).toContainText(/225[.,]35/);
      // The messages may come after the card.
      if (warning) await expect(card.host.locator(".alert")).toBeVisible();
      expect(await shifts(page), "before").toEqual([]);
      release();
      await expect(card.host.locator("[part=trend]")).toBeVisible();
      expect(await shifts(page), "when it arrives").toEqual([]);
      balance.data.balances[0].availableBalance.amount = 14.1;
      await card.host.evaluate((element) => element.refresh());
      await expect(card.amount).toContainText(/14[.,]10/);
      expect(await shifts(page), "when the balance changes").toEqual([]);
    });
  }
}

test("a low balance moves nothing when its refresh fails", async ({ page, server }) => {
  const card = await open(page, server, { attributes: 'low-threshold="300"' });
  await expect(card.host.locator(".alert")).toBeVisible();
  await page.route("**/api/balance", (route) => route.abort());
  await card.host.evaluate((element) => element.refresh());
  await expect(card.outdated).toBeVisible();
  expect(await shifts(page)).toEqual([]);
});

test("several balances move nothing when they change", async ({ page, server }) => {
  let [dollars, euros] = ["1234.50", "980.00"];
  const balance = (name, amount, currency) => ({ name, availableBalance: { amount, currency } });
  await page.route("**/api/balance", (route) =>
    route.fulfill({
      json: { data: { balances: [balance("Main", dollars, "USD"), balance("Europe", euros, "EUR")] }, meta: { message: "success" } },
    }),
  );
  const card = await open(page, server);
  await expect(card.amount.first()).toHaveText("$1,234.50");
  // The skeleton has one line: the second one appears with the first response.
  await page.evaluate(() => (window.shifts = []));
  [dollars, euros] = ["9.10", "12345.00"];
  await card.host.evaluate((element) => element.refresh());
  await expect(card.amount.last()).toHaveText("€12,345.00");
  expect(await shifts(page)).toEqual([]);
});

test("these tests notice a layout shift", async ({ page, server }) => {
  const card = await open(page, server);
  await expect(card.amount).toBeVisible();
  await page.evaluate(() => document.querySelector("main").prepend(document.createElement("hr")));
  await expect.poll(async () => (await shifts(page)).length).toBeGreaterThan(0);
});
