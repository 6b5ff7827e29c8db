// The element in a page: attributes, properties, moves, copies and fallbacks.

import { Card, cardFolder, expect, fetchPage, test } from "./stack.mjs";

const balanceUrl = /\/api\/balance$/;

/** Counts the requests for the balance that the page makes. */
function count(page) {
  const counted = { requests: 0, failed: 0 };
  page.on("request", (request) => balanceUrl.test(request.url()) && (counted.requests += 1));
  page.on("requestfailed", (request) => balanceUrl.test(request.url()) && (counted.failed += 1));
  return counted;
}

test("the balance is requested before the WebAssembly has loaded", async ({ page, server }) => {
  const requested = page.waitForRequest(balanceUrl);
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
  const counted = count(page);
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
  const counted = count(page);
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
  const counted = count(page);
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
  const counted = count(page);
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

test("changing an attribute changes the card without another request", async ({ page, server }) => {
  const counted = count(page);
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

/** Serves a copy of the class that counts as another build: its files have another folder. */
async function serveOtherBuild(page, server) {
  const source = await (await fetch(`${server.url}airalo-balance-element.js`)).text();
  const body = source.replaceAll(cardFolder().split("/")[2], "0123456789abcdef");
  await page.route("**/other-build.js", (route) => route.fulfill({ contentType: "text/javascript", body }));
}

test("another build warns once and registers nothing", async ({ page, server }) => {
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await serveOtherBuild(page, server);
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  await page.evaluate(async () => {
    const registered = customElements.get("airalo-balance");
    const copy = await import("/other-build.js");
    copy.define();
    copy.define();
    window.isUnchanged = registered === customElements.get("airalo-balance") && registered !== copy.AiraloBalanceElement;
  });
  expect(await page.evaluate(() => window.isUnchanged)).toBe(true);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("defined already");
});

const ENTRIES = ["/airalo-balance.js", "/airalo-balance-element.js"];

for (const [first, second] of [ENTRIES, ENTRIES.toReversed()]) {
  test(`both entry files on one page share one element and one WebAssembly: ${first} first`, async ({ page, server }) => {
    const warnings = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    await page.addInitScript(() => {
      window.instances = 0;
      const { instantiateStreaming } = WebAssembly;
      WebAssembly.instantiateStreaming = function (...args) {
        window.instances += 1;
        return instantiateStreaming.apply(this, args);
      };
    });
    const counted = count(page);
    const body = '<!doctype html><html lang="en"><meta charset="utf-8"><main></main>';
    await page.route(`${server.url}both`, (route) => route.fulfill({ contentType: "text/html", body }));
    await page.goto(`${server.url}both`);
    const mounted = await page.evaluate(
      async ([first, second]) => {
        const modules = [await import(first)];
        modules[0].define?.();
        const registered = customElements.get("airalo-balance");
        modules.push(await import(second));
        const { define, mount } = modules.find((module) => module.mount);
        define();
        mount("main", { proxyUrl: "/api/balance" });
        return registered !== undefined && registered === customElements.get("airalo-balance");
      },
      [first, second],
    );
    expect(mounted).toBe(true);
    await expect(new Card(page).amount).toHaveText("$225.35");

    // The class of the second file under another tag runs in the same WebAssembly, and its card shares
    // the balance.
    await page.evaluate(async () => {
      const { define } = await import("/airalo-balance-element.js");
      define("other-balance");
      const element = document.createElement("other-balance");
      element.proxyUrl = "/api/balance";
      document.querySelector("main").append(element);
    });
    await expect(new Card(page, "other-balance").amount).toHaveText("$225.35");
    const requests = counted.requests;
    await page.waitForTimeout(2_100);
    await page.evaluate(() => document.querySelector("airalo-balance").refresh());
    expect(counted.requests).toBe(requests + 1);
    expect(await page.evaluate(() => window.instances)).toBe(1);
    expect(warnings).toEqual([]);
  });
}

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
  const counted = count(page);
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
  const counted = count(page);
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
