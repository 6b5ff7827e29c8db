// APIs of the browser that are there and refuse, now or later.

import { pageWith } from "./panel.mjs";
import { Card, expect, test } from "./stack.mjs";

/** Lets the time of an interval pass, and its jitter. */
const passInterval = (page) => page.clock.runFor(12_000);

const POLLING = '<airalo-balance proxy-url="/api/balance" refresh-interval="10"></airalo-balance>';

test("in a sandboxed frame, where locks are refused, the card polls", { tag: "@firefox" }, async ({ page, panel }) => {
  const pages = { "/": pageWith('<iframe sandbox="allow-scripts" src="/frame"></iframe>'), "/frame": pageWith(POLLING) };
  const { url, requests } = await panel(pages, { cors: true });
  await page.clock.install();
  await page.goto(url);
  const card = new Card(page.frameLocator("iframe"));
  await expect(card.amount).toHaveText("$225.35");
  await passInterval(page);
  await expect.poll(() => requests.length).toBe(2);
});

/** Each script makes one API refuse. */
const REFUSALS = {
  "locks that reject later": () => {
    const refuse = () => new Promise((_, reject) => setTimeout(() => reject(new DOMException("denied", "SecurityError")), 300));
    Object.defineProperty(Navigator.prototype, "locks", { value: { request: refuse } });
  },
  "locks that throw": () => {
    const refuse = () => {
      throw new DOMException("denied", "SecurityError");
    };
    Object.defineProperty(Navigator.prototype, "locks", { value: { request: refuse } });
  },
  "a getter of locks that throws": () => {
    Object.defineProperty(Navigator.prototype, "locks", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  },
  "channels that cannot be opened": () => {
    window.BroadcastChannel = class {
      constructor() {
        throw new DOMException("denied", "SecurityError");
      }
    };
  },
  "channels that cannot send": () => {
    BroadcastChannel.prototype.postMessage = () => {
      throw new DOMException("closed", "InvalidStateError");
    };
  },
  "a browser that always says it is offline": () => {
    Object.defineProperty(Navigator.prototype, "onLine", { get: () => false });
  },
};

for (const [name, script] of Object.entries(REFUSALS)) {
  test(`with ${name} the card polls`, async ({ page, panel }) => {
    const host = await panel(pageWith(POLLING));
    await page.clock.install();
    await page.addInitScript(script);
    await page.goto(host.url);
    await expect(new Card(page).amount).toHaveText("$225.35");
    await passInterval(page);
    await expect.poll(() => host.requests.length).toBe(2);
    expect(await page.cardEvents("error")).toEqual([]);
  });
}

test("a lock that is neither granted nor refused delays the requests, and does not end them", async ({ page, panel }) => {
  const host = await panel(pageWith(POLLING));
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "locks", { value: { request: () => new Promise(() => {}) } });
  });
  await page.clock.install();
  await page.goto(host.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  await passInterval(page);
  await page.waitForTimeout(300);
  expect(host.requests.length, "another tab may have the lock").toBe(1);
  await page.clock.runFor(78_000);
  await expect.poll(() => host.requests.length).toBe(2);
});

test("a browser that wrongly says it is offline does not make a failure of the server one of the network", async ({ page, panel }) => {
  const host = await panel(pageWith('<airalo-balance proxy-url="/api/balance"></airalo-balance>'));
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "onLine", { get: () => false }));
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await page.evaluate(() => dispatchEvent(new Event("offline")));
  await expect.poll(() => host.requests.length).toBe(2);
  await expect(card.outdated).toBeHidden();
  await host.stop();
  await card.refreshButton.click();
  await expect(card.outdated).toHaveText("The server can’t be reached");
  host.server.listen(Number(new URL(host.url).port));
});

test("without an observer of the viewport a lazy card is an eager one", async ({ page, panel }) => {
  const host = await panel(pageWith('<airalo-balance loading="lazy" proxy-url="/api/balance"></airalo-balance>'));
  await page.addInitScript(() => delete window.IntersectionObserver);
  await page.goto(host.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
});

test("with formats that throw, the amount is shown with its code", async ({ page, panel }) => {
  const host = await panel(pageWith('<airalo-balance proxy-url="/api/balance"></airalo-balance>'));
  await page.addInitScript(() => {
    for (const name of ["NumberFormat", "DateTimeFormat", "RelativeTimeFormat", "Locale", "getCanonicalLocales"]) {
      Intl[name] = function () {
        throw new RangeError(name);
      };
    }
  });
  await page.goto(host.url);
  await expect(new Card(page).amount).toHaveText("225.35\u00a0USD");
});

test("where the clipboard refuses, the details are selected", async ({ page, panel }) => {
  const host = await panel(pageWith('<airalo-balance proxy-url="/api/balance"></airalo-balance>'));
  host.answer = () => ({ status: 502 });
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new DOMException("denied", "NotAllowedError")) } });
  });
  await page.goto(host.url);
  const card = new Card(page);
  await card.host.getByRole("button", { name: "Details" }).click();
  await card.host.getByRole("button", { name: "Copy" }).click();
  await expect.poll(() => page.evaluate(() => getSelection().toString())).toContain("502");
});

