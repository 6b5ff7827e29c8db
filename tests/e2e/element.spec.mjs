// The element in a page: loaded, moved, removed, mounted and refreshed.

import { balanceJson, pageWith } from "./panel.mjs";
import { Card, countRequests, expect, holdWebAssembly, test } from "./stack.mjs";

test("the balance is requested before the WebAssembly has loaded", async ({ page, server }) => {
  const requested = page.waitForRequest("**/api/balance");
  // The file is held back until the request is sent: a card that waits for the file fails.
  await page.route("**/*.wasm", async (route) => {
    await requested;
    await route.continue();
  });
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
});

test("importing an entry file in Node does nothing and throws nothing", async ({ server }) => {
  const load = async (file) => {
    const source = await (await fetch(server.url + file)).text();
    return import(`data:text/javascript,${encodeURIComponent(source)}`);
  };
  expect(Object.keys(await load("airalo-balance.js"))).toEqual(["configure"]);
  const module = await load("airalo-balance-element.js");
  expect(Object.keys(module).sort()).toEqual(["AiraloBalanceElement", "configure", "define", "mount"]);
  module.define();
});

test("importing the class changes nothing on the page", async ({ page, server }) => {
  await page.route("**/airalo-balance.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  const counted = countRequests(page);
  await page.goto(server.url);
  await page.evaluate(async () => {
    await import("/airalo-balance-element.js");
  });
  expect(await page.evaluate(() => customElements.get("airalo-balance") === undefined)).toBe(true);
  expect(counted.requests).toBe(0);
});

test("a page needs one script before it requests its balance", async ({ page, server }) => {
  const body = '<!doctype html><script type="module" src="/airalo-balance.js"></script><airalo-balance proxy-url="/api/balance"></airalo-balance>';
  await page.route(`${server.url}panel`, (route) => route.fulfill({ contentType: "text/html", body }));
  const paths = [];
  page.on("request", (request) => paths.push(new URL(request.url()).pathname));
  await page.goto(`${server.url}panel`);
  await expect(new Card(page).amount).toHaveText("$225.35");
  expect(paths.slice(0, 3)).toEqual(["/panel", "/airalo-balance.js", "/api/balance"]);
});

test("a hundred cards render, whether added before or after the WebAssembly has loaded", async ({ page, server, standIn }) => {
  const counted = countRequests(page);
  await page.route("**/*.wasm", async (route) => {
    await page.locator("airalo-balance").nth(49).waitFor({ state: "attached" });
    await route.continue();
  });
  await page.goto(server.url);
  const add = (cards) =>
    page.evaluate((cards) => {
      const container = document.querySelector(".embed");
      const live = document.querySelector(".live airalo-balance");
      container.append(...Array.from({ length: cards }, () => live.cloneNode()));
    }, cards);
  const amounts = page.locator("airalo-balance .item .amount bdi", { hasText: "$225.35" });
  await add(49);
  await expect(amounts).toHaveCount(50);
  await add(50);
  await expect(amounts).toHaveCount(100);
  expect(counted.requests).toBe(1);
  // A new balance reaches all of them at once.
  await standIn.order("4.50");
  await page.waitForTimeout(2_100);
  await page.evaluate(() => document.querySelector(".live airalo-balance").refresh());
  await expect(page.locator("airalo-balance .item .amount bdi", { hasText: "$220.85" })).toHaveCount(100);
  expect(counted.requests).toBe(2);
});

test("moving the element sends no request and keeps the balance", async ({ page, server }) => {
  const counted = countRequests(page);
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await page.evaluate(() => {
    const element = document.querySelector("airalo-balance");
    document.querySelector(".embed").append(element);
    document.querySelector(".intro").append(element);
    if ("moveBefore" in document.body) document.querySelector(".live").moveBefore(element, null);
  });
  await page.waitForTimeout(300);
  await expect(card.amount).toHaveText("$225.35");
  expect(counted).toEqual({ requests: 1, failed: 0 });
});

test("removing the element aborts its request and empties it", async ({ page, server, standIn }) => {
  await standIn.play("slow-headers");
  const counted = countRequests(page);
  await page.goto(server.url);
  await expect.poll(() => counted.requests).toBe(1);
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    window.kept = document.querySelector("airalo-balance");
    window.kept.remove();
  });
  await expect.poll(() => counted.failed).toBe(1);
  expect(await page.evaluate(() => window.kept.shadowRoot.querySelectorAll(".stage").length)).toBe(0);
});

test("an element that is inserted again starts anew", async ({ page, server }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await page.evaluate(async () => {
    window.kept = document.querySelector("airalo-balance");
    window.kept.remove();
    await new Promise((next) => setTimeout(next));
    document.querySelector(".live").append(window.kept);
  });
  await expect(card.amount).toHaveText("$225.35");
});

test("another proxy-url drops the old balance at once", async ({ page, server }) => {
  await page.route("**/slow", () => {});
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await card.host.evaluate((element) => (element.proxyUrl = "/slow"));
  await expect(card.amount).toHaveCount(0);
  await page.waitForTimeout(300);
  await expect(card.amount, "the old response is not used").toHaveCount(0);
  expect((await card.snapshot()).state).toBe("loading");
});

test("a proxy-url with a user name and a password is a wrong one from the start", async ({ page, panel }) => {
  const host = await panel(pageWith(""));
  await page.goto(host.url);
  await page.evaluate(() => {
    const element = document.createElement("airalo-balance");
    element.proxyUrl = `http://user:secret@${location.host}/api/balance`;
    document.body.append(element);
  });
  const card = new Card(page);
  await expect(card.title).toHaveText("The request can’t be sent");
  await page.waitForTimeout(2_100);
  await card.host.evaluate((element) => element.refresh());
  expect((await page.cardEvents("error")).map(({ detail }) => detail.code)).toEqual(["config", "config"]);
  expect(host.requests).toEqual([]);
});

test("a relative proxy-url is that of the page on which it was set, whatever a router makes of the page's URL", async ({ page, panel }) => {
  const element = '<airalo-balance proxy-url="./api/balance" history-url="./api/history"></airalo-balance>';
  const host = await panel(pageWith(element));
  host.answer = (number) => ({ body: balanceJson(number) });
  const histories = [];
  page.on("request", (request) => request.url().includes("history") && histories.push(new URL(request.url()).pathname));
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$1.00");
  await expect.poll(() => histories.length).toBe(1);
  await page.evaluate(() => history.pushState(null, "", "/orders/5"));
  await page.waitForTimeout(2_100);
  await card.refreshButton.click();
  await expect(card.amount).toHaveText("$2.00");
  await card.host.evaluate((element) => (element.label = "Credit"));
  await expect(card.host.locator(".label")).toHaveText("Credit");
  await expect(card.amount).toHaveText("$2.00");
  await expect.poll(() => histories).toEqual(["/api/history", "/api/history"]);
  expect(host.requests.length).toBe(2);
  // A new value is resolved anew.
  await card.host.evaluate((element) => (element.proxyUrl = "../api/balance?again"));
  await expect(card.amount).toHaveText("$3.00");
});

test("the same holds for a router that changes the page's URL before the WebAssembly is there", async ({ page, panel }) => {
  const host = await panel(pageWith('<airalo-balance proxy-url="api/balance" history-url="api/history"></airalo-balance>'));
  host.answer = (number) => ({ body: balanceJson(number) });
  const histories = [];
  page.on("request", (request) => request.url().includes("history") && histories.push(new URL(request.url()).pathname));
  const release = await holdWebAssembly(page);
  await page.goto(host.url);
  const card = new Card(page);
  await expect.poll(() => host.requests.length).toBe(1);
  await page.evaluate(() => history.replaceState(null, "", "/orders/5"));
  // Whatever is set then, the request that is on its way is the one that the card wants.
  await card.host.evaluate((element) => (element.label = "Credit"));
  release();
  await expect(card.amount).toHaveText("$1.00");
  await expect.poll(() => histories).toEqual(["/api/history"]);
  await page.waitForTimeout(2_100);
  await card.refreshButton.click();
  await expect(card.amount).toHaveText("$2.00");
  // Inserted anew, it is on the page of now.
  await card.host.evaluate((element) => {
    element.remove();
    queueMicrotask(() => document.body.append(element));
  });
  await expect.poll(() => page.evaluate(() => document.querySelector("airalo-balance").snapshot.state)).toBe("error");
  expect(host.requests.length).toBe(2);
});

test("mount() needs no markup, and destroy() may be called twice", async ({ page, server }) => {
  await page.goto(server.url);
  await page.evaluate(async () => {
    const { mount } = await import("/airalo-balance-element.js");
    window.mounted = mount(".embed", { proxyUrl: "/api/balance", label: "Mounted" });
  });
  const card = new Card(page, ".embed airalo-balance");
  await expect(card.amount).toHaveText("$225.35");
  await page.evaluate(() => window.mounted.update({ label: "Updated" }));
  await expect(card.host.locator(".label")).toHaveText("Updated");
  await page.evaluate(() => {
    window.mounted.destroy();
    window.mounted.destroy();
  });
  await expect(page.locator(".embed airalo-balance")).toHaveCount(0);
});

test("the top-up link opens the console, unless the page prevents it", async ({ page, server, context }) => {
  await context.route("https://app.partners.airalo.com/**", (route) => route.fulfill({ body: "console" }));
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  const opened = context.waitForEvent("page");
  await card.topUp.click();
  await expect(await opened).toHaveURL("https://app.partners.airalo.com/");

  await page.evaluate(() => addEventListener("airalo-balance-top-up", (event) => event.preventDefault()));
  await card.topUp.click();
  await page.waitForTimeout(300);
  expect(context.pages()).toHaveLength(2);
  const [event] = await page.cardEvents("top-up");
  expect(event.detail).toEqual({
    url: "https://app.partners.airalo.com",
    balances: [{ name: "balance", amount: "225.35", currency: "USD" }],
  });
});

test("the page accepts another proxy-url only from its own origin", async ({ page, server }) => {
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await page.goto(`${server.url}?proxy-url=/api/balance?again`);
  await expect(new Card(page).amount).toHaveText("$225.35");
  expect(await new Card(page).host.evaluate((element) => element.proxyUrl)).toBe(`${server.url}api/balance?again`);
  await page.goto(`${server.url}?proxy-url=https://evil.example/api/balance`);
  await expect(new Card(page).amount).toHaveText("$225.35");
  expect(await new Card(page).host.evaluate((element) => element.proxyUrl)).toBe("./api/balance");
  expect(warnings.join()).toContain("another origin");
});

test("refresh() always resolves", async ({ page, server }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  const states = await card.host.evaluate(async (element) => {
    const twice = [(await element.refresh()).state, (await element.refresh()).state];
    element.proxyUrl = "";
    await new Promise((next) => setTimeout(next, 100));
    return [...twice, (await element.refresh()).state];
  });
  expect(states).toEqual(["ready", "ready", "error"]);
});

for (const method of ["refresh", "reset"]) {
  test(`${method}() resolves where the URL is taken away before the answer is there`, async ({ page, server }) => {
    await page.goto(server.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await page.route("**/api/balance", () => {});
    const snapshot = await card.host.evaluate((element, method) => {
      const settled = element[method]();
      element.proxyUrl = "";
      return settled;
    }, method);
    expect(snapshot.error.code).toBe("config");
  });
}
