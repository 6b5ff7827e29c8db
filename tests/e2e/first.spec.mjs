// The balance is on the page before the card is: the proxy, or any other server, writes it there.

import { Card, expect, startProxy, stop, test } from "./stack.mjs";

/** Counts what is asked of the proxy, and notes whatever moves. */
async function watch(page) {
  const seen = { requests: 0, warnings: [] };
  page.on("request", (request) => request.url().includes("/api/balance") && (seen.requests += 1));
  page.on("console", (message) => message.type() === "warning" && seen.warnings.push(message.text()));
  await page.addInitScript(() => {
    window.moved = [];
    new PerformanceObserver((list) => {
      window.moved.push(...list.getEntries().map(({ value, sources }) => `${value} ${sources.map(({ node }) => node?.nodeName)}`));
    }).observe({ type: "layout-shift", buffered: true });
  });
  return seen;
}

/** A proxy that has been asked already, and knows the balance. */
async function knowing(standIn) {
  const proxy = await startProxy(standIn, { BALANCE_TTL: "60" });
  const answer = await fetch(`${proxy.url}api/balance`, { headers: { "X-Airalo-Widget": "1" } });
  expect(answer.status).toBe(200);
  return proxy;
}

test("the proxy's page carries its balance, and the card neither asks again nor moves anything", async ({ page, standIn }) => {
  const proxy = await knowing(standIn);
  const seen = await watch(page);
  let let_go;
  const held = new Promise((resolve) => (let_go = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(proxy.url);
  const card = new Card(page);
  // There is no WebAssembly yet.
  await expect(card.host).toContainText("USD 225.35");
  const before = await page.evaluate(() => {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector("airalo-balance").firstChild);
    const { x, y, height } = range.getBoundingClientRect();
    return { x, y, height };
  });
  let_go();
  await expect(card.amount).toHaveText("$225.35");
  const after = await card.amount.boundingBox();
  expect([after.x, after.y, after.height].map(Math.round)).toEqual([before.x, before.y, before.height].map(Math.round));
  await page.waitForTimeout(500);
  expect(seen.requests).toBe(0);
  expect(await page.evaluate(() => window.moved)).toEqual([]);
  expect(await page.heard("ready")).toHaveLength(1);
  expect((await card.snapshot()).balances).toEqual([{ name: "balance", amount: "225.35", currency: "USD" }]);

  // From here on it is a card like any other.
  await standIn.setBalance("190.00");
  await stop(proxy);
  const port = new URL(proxy.url).port;
  const fresh = await startProxy(standIn, {}, port);
  await card.refreshButton.click();
  await expect(card.amount).toHaveText("$190.00");
  expect(seen.requests).toBe(1);
  await stop(fresh);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the balance is on the page, in the place and the size of the card", async ({ browser, standIn }) => {
    const proxy = await knowing(standIn);
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto(proxy.url);
    const host = page.locator("airalo-balance");
    await expect(host).toContainText("USD 225.35");
    const box = await host.boundingBox();
    expect(Math.abs(box.height - 184)).toBeLessThan(2);
    await stop(proxy);
  });
});

/** Serves the page with this inside the element. */
async function openWith(page, server, inside, attributes = "") {
  await page.route(server.url, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(
      /<airalo-balance.*<\/airalo-balance>/,
      `<airalo-balance proxy-url="/api/balance" ${attributes}>${inside}</airalo-balance>`,
    );
    await route.fulfill({ response, body });
  });
  await page.goto(server.url);
  return new Card(page);
}

const answer = (amount, minutesAgo) => {
  const balances = [{ name: "balance", availableBalance: { amount, currency: "USD" } }];
  const fetched_at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return `<script type="application/json">${JSON.stringify({ data: { balances }, meta: { message: "success", fetched_at } })}</script>`;
};

test("an answer that came along has its age, and is renewed when the interval has passed", async ({ page, server }) => {
  const seen = await watch(page);
  const card = await openWith(page, server, answer("7.50", 3));
  await expect(card.amount).toHaveText("$7.50");
  await expect(card.status).toContainText("3 minutes ago");
  await page.waitForTimeout(300);
  expect(seen.requests).toBe(0);

  const old = await openWith(page, server, answer("7.50", 20));
  await expect(old.amount).toHaveText("$225.35");
  expect(seen.requests).toBe(1);
});

test("two cards with one URL begin with the newer of their answers, and ask for none", async ({ page, server }) => {
  const seen = await watch(page);
  const other = `</airalo-balance><airalo-balance id="other" proxy-url="/api/balance">${answer("6.00", 1)}`;
  const card = await openWith(page, server, answer("7.50", 4) + other);
  await expect(new Card(page, "#other").amount).toHaveText("$6.00");
  await expect(card.amount).toHaveText("$6.00");
  expect(seen.requests).toBe(0);
});

test("what came along and cannot be read is asked for, with one warning", async ({ page, server }) => {
  for (const inside of ["{", '{"data":{"balances":[{"name":"x","availableBalance":{"currency":"USD"}}]}}', ""]) {
    const seen = await watch(page);
    const card = await openWith(page, server, `<script type="application/json">${inside}</script>`);
    await expect(card.amount).toHaveText("$225.35");
    expect(seen.warnings.filter((text) => text.includes("holds no answer"))).toHaveLength(1);
  }
});

test("blanks inside the element are no text", async ({ page, server }) => {
  await page.route("**/*.wasm", () => {});
  const card = await openWith(page, server, "\n   \n");
  await expect(card.host.locator(".amount .bone")).toBeVisible();
});
