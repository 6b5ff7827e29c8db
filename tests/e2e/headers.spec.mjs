// Headers of the page that a framework makes anew at every render.

import { balanceJson, pageWith } from "./panel.mjs";
import { Card, expect, holdWebAssembly, recordAmounts, test } from "./stack.mjs";

const CARD = '<airalo-balance proxy-url="/api/balance"></airalo-balance>';
const EMPTY = pageWith("");

for (const [what, answer, code] of [
  ["that answers", () => ({ body: balanceJson(225.35) }), null],
  ["that wants to be left alone", (number) => (number === 1 ? { body: balanceJson(225.35) } : { status: 429, headers: { "Retry-After": "120" } }), "rate-limited"],
]) {
  test(`new objects with headers make no request of a server ${what}, and never blank the card`, { tag: "@firefox" }, async ({ page, panel }) => {
    const host = await panel(pageWith(CARD));
    host.answer = answer;
    await page.goto(host.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    if (code) {
      await page.waitForTimeout(2_100);
      await card.host.evaluate((element) => element.refresh());
      expect((await card.snapshot()).error.code).toBe(code);
    }
    const before = host.requests.length;
    await recordAmounts(page);
    await card.host.evaluate(async (element) => {
      for (let number = 0; number < 20; number += 1) {
        element.headers = number % 2 ? { "X-A": String(number) } : () => ({ "X-A": String(number) });
        await new Promise((next) => setTimeout(next, 150));
      }
    });
    expect(host.requests.length).toBe(before);
    expect(await page.evaluate(() => [...window.amounts])).toEqual(["$225.35"]);
  });
}

test("the next request carries the newest headers", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await card.host.evaluate((element) => {
    element.headers = { "X-A": "1" };
  });
  await page.waitForTimeout(2_100);
  await card.host.evaluate((element) => {
    element.headers = { "X-A": "2" };
    return element.refresh();
  });
  expect(host.requests.map(({ headers }) => headers["x-a"])).toEqual([undefined, "2"]);
});

/** Sets headers five times, each in a task of its own. */
const setHeadersAgainAndAgain = (page, areFunctions) =>
  page.evaluate(async (areFunctions) => {
    const element = document.querySelector("airalo-balance");
    for (let number = 0; number < 5; number += 1) {
      const headers = { "X-A": String(number) };
      element.headers = areFunctions ? () => headers : headers;
      await new Promise((next) => setTimeout(next, 20));
    }
  }, areFunctions);

for (const [what, areFunctions, expected] of [
  ["a function", true, [undefined, "0"]],
  ["an object", false, [undefined, "0", "4"]],
]) {
  test(`${what} with headers that is made anew again and again before the WebAssembly has loaded makes no request each time`, async ({ page, panel }) => {
    const host = await panel(pageWith(CARD));
    const release = await holdWebAssembly(page);
    await page.goto(host.url);
    await expect.poll(() => host.requests.length).toBe(1);
    await setHeadersAgainAndAgain(page, areFunctions);
    release();
    await expect(new Card(page).amount).toHaveText("$225.35");
    expect(host.requests.map(({ headers }) => headers["x-a"])).toEqual(expected);
  });
}

test("headers that come before the WebAssembly has loaded are tried at once, and nobody is told of the request without them", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = (_, { headers }) => (headers.authorization ? { body: balanceJson(225.35) } : { status: 401 });
  const release = await holdWebAssembly(page);
  await page.goto(host.url);
  await expect.poll(() => host.requests.length).toBe(1);
  const card = new Card(page);
  await card.host.evaluate((element) => (element.headers = async () => ({ Authorization: "Token 1" })));
  await expect(card.preview).toHaveText("$225.35");
  release();
  await expect(card.amount).toHaveText("$225.35");
  expect(host.requests.length).toBe(2);
  expect(await page.cardEvents("error")).toEqual([]);
});

test("a card whose headers become those of another tenant before the WebAssembly has loaded shows the balance of that one", async ({ page, panel }) => {
  const host = await panel(EMPTY);
  host.answer = (_, { headers }) => ({ body: balanceJson(headers["x-tenant"]) });
  const release = await holdWebAssembly(page);
  await page.goto(host.url);
  await page.waitForFunction(() => customElements.get("airalo-balance"));
  const add = (id) =>
    page.evaluate((id) => {
      const element = document.createElement("airalo-balance");
      element.id = id;
      element.headers = { "X-Tenant": id === "changed" ? "1" : "2" };
      element.proxyUrl = "/api/balance";
      document.body.append(element);
    }, id);
  await add("changed");
  const changed = new Card(page, "#changed");
  await expect(changed.preview).toHaveText("$1.00");
  await changed.host.evaluate((element) => (element.headers = { "X-Tenant": "2" }));
  await expect(changed.preview).toHaveCount(0);
  await recordAmounts(page);
  release();
  await expect(changed.amount).toHaveText("$2.00");
  await add("other");
  await expect(new Card(page, "#other").amount).toHaveText("$2.00");
  expect(await page.evaluate(() => [...window.amounts])).not.toContain("$1.00");
});

test("a failing server is asked at its backoff, whatever headers the page sets, even without an interval", async ({ page, panel }) => {
  const host = await panel(pageWith('<airalo-balance proxy-url="/api/balance" refresh-interval="0"></airalo-balance>'));
  host.answer = () => ({ status: 502 });
  await page.goto(host.url);
  await expect(new Card(page).title).toBeVisible();
  await page.evaluate(async () => {
    const element = document.querySelector("airalo-balance");
    addEventListener("airalo-balance-error", () => (element.headers = () => ({})));
    const end = performance.now() + 12_000;
    while (performance.now() < end) {
      element.headers = { "X-A": String(performance.now()) };
      await new Promise((next) => setTimeout(next, 50));
    }
  });
  expect(host.requests.length).toBe(2);
  expect(host.requests[1].at - host.requests[0].at).toBeGreaterThan(9_900);
});

test("headers that come after a request without any was refused are tried at once", async ({ page, panel }) => {
  const host = await panel(pageWith('<airalo-balance proxy-url="/api/balance"></airalo-balance>'));
  host.answer = (_, { headers }) => (headers.authorization ? { body: balanceJson(225.35) } : { status: 401 });
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.title).toHaveText("You’re not signed in");
  await card.host.evaluate((element) => (element.headers = { Authorization: "Token 1" }));
  await expect(card.amount).toHaveText("$225.35");
  // The first backoff would be 10 s.
  expect(host.requests[1].at - host.requests[0].at).toBeLessThan(9_000);
});

test("why there are no headers is on the console", async ({ page, panel }) => {
  const lines = [];
  page.on("console", (message) => message.type() === "error" && lines.push(message.text()));
  const host = await panel(EMPTY);
  await page.goto(host.url);
  await page.evaluate(() => {
    const element = document.createElement("airalo-balance");
    element.headers = async () => {
      throw new Error("the token service is down");
    };
    element.proxyUrl = "/api/balance";
    document.body.append(element);
  });
  const card = new Card(page);
  await expect(card.title).toHaveText("You’re not signed in");
  await page.waitForTimeout(2_100);
  await card.host.evaluate((element) => element.refresh());
  // The first request is made by the class, the second one by the WebAssembly.
  expect(lines.filter((line) => line.includes("the token service is down"))).toHaveLength(2);
  expect(host.requests).toEqual([]);
});

test("a function that gets no token, because there is no network, makes the card offline and nobody signed out", async ({ page, panel }) => {
  const host = await panel(EMPTY);
  await page.addInitScript(() => {
    window.isOnline = false;
    Object.defineProperty(navigator, "onLine", { get: () => window.isOnline });
  });
  await page.route("**/widget-token", (route) => route.abort("internetdisconnected"));
  await page.goto(host.url);
  await page.evaluate(() => {
    const element = document.createElement("airalo-balance");
    element.headers = async () => ({ Authorization: `Bearer ${await (await fetch("/widget-token")).text()}` });
    element.proxyUrl = "/api/balance";
    document.body.append(element);
  });
  const card = new Card(page);
  await expect(card.title).toHaveText("You’re offline");
  await page.waitForTimeout(2_100);
  // The first request is made by the class, the second one by the WebAssembly.
  expect((await card.host.evaluate((element) => element.refresh())).error.code).toBe("offline");
  expect((await page.cardEvents("error")).map(({ detail }) => detail.code)).toEqual(["offline", "offline"]);
  await page.unroute("**/widget-token");
  await page.route("**/widget-token", (route) => route.fulfill({ body: "1" }));
  await page.waitForTimeout(2_100);
  await page.evaluate(() => {
    window.isOnline = true;
    dispatchEvent(new Event("online"));
  });
  await expect(card.amount).toHaveText("$225.35");
});

test("six cards with the same headers share one request, whether the object is the same or another one", async ({ page, panel }) => {
  const host = await panel(EMPTY);
  await page.goto(host.url);
  await page.evaluate(() => {
    const shared = { Authorization: "Token 1" };
    for (let number = 0; number < 6; number += 1) {
      const element = document.createElement("airalo-balance");
      element.headers = number < 3 ? shared : { authorization: "Token 1" };
      element.proxyUrl = "/api/balance";
      document.body.append(element);
    }
  });
  await expect(page.locator("airalo-balance .item .amount bdi[aria-hidden]")).toHaveCount(6);
  expect(host.requests.length).toBe(1);
});

test("two cards with different headers never show each other's balance", async ({ page, panel }) => {
  const host = await panel(EMPTY);
  host.answer = (_, { headers }) => ({ body: balanceJson(headers["x-tenant"]) });
  await page.goto(host.url);
  await page.evaluate(() => {
    for (const tenant of ["1", "2"]) {
      const element = document.createElement("airalo-balance");
      element.id = `tenant-${tenant}`;
      element.headers = { "X-Tenant": tenant };
      element.proxyUrl = "/api/balance";
      document.body.append(element);
    }
  });
  await expect(new Card(page, "#tenant-1").amount).toHaveText("$1.00");
  await expect(new Card(page, "#tenant-2").amount).toHaveText("$2.00");
  expect(host.requests.length).toBe(2);
});

test("an eager card after a lazy one with the same URL shares its request", async ({ page, panel }) => {
  const far = `<airalo-balance loading="lazy" proxy-url="/api/balance" hidden></airalo-balance>`;
  const host = await panel(pageWith(far + CARD.replace("<airalo-balance", '<airalo-balance id="eager"')));
  await page.goto(host.url);
  await expect(new Card(page, "#eager").amount).toHaveText("$225.35");
  await page.waitForTimeout(300);
  expect(host.requests.length).toBe(1);
});

test.describe('loading="manual"', () => {
  const MANUAL = '<airalo-balance loading="manual" proxy-url="/api/balance" refresh-interval="10"></airalo-balance>';

  test("reset() makes the first request, as refresh() does", async ({ page, panel }) => {
    const host = await panel(pageWith(MANUAL));
    await page.goto(host.url);
    const card = new Card(page);
    await expect.poll(() => page.evaluate(() => Boolean(customElements.get("airalo-balance")))).toBe(true);
    expect((await card.host.evaluate((element) => element.reset())).state).toBe("ready");
    await expect(card.amount).toHaveText("$225.35");
    expect(host.requests).toHaveLength(1);
  });

  test("reset() and refresh() make the first request also if the WebAssembly comes later", async ({ page, panel }) => {
    for (const method of ["reset", "refresh"]) {
      const host = await panel(pageWith(MANUAL));
      const release = await holdWebAssembly(page);
      await page.goto(host.url);
      await page.waitForFunction(() => customElements.get("airalo-balance"));
      const card = new Card(page);
      const settled = card.host.evaluate((element, method) => element[method](), method);
      await page.waitForTimeout(200);
      expect(host.requests).toEqual([]);
      release();
      expect((await settled).balances[0].amount, method).toBe("225.35");
      expect(host.requests).toHaveLength(1);
    }
  });

  for (const [what, start] of [
    ["the page sets headers", (element) => void (element.headers = { "X-A": "1" })],
    ["the page calls refresh()", (element) => void element.refresh()],
  ]) {
    test(`makes no request until ${what}, and polls from then on`, async ({ page, panel }) => {
      const host = await panel(pageWith(MANUAL));
      await page.clock.install();
      await page.goto(host.url);
      await page.clock.runFor(30_000);
      expect(host.requests.length).toBe(0);
      const card = new Card(page);
      expect((await card.snapshot()).state).toBe("loading");
      await card.host.evaluate(start);
      await expect(card.amount).toHaveText("$225.35");
      expect(host.requests.length).toBe(1);
      await page.clock.runFor(12_000);
      await expect.poll(() => host.requests.length).toBe(2);
    });
  }

  test("makes one request, with the headers that a module sets before the WebAssembly has loaded", async ({ page, panel }) => {
    const script = 'document.querySelector("airalo-balance").headers = async () => ({ "X-A": "1" });';
    const host = await panel({ "/": pageWith(MANUAL + '<script type="module" src="/late.js"></script>'), "/late.js": script });
    await page.goto(host.url);
    await expect(new Card(page).amount).toHaveText("$225.35");
    expect(host.requests.map(({ headers }) => headers["x-a"])).toEqual(["1"]);
  });
});
