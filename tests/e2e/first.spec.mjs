// The balance before the card: written into the page by a server, or shown by the class.

import { Card, expect, fetchPage, holdWebAssembly, startProxy, stop, test } from "./stack.mjs";

/** Counts the requests, and records warnings and layout shifts. */
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

/** A proxy that has the balance in its cache. */
async function startWarmProxy(standIn) {
  const proxy = await startProxy(standIn, { BALANCE_TTL: "60" });
  const answer = await fetch(`${proxy.url}api/balance`, { headers: { "X-Airalo-Widget": "1" } });
  expect(answer.status).toBe(200);
  return proxy;
}

test("a balance in the page is painted before the element starts", async ({ page, standIn }) => {
  const proxy = await startWarmProxy(standIn);
  await page.addInitScript(() => {
    // The page behaves as before its first frame, even if that has been painted.
    performance.getEntriesByType = () => [];
    const { define } = customElements;
    customElements.define = function (...args) {
      window.paintedBefore = window.frame?.painted;
      return define.apply(this, args);
    };
    const { requestAnimationFrame } = window;
    window.requestAnimationFrame = (callback) => {
      const frame = (window.frame = { painted: false });
      return requestAnimationFrame((time) => {
        frame.painted = true;
        callback(time);
      });
    };
  });
  await page.goto(proxy.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  expect(await page.evaluate(() => window.paintedBefore)).toBe(true);
});

test("the proxy's page contains its balance, and the card sends no request and moves nothing", async ({ page, standIn }) => {
  const proxy = await startWarmProxy(standIn);
  const seen = await watch(page);
  const release = await holdWebAssembly(page);
  await page.goto(proxy.url);
  const card = new Card(page);
  // The WebAssembly has not loaded.
  await expect(card.host).toContainText("USD 225.35");
  const before = await page.evaluate(() => {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector("airalo-balance").firstChild);
    const { x, y, height } = range.getBoundingClientRect();
    return { x, y, height };
  });
  release();
  await expect(card.amount).toHaveText("$225.35");
  const after = await card.amount.boundingBox();
  expect([after.x, after.y, after.height].map(Math.round)).toEqual([before.x, before.y, before.height].map(Math.round));
  await page.waitForTimeout(500);
  expect(seen.requests).toBe(0);
  expect(await page.evaluate(() => window.moved)).toEqual([]);
  expect(await page.cardEvents("ready")).toHaveLength(1);
  expect((await card.snapshot()).balances).toEqual([{ name: "balance", amount: "225.35", currency: "USD" }]);

  // A refresh works as on any other card.
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

  test("the balance is on the page, in a box of the size of the card", async ({ browser, standIn }) => {
    const proxy = await startWarmProxy(standIn);
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
    const { response, html } = await fetchPage(route);
    const body = html.replace(
      /<airalo-balance.*<\/airalo-balance>/,
      `<airalo-balance proxy-url="/api/balance" ${attributes}>${inside}</airalo-balance>`,
    );
    await route.fulfill({ response, body });
  });
  await page.goto(server.url);
  return new Card(page);
}

const initialData = (amount, minutesAgo) => {
  const balances = [{ name: "balance", availableBalance: { amount, currency: "USD" } }];
  const fetched_at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return `<script type="application/json">${JSON.stringify({ data: { balances }, meta: { message: "success", fetched_at } })}</script>`;
};

test("initial data has its age, and is refreshed when the interval has passed", async ({ page, server }) => {
  const seen = await watch(page);
  const card = await openWith(page, server, initialData("7.50", 3));
  await expect(card.amount).toHaveText("$7.50");
  await expect(card.status).toContainText("3 minutes ago");
  await page.waitForTimeout(300);
  expect(seen.requests).toBe(0);

  const old = await openWith(page, server, initialData("7.50", 20));
  await expect(old.amount).toHaveText("$225.35");
  expect(seen.requests).toBe(1);
});

test("with initial data no request is sent, even if an attribute changes before the card mounts", async ({ page, server }) => {
  const seen = await watch(page);
  const release = await holdWebAssembly(page);
  const card = await openWith(page, server, initialData("7.50", 3));
  await expect(card.preview).toHaveText("$7.50");
  await card.host.evaluate((element) => (element.label = "Credit"));
  await page.waitForTimeout(200);
  release();
  await expect(card.amount).toHaveText("$7.50");
  await expect(card.host.locator(".label")).toHaveText("Credit");
  expect(seen.requests).toBe(0);
});

test("old initial data of a lazy card is refreshed when the card comes near the viewport, and not before", async ({ page, server }) => {
  const seen = await watch(page);
  const card = await openWith(page, server, initialData("7.50", 20), 'loading="lazy" hidden');
  await expect(card.amount).toHaveText("$7.50");
  await page.waitForTimeout(300);
  expect(seen.requests).toBe(0);
  await card.host.evaluate((element) => (element.hidden = false));
  await expect(card.amount).toHaveText("$225.35");
  expect(seen.requests).toBe(1);
});

test("initial data is not used for another URL", async ({ page, server }) => {
  const release = await holdWebAssembly(page);
  const body = JSON.stringify({
    data: { balances: [{ name: "balance", availableBalance: { amount: 5, currency: "USD" } }] },
    meta: { message: "success" },
  });
  await page.route("**/elsewhere", (route) => route.fulfill({ body, contentType: "application/json" }));
  const card = await openWith(page, server, initialData("7.50", 3));
  await expect(card.preview).toHaveText("$7.50");
  await card.host.evaluate((element) => (element.proxyUrl = "/elsewhere"));
  await expect(card.preview).toHaveText("$5.00");
  release();
  await expect(card.amount).toHaveText("$5.00");
  expect((await card.snapshot()).balances[0].amount).toBe("5");
});

test("two cards with one URL start with the newer initial data, and send no request", async ({ page, server }) => {
  const seen = await watch(page);
  const other = `</airalo-balance><airalo-balance id="other" proxy-url="/api/balance">${initialData("6.00", 1)}`;
  const card = await openWith(page, server, initialData("7.50", 4) + other);
  await expect(new Card(page, "#other").amount).toHaveText("$6.00");
  await expect(card.amount).toHaveText("$6.00");
  expect(seen.requests).toBe(0);
});

test("invalid initial data is replaced by a request, with one warning", async ({ page, server }) => {
  for (const inside of ["{", '{"data":{"balances":[{"name":"x","availableBalance":{"currency":"USD"}}]}}', ""]) {
    const seen = await watch(page);
    const card = await openWith(page, server, `<script type="application/json">${inside}</script>`);
    await expect(card.amount).toHaveText("$225.35");
    expect(seen.warnings.filter((text) => text.includes("holds no answer"))).toHaveLength(1);
  }
});

test("white space inside the element is no text", async ({ page, server }) => {
  await page.route("**/*.wasm", () => {});
  await page.route("**/api/balance", () => {});
  const card = await openWith(page, server, "\n   \n");
  await expect(card.host.locator(".amount .placeholder")).toBeVisible();
});

test("a second visit only revalidates the scripts", async ({ page, standIn }) => {
  // The page of the fixture is intercepted, which turns the cache of the browser off.
  const server = await startProxy(standIn);
  const loaded = () =>
    page.evaluate(() => {
      const files = performance.getEntriesByType("resource").filter(({ name }) => /\.(js|wasm)$/.test(name));
      return files.map(({ name, transferSize }) => [new URL(name).pathname, transferSize]);
    });
  const isImmutable = (path) => path.startsWith("/card/");
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  const first = await loaded();
  expect(first.filter(([path]) => isImmutable(path))).toHaveLength(2);
  for (const [path, bytes] of first) expect(bytes, path).toBeGreaterThan(300);

  await page.goto("about:blank");
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  const second = await loaded();
  expect(second.map(([path]) => path).sort()).toEqual(first.map(([path]) => path).sort());
  // Chromium counts a response 304 as 300 bytes.
  for (const [path, bytes] of second) expect(bytes, path).toBe(isImmutable(path) ? 0 : 300);
});

/** Responds with this balance. */
const respondWith = (page, amount, { currency = "USD", more = [], meta = {}, status = 200 } = {}) => {
  const balances = `[{"name":"balance","availableBalance":{"amount":${amount},"currency":"${currency}"}}${more.join("")}]`;
  const body = `{"data":{"balances":${balances}},"meta":${JSON.stringify({ message: "success", ...meta })}}`;
  return page.route("**/api/balance", (route) => route.fulfill({ status, body, contentType: "application/json" }));
};

const LOCALES = { en: "$225.35", de: "225,35\u00a0$", ar: "US$", ja: "$225.35", fr: "$US", he: "$" };
for (const [locale, part] of Object.entries(LOCALES)) {
  test(`the amount is shown before the WebAssembly has loaded, and the card shows the same: ${locale}`, async ({ page, server }) => {
    const seen = await watch(page);
    const release = await holdWebAssembly(page);
    await respondWith(page, "225.35");
    const card = await openWith(page, server, "", `locale="${locale}"`);
    await expect(card.preview).toContainText(part);
    await expect(card.host.locator(".label .placeholder")).toHaveCount(0);
    const before = { text: await card.preview.textContent(), box: await card.preview.boundingBox() };
    expect((await card.snapshot()).state).toBe("loading");
    // The title is shown as soon as its messages have arrived.
    const title = await card.host.locator(".label").textContent();
    release();
    await expect(card.amount).toBeVisible();
    await expect(card.host.locator(".label")).toHaveText(title);
    expect(title).not.toBe("");
    expect({ text: await card.amount.textContent(), box: await card.amount.boundingBox() }).toEqual(before);
    expect(seen.requests).toBe(1);
    expect(await page.evaluate(() => window.moved)).toEqual([]);
    expect(await page.cardEvents("ready")).toHaveLength(1);
  });
}

const AMOUNTS = ["0.01", "7", "7.5", "7.50", '"225.35"', "999999.999", "1234567.8", "12345678.9", "123456789012.34", "20e1", "1e-2", '"007"', '" 7"', "-3", "0", "0.00", "-0.0", "true", "9007199254740993"];
test("every amount that is shown before the WebAssembly has loaded is the one that the card shows", async ({ page, server }) => {
  test.setTimeout(120_000);
  const early = [];
  for (const currency of ["USD", "JPY", "KWD", "XYZ"]) {
    for (const amount of AMOUNTS) {
      await page.unrouteAll();
      const release = await holdWebAssembly(page);
      await respondWith(page, amount, { currency });
      const answered = page.waitForResponse("**/api/balance");
      const card = await openWith(page, server, "");
      await answered;
      // Long enough for an amount that is shown at once.
      await page.waitForTimeout(100);
      const isShown = (await card.preview.count()) > 0;
      const preview = isShown ? { text: await card.preview.textContent(), box: await card.preview.boundingBox() } : null;
      release();
      await expect.poll(async () => (await card.snapshot()).state).not.toBe("loading");
      if (preview === null) continue;
      early.push(`${currency} ${amount}`);
      await expect(card.amount, `${currency} ${amount}`).toHaveText(preview.text);
      expect(await card.amount.boundingBox(), `${currency} ${amount}`).toEqual(preview.box);
    }
  }
  // These do not wait for the card.
  for (const one of ["USD 7.5", "JPY 7", "KWD 0.01", 'USD "225.35"']) expect(early).toContain(one);
});

// The part of the card that says more than the amount, and its text.
const NOT_PLAIN = {
  "is zero": { amount: "0.00", shows: [".alert", "No credit left: orders will fail"] },
  "is below zero": { amount: "-1.00", shows: [".alert", "No credit left: orders will fail"] },
  "is on a threshold": { amount: "50.00", attributes: 'low-threshold="50"', shows: [".alert", "Running low"] },
  "is below a threshold": { amount: "14.10", attributes: 'low-threshold="200" critical-threshold="10"', shows: [".alert", "Running low"] },
  "is old": { amount: "225.35", more: { meta: { stale: true } }, shows: [".outdated", "Not up to date"] },
  "is one of several": { amount: "225.35", more: { more: [',{"name":"other","availableBalance":{"amount":1,"currency":"EUR"}}'] }, shows: [".item:last-child .name", "other"] },
  "comes with an error": { amount: "225.35", more: { status: 502 }, shows: [".message .title", "The server has a problem"] },
  "claims no success": { amount: "225.35", more: { meta: { message: "failed" } }, shows: [".message .title", "The answer can’t be read"] },
  "has no number": { amount: '"n/a"', shows: [".message .title", "The answer can’t be read"] },
};
for (const [what, { amount, more, attributes, shows: [part, text] }] of Object.entries(NOT_PLAIN)) {
  test(`an amount that ${what} waits for the card, which shows more than the amount`, async ({ page, server }) => {
    const release = await holdWebAssembly(page);
    await respondWith(page, amount, more);
    const answered = page.waitForResponse("**/api/balance");
    const card = await openWith(page, server, "", attributes);
    await answered;
    await page.waitForTimeout(200);
    await expect(card.host.locator(".amount .placeholder")).toBeVisible();
    await expect(card.host.getByText(text)).toHaveCount(0);
    release();
    await expect(card.host.locator(part)).toHaveText(text);
  });
}

test("a card that gets another URL before it mounts shows nothing of the first one", async ({ page, server }) => {
  await holdWebAssembly(page);
  await page.route("**/api/balance?other", () => {});
  const card = await openWith(page, server, "");
  await expect(card.preview).toHaveText("$225.35");
  await card.host.evaluate((element) => (element.proxyUrl = "/api/balance?other"));
  await expect(card.host.locator(".amount .placeholder")).toBeVisible();
  await expect(card.preview).toHaveCount(0);
});

test("initial data is shown before the WebAssembly has loaded", async ({ page, server }) => {
  const release = await holdWebAssembly(page);
  const card = await openWith(page, server, initialData("7.50", 3));
  await expect(card.preview).toHaveText("$7.50");
  release();
  await expect(card.amount).toHaveText("$7.50");
  await expect(card.status).toContainText("3 minutes ago");
});
