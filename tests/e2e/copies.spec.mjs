// Several copies of the card on one page: two teams, or a package beside the hosted file.

import { Card, cardFolder, countRequests, expect, test } from "./stack.mjs";

const DIGITS = cardFolder().split("/")[2];

/**
 * Serves a copy of the whole card below this folder. With other digits it counts as another build,
 * because a build is known by the contents of its files.
 */
async function serveCopy(page, server, folder, digits = DIGITS) {
  await page.route(`${server.url}${folder}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname.replace(`/${folder}/`, "").replace(digits, DIGITS);
    const response = await fetch(server.url + path);
    const type = response.headers.get("Content-Type");
    const body = type.startsWith("text/javascript") ? (await response.text()).replaceAll(DIGITS, digits) : Buffer.from(await response.arrayBuffer());
    await route.fulfill({ status: response.status, contentType: type, body });
  });
}

/** Opens an empty page, and collects the warnings and the WebAssembly files of it. */
async function open(page, server) {
  const seen = { warnings: [], files: [] };
  page.on("console", (message) => message.type() === "warning" && seen.warnings.push(message.text()));
  page.on("request", (request) => request.url().endsWith(".wasm") && seen.files.push(new URL(request.url()).pathname.split("/")[1]));
  const body = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Copies</title><main></main>';
  await page.route(`${server.url}copies`, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${server.url}copies`);
  return seen;
}

/** Has the copies define the element one after the other; the last one mounts a card and has a tag of its own. */
const defineAll = (page, folders) =>
  page.evaluate(async (folders) => {
    const modules = [];
    for (const folder of folders) modules.push(await import(`/${folder}/airalo-balance-element.js`));
    for (const { define } of modules) define();
    const { define, mount } = modules.at(-1);
    window.mounted = mount("main", { proxyUrl: "/api/balance" });
    define("other-balance");
    document.querySelector("main").append(Object.assign(document.createElement("other-balance"), { proxyUrl: "/api/balance" }));
    return modules.map(({ AiraloBalanceElement }) => customElements.get("airalo-balance") === AiraloBalanceElement);
  }, folders);

async function bothRefresh(page, standIn, amount) {
  await standIn.setBalance(amount);
  await page.waitForTimeout(2_100);
  await page.evaluate(() => Promise.all([window.mounted.refresh(), document.querySelector("other-balance").refresh()]));
  for (const tag of ["airalo-balance", "other-balance"]) await expect(new Card(page, tag).amount).toHaveText(`$${amount}`);
}

test("of two builds the first one serves the tag, the second one a tag of its own, and one warns", { tag: "@firefox" }, async ({ page, server, standIn }) => {
  await serveCopy(page, server, "one");
  await serveCopy(page, server, "two", "0123456789abcdef");
  const seen = await open(page, server);
  expect(await defineAll(page, ["one", "two"])).toEqual([true, false]);
  for (const tag of ["airalo-balance", "other-balance"]) await expect(new Card(page, tag).amount).toHaveText("$225.35");
  expect(seen.files.toSorted()).toEqual(["one", "two"]);
  await bothRefresh(page, standIn, "190.00");
  await page.evaluate(() => (window.mounted.update({ label: "Updated" }), window.mounted.destroy()));
  await expect(page.locator("airalo-balance")).toHaveCount(0);
  expect(seen.warnings).toHaveLength(1);
  expect(seen.warnings[0]).toMatch(/^<airalo-balance> is defined already, by version \S+; this copy of version \S+ is not used\.$/);
});

test("however many builds there are, one of them warns", async ({ page, server }) => {
  await serveCopy(page, server, "one");
  await serveCopy(page, server, "two", "0123456789abcdef");
  await serveCopy(page, server, "three", "fedcba9876543210");
  const seen = await open(page, server);
  expect(await defineAll(page, ["one", "two", "three"])).toEqual([true, false, false]);
  for (const tag of ["airalo-balance", "other-balance"]) await expect(new Card(page, tag).amount).toHaveText("$225.35");
  expect(seen.warnings).toHaveLength(1);
});

test("the same build from two addresses is no reason to warn, and both copies are alive", { tag: "@firefox" }, async ({ page, server, standIn }) => {
  await serveCopy(page, server, "one");
  await serveCopy(page, server, "two");
  const seen = await open(page, server);
  expect(await defineAll(page, ["one", "two"])).toEqual([true, false]);
  for (const tag of ["airalo-balance", "other-balance"]) await expect(new Card(page, tag).amount).toHaveText("$225.35");
  await bothRefresh(page, standIn, "190.00");
  expect(seen.warnings).toEqual([]);
});

test("a class of somebody else keeps its tag, even a frozen one, and one warning says so", async ({ page, server }) => {
  const seen = await open(page, server);
  const isKept = await page.evaluate(async () => {
    const Theirs = Object.freeze(class extends HTMLElement {});
    customElements.define("airalo-balance", Theirs);
    const { define } = await import("/airalo-balance-element.js");
    define();
    return customElements.get("airalo-balance") === Theirs;
  });
  expect(isKept).toBe(true);
  expect(seen.warnings).toHaveLength(1);
  expect(seen.warnings[0]).toContain("by version unknown");
});

test("a copy that fails takes its own cards with it, and no others", async ({ page, server, standIn }) => {
  await serveCopy(page, server, "one");
  await serveCopy(page, server, "two", "0123456789abcdef");
  await open(page, server);
  await defineAll(page, ["one", "two"]);
  for (const tag of ["airalo-balance", "other-balance"]) await expect(new Card(page, tag).amount).toHaveText("$225.35");
  await page.evaluate(() => {
    window.createTextNode = Document.prototype.createTextNode;
    Document.prototype.createTextNode = () => {
      throw new Error("not here");
    };
    document.querySelector("other-balance").label = "Other";
  });
  const failed = new Card(page, "other-balance");
  await expect(failed.outdated).toHaveText("Can’t be refreshed here");
  await page.evaluate(() => (Document.prototype.createTextNode = window.createTextNode));
  await standIn.setBalance("190.00");
  await page.waitForTimeout(2_100);
  await page.evaluate(() => window.mounted.refresh());
  await expect(new Card(page).amount).toHaveText("$190.00");
  await expect(failed.amount).toHaveText("$225.35");
});

/** Has both entry files of one build show a card: the second one under a tag of its own. */
const showBothEntries = (page, isChecked) =>
  page.evaluate(async (isChecked) => {
    window.instances = 0;
    const { instantiateStreaming } = WebAssembly;
    WebAssembly.instantiateStreaming = function (...values) {
      window.instances += 1;
      return instantiateStreaming.apply(this, values);
    };
    const { define } = await import("/airalo-balance-element.js");
    const { configure } = await import("/airalo-balance.js");
    configure({ integrity: isChecked });
    define("other-balance");
    for (const tag of ["airalo-balance", "other-balance"]) {
      document.querySelector("main").append(Object.assign(document.createElement(tag), { proxyUrl: "/api/balance" }));
    }
  }, isChecked);

test("where both entries of a build share a WebAssembly, the cards of both say that it has failed", async ({ page, server }) => {
  await open(page, server);
  await showBothEntries(page, false);
  for (const tag of ["airalo-balance", "other-balance"]) await expect(new Card(page, tag).amount).toHaveText("$225.35");
  expect(await page.evaluate(() => window.instances)).toBe(1);
  // A call into the WebAssembly that throws; only the copy that makes it hears of that.
  await page.evaluate(() => {
    const element = document.querySelector("other-balance");
    element.getAttribute = () => {
      delete element.getAttribute;
      throw new Error("not here");
    };
    element.setAttribute("label", "Other");
  });
  for (const tag of ["airalo-balance", "other-balance"]) {
    await expect(new Card(page, tag).outdated).toHaveText("Can’t be refreshed here");
  }
});

test("an entry that wants its WebAssembly checked does not use that of one that does not", async ({ page, server }) => {
  await open(page, server);
  await showBothEntries(page, true);
  for (const tag of ["airalo-balance", "other-balance"]) await expect(new Card(page, tag).amount).toHaveText("$225.35");
  expect(await page.evaluate(() => window.instances)).toBe(2);
});

/** Serves a copy of the class that counts as another build: its files have another folder. */
async function serveOtherBuild(page, server) {
  const source = await (await fetch(`${server.url}airalo-balance-element.js`)).text();
  const body = source.replaceAll(DIGITS, "0123456789abcdef");
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
    const counted = countRequests(page);
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
