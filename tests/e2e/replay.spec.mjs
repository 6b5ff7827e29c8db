// Old answers that come again, and times that can be misread.

import { balanceJson, pageWith } from "./panel.mjs";
import { Card, expect, test } from "./stack.mjs";

const CARD = '<airalo-balance proxy-url="/api/balance" refresh-interval="0"></airalo-balance>';
const ago = (seconds) => new Date(Date.now() - seconds * 1_000).toISOString();

/** A service worker that asks the network first, and answers from its cache if that fails. */
const WORKER = `
  addEventListener("install", () => skipWaiting());
  addEventListener("activate", (event) => event.waitUntil(clients.claim()));
  addEventListener("fetch", (event) => {
    if (!event.request.url.endsWith("/api/balance")) return;
    event.respondWith((async () => {
      const cache = await caches.open("balance");
      try {
        const response = await fetch(event.request);
        if (!response.ok) throw new Error(response.status);
        await cache.put(event.request.url, response.clone());
        return response;
      } catch {
        return cache.match(event.request.url);
      }
    })());
  });
`;

for (const [what, meta] of [
  ["with a time of its own", () => ({ fetched_at: ago(0) })],
  ["that only its headers date", () => ({})],
]) {
  test(`an answer ${what} that a service worker replays grows older`, { tag: "@firefox" }, async ({ page, panel }) => {
    const register = 'await navigator.serviceWorker.register("/worker.js"); await navigator.serviceWorker.ready; window.isReady = true;';
    const pages = { "/": pageWith(CARD), "/register": pageWith(`<script type="module">${register}</script>`), "/worker.js": WORKER };
    const host = await panel(pages);
    host.answer = () => ({ body: balanceJson(225.35, meta()) });
    await page.goto(`${host.url}register`);
    await page.waitForFunction(() => window.isReady);
    await page.clock.install();
    await page.goto(host.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    expect(await card.snapshot()).toMatchObject({ state: "ready", stale: false });

    host.answer = () => ({ status: 502 });
    await page.clock.runFor(75_000);
    await card.host.evaluate((element) => element.refresh());
    await expect(card.status).toContainText("1 minute ago");
    expect(await card.snapshot()).toMatchObject({ state: "ready", stale: true });

    // The server's clock has gone on as well, unlike that of this process.
    const later = new Date(Date.now() + 80_000);
    host.answer = () => ({
      headers: { Date: later.toUTCString() },
      body: balanceJson(200, { fetched_at: later.toISOString() }),
    });
    await page.clock.runFor(5_000);
    await card.host.evaluate((element) => element.refresh());
    await expect(card.amount).toHaveText("$200.00");
    expect(await card.snapshot()).toMatchObject({ stale: false });
  });
}

test.describe("times of an answer", () => {
  test.use({ timezoneId: "Asia/Singapore" });

  const withoutZone = (seconds) => ago(seconds).replace("Z", "").replace("T", " ");
  for (const [what, time, status] of [
    ["without a zone is UTC", () => withoutZone(120), "2 minutes ago"],
    ["of RFC 3339 is read", () => ago(180), "3 minutes ago"],
    ["in another format is unknown, and not now", () => "20 Nov 2026 10:00", "Time unknown"],
  ]) {
    test(`a time ${what}`, async ({ page, panel }) => {
      const warnings = [];
      page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
      const host = await panel(pageWith(CARD));
      host.answer = () => ({ body: balanceJson(225.35, { fetched_at: time() }) });
      await page.goto(host.url);
      const card = new Card(page);
      await expect(card.amount).toHaveText("$225.35");
      await expect(card.status).toContainText(status);
      const isUnknown = status === "Time unknown";
      expect((await card.snapshot()).fetchedAt === null).toBe(isUnknown);
      expect(warnings.filter((text) => text.includes("RFC 3339"))).toHaveLength(isUnknown ? 1 : 0);
    });
  }
});

test.describe("data that comes with the page and names no time", () => {
  const inside = `<script type="application/json">${balanceJson(7.5)}</script>`;
  const withData = pageWith(`<airalo-balance proxy-url="/api/balance">${inside}</airalo-balance>`);

  test("is as old as a page that comes from the network", async ({ page, panel }) => {
    const host = await panel(withData);
    await page.goto(host.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$7.50");
    await expect(card.status).toContainText("now");
    expect(host.requests.length).toBe(0);
  });

  test("is of unknown age in a page that comes from a cache, and is renewed at once", async ({ page, panel }) => {
    const worker = `
      addEventListener("install", () => skipWaiting());
      addEventListener("activate", (event) => event.waitUntil(clients.claim()));
      addEventListener("fetch", (event) => {
        if (event.request.mode === "navigate") event.respondWith(caches.match("/cached"));
      });
    `;
    const register = `
      await (await caches.open("pages")).add("/cached");
      await navigator.serviceWorker.register("/worker.js");
      await navigator.serviceWorker.ready;
      window.isReady = true;
    `;
    const host = await panel({ "/cached": withData, "/register": `<script type="module">${register}</script>`, "/worker.js": worker });
    let release;
    host.answer = () => new Promise((resolve) => (release = () => resolve({ body: balanceJson(225.35) })));
    await page.goto(`${host.url}register`);
    await page.waitForFunction(() => window.isReady);
    await page.goto(`${host.url}anything`);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$7.50");
    await expect(card.status).toHaveText("Time unknown");
    expect((await card.snapshot()).fetchedAt).toBe(null);
    await expect.poll(() => host.requests.length).toBe(1);
    release();
    await expect(card.amount).toHaveText("$225.35");
  });
});
