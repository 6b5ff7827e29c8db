// What a card leaves behind when it is removed, and what happens when it panics.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Card, cardFolder, expect, startProxy, stop, test } from "./stack.mjs";

test("a thousand cards are added and removed, and leave nothing behind", async ({ page, server }) => {
  test.setTimeout(180_000);
  await page.addInitScript(() => {
    const start = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...values) => {
      const started = await start(...values);
      window.memory = started.instance.exports.memory;
      return started;
    };
  });
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  // Without this card every one of the thousand starts and stops the shared listeners.
  await page.evaluate(() => document.querySelector("airalo-balance").remove());
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");

  const cycle = (times) =>
    page.evaluate(async (times) => {
      for (let i = 0; i < times; i += 1) {
        const element = document.createElement("airalo-balance");
        element.proxyUrl = "/api/balance";
        document.body.append(element);
        while (element.snapshot.state !== "ready") await new Promise((next) => setTimeout(next));
        element.remove();
        await new Promise((next) => setTimeout(next));
      }
      return window.memory.buffer.byteLength;
    }, times);

  const measure = async () => {
    for (let i = 0; i < 3; i += 1) await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const metric = (name) => metrics.find((metric) => metric.name === name).value;
    return { nodes: metric("Nodes"), listeners: metric("JSEventListeners"), heap: metric("JSHeapUsedSize") };
  };

  const memoryBefore = await cycle(100);
  const before = await measure();
  const memoryAfter = await cycle(900);
  const after = await measure();
  console.log("after 100 cards:", before, "wasm", memoryBefore);
  console.log("after 1000 cards:", after, "wasm", memoryAfter);

  expect(memoryAfter, "bytes of WebAssembly memory").toBe(memoryBefore);
  // The browser itself creates and removes a few; one for each card would be 900.
  expect(after.nodes - before.nodes).toBeLessThan(20);
  expect(after.listeners - before.listeners).toBeLessThan(20);
});

test("connecting, disconnecting and connecting in one task is one card and one request", async ({ page, server }) => {
  let requests = 0;
  page.on("request", (request) => request.url().endsWith("/api/balance?once") && (requests += 1));
  await page.goto(server.url);
  await page.evaluate(() => {
    const element = document.createElement("airalo-balance");
    element.id = "hasty";
    element.proxyUrl = "/api/balance?once";
    for (let i = 0; i < 5; i += 1) {
      document.body.append(element);
      element.remove();
    }
    document.body.append(element);
  });
  const card = new Card(page, "#hasty");
  await expect(card.amount).toHaveText("$225.35");
  expect(requests).toBe(1);
  expect(await card.host.evaluate((element) => element.shadowRoot.querySelectorAll(".stage").length)).toBe(1);
});

test("a page may remove the content of the container", async ({ page, server }) => {
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  await page.evaluate(() => document.querySelector(".live").replaceChildren());
  await page.waitForTimeout(300);
  await page.evaluate(() => {
    document.body.textContent = "";
  });
  // The fixture fails where anything was thrown.
  await page.waitForTimeout(300);
});

test("on a page that is a yew app itself, page and card each get their own clicks", async ({ page, server }) => {
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  // A second instance of yew renders into the page itself, with a card in its markup.
  await page.evaluate(async (folder) => {
    const { createGlue } = await import(`${folder}airalo-balance.js`);
    const glue = createGlue();
    await glue.start({ module_or_path: fetch(`${folder}airalo-balance_bg.wasm`) });
    const host = document.createElement("div");
    host.setAttribute("proxy-url", "/api/balance");
    host.setAttribute("top-up-url", "#outer");
    const root = document.createElement("div");
    root.id = "yew-host";
    host.append(root);
    document.body.append(host);
    window.outer = [];
    window.outerCard = glue.mount(host, root, {}, undefined, (name) => window.outer.push(name) || true);
  }, cardFolder());
  await expect(page.locator("#yew-host .item .amount bdi")).toHaveText("$225.35");
  await page.evaluate(() => {
    const inner = document.querySelector(".live airalo-balance");
    inner.setAttribute("top-up-url", "#inner");
    document.querySelector("#yew-host section").append(inner);
  });
  const inner = new Card(page, "#yew-host airalo-balance");
  await expect(inner.amount).toHaveText("$225.35");
  await page.evaluate(() => {
    addEventListener("click", (event) => event.preventDefault());
  });
  await inner.topUp.click();
  expect(await page.cardEvents("top-up")).toHaveLength(1);
  expect(await page.evaluate(() => window.outer.filter((name) => name === "top-up").length)).toBe(0);
  await page.locator('#yew-host > section > .foot a[part="top-up"]').click();
  expect(await page.evaluate(() => window.outer.filter((name) => name === "top-up").length)).toBe(1);
  expect(await page.cardEvents("top-up")).toHaveLength(1);
});

test.describe("a panic", () => {
  // A build that panics where its host says so; see the feature `test-panic`.
  const dist = process.env.AIRALO_PANIC_DIST ?? fileURLToPath(new URL("../../target/panic-dist", import.meta.url));
  readFileSync(`${dist}/index.html`);

  for (const place of ["mount", "update", "report"]) {
    test(`in ${place} stops every card, keeps what it has shown and does not affect the page`, async ({ page, standIn }) => {
      const proxy = await startProxy(standIn, { ASSETS_DIR: dist });
      const errors = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      let requests = 0;
      page.on("request", (request) => request.url().includes("/api/balance") && (requests += 1));
      await page.clock.install();
      await page.goto(proxy.url);
      const card = new Card(page);
      await expect(card.amount).toHaveText("$225.35");
      await page.evaluate(() => {
        const other = document.createElement("airalo-balance");
        other.id = "other";
        other.textContent = "USD 190.00, yesterday";
        other.proxyUrl = "/api/balance?other";
        other.refreshInterval = 10;
        document.body.append(other);
      });
      await expect(new Card(page, "#other").amount).toHaveText("$225.35");
      const before = requests;
      await page.clock.runFor(12_500);
      await expect.poll(() => requests, "the other card asks every ten seconds").toBe(before + 1);
      await expect(new Card(page, "#other").host.locator(".age")).toHaveText("now");

      const snapshot = await card.snapshot();
      const { height } = await card.host.boundingBox();
      const asOf = await card.host.locator(".as-of:not([hidden])").textContent();

      await page.evaluate((place) => {
        const element = document.createElement("airalo-balance");
        element.dataset.panic = place;
        element.proxyUrl = "/api/balance?panics";
        element.id = "panics";
        document.body.append(element);
      }, place);
      if (place === "update") {
        await expect(new Card(page, "#panics").amount).toHaveText("$225.35");
        await page.evaluate(() => (document.querySelector("#panics").label = "Other"));
      }
      await expect.poll(async () => (await page.cardEvents("error")).map((event) => event.detail.code)).toEqual([
        "unsupported",
        "unsupported",
        "unsupported",
      ]);
      // The balance stays with its time, and says that it is old and why.
      const error = { code: "unsupported", problem: null, retryable: false, status: null, retryAfter: null };
      expect(await card.snapshot()).toEqual({ ...snapshot, stale: true, error });
      for (const one of [card, new Card(page, "#other")]) {
        await expect(one.amount).toHaveText("$225.35");
        await expect(one.outdated).toHaveText("Can’t be refreshed here");
        await expect(one.refreshButton).toHaveCount(0);
        await expect(one.host.locator(".age")).toHaveCount(0);
      }
      await expect(card.status).toHaveText(asOf);
      expect((await card.host.boundingBox()).height).toBe(height);
      const ours = errors.filter((text) => text.includes("<airalo-balance>"));
      expect(ours).toHaveLength(1);

      // The failed instance has stopped: no timer runs and nothing renders.
      requests = 0;
      await page.clock.runFor(12_500);
      await page.waitForTimeout(300);
      expect(requests).toBe(0);
      await expect(card.amount).toHaveText("$225.35");
      // The link works without the card.
      await page.evaluate(() => addEventListener("airalo-balance-top-up", (event) => event.preventDefault()));
      await card.topUp.click();
      expect((await page.cardEvents("top-up")).map(({ detail }) => detail.balances)).toEqual([snapshot.balances]);
      expect(await card.host.evaluate((element) => element.refresh())).toMatchObject({ error: { code: "unsupported" } });

      // The page works, and a card that is connected again loads a new instance.
      await page.evaluate(() => {
        document.querySelector("#panics").remove();
        const element = document.querySelector("#other");
        element.remove();
        setTimeout(() => document.body.append(element), 50);
      });
      await expect(new Card(page, "#other").amount).toHaveText("$225.35");
      await stop(proxy);
    });
  }
});
