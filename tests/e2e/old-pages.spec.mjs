// The card on pages whose libraries have changed what the browser brings.

import { readFileSync } from "node:fs";
import { Card, expect, test } from "./stack.mjs";

const library = (path) => readFileSync(new URL(`./node_modules/${path}`, import.meta.url), "utf8");

/** Opens a page that runs a classic script before the card's own. */
async function openAfter(page, server, script, inside = "") {
  const source = typeof script === "function" ? `(${script})();` : script;
  await page.route(`${server.url}old.js`, (route) => route.fulfill({ contentType: "text/javascript", body: source }));
  const body = `<!doctype html><html lang="en"><script src="/old.js"></script>
    <script type="module" src="/airalo-balance.js"></script>
    <airalo-balance proxy-url="/api/balance">${inside}</airalo-balance>`;
  await page.route(`${server.url}panel`, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${server.url}panel`);
  return new Card(page);
}

const PAGES = {
  // As MooTools does in a browser; its package for npm has only its types.
  "classes of its own named Window, Document, Element, Event and Request": () => {
    const native = { Element: window.Element.prototype, Event: window.Event.prototype };
    window.Window = function () {};
    window.Document = function () {};
    window.Element = function Element(tag) {
      return document.createElement(tag);
    };
    window.Element.prototype = native.Element;
    window.Event = function Event(event) {
      return event;
    };
    window.Event.prototype = native.Event;
    window.Request = function Request(options) {
      this.options = options;
    };
  },
  "a class of its own named Element without anything of the browser's": () => {
    window.Element = class {};
    window.ShadowRoot = class {};
    window.Response = class {};
  },
  // As MooTools 1.2 does: the arguments are a list.
  "another meaning of Function.prototype.bind": () => {
    Function.prototype.bind = function (that, args) {
      const method = this;
      return function () {
        return method.apply(that, args === undefined ? arguments : [].concat(args));
      };
    };
  },
  // As Prototype.js does.
  "methods on the prototypes of arrays, functions, strings and elements": () => {
    const listOf = (iterable) => (iterable ? Array.prototype.slice.call(iterable) : []);
    Array.from = listOf;
    const keys = (object) => {
      const names = [];
      for (const name in object) names.push(name);
      return names;
    };
    Object.keys = keys;
    Object.values = (object) => keys(object).map((name) => object[name]);
    Array.prototype.each = Array.prototype.forEach;
    Array.prototype.toJSON = function () {
      return `[${this.join(", ")}]`;
    };
    Array.prototype.entries = function () {
      return this.slice();
    };
    String.prototype.toJSON = function () {
      return `"${this}"`;
    };
    Element.prototype.remove = function () {
      this.parentNode.removeChild(this);
      return this;
    };
    Element.prototype.update = Element.prototype.hide = Element.prototype.select = function () {
      return this;
    };
  },
  "the types of MooTools 1.4.5": library("mootools/lib/mootools-core-1.4.5-server.js"),
  "zone.js": library("zone.js/bundles/zone.umd.min.js"),
};

for (const [what, script] of Object.entries(PAGES)) {
  test(`the card works and refreshes on a page with ${what}`, async ({ page, server, standIn }) => {
    const card = await openAfter(page, server, script);
    await expect(card.amount).toHaveText("$225.35");
    await standIn.setBalance("190.00");
    await page.waitForTimeout(2_100);
    await card.refreshButton.click();
    await expect(card.amount).toHaveText("$190.00");
    expect((await card.snapshot()).error).toBe(null);
    await card.host.evaluate((element) => element.remove());
    expect(await page.cardEvents("error")).toEqual([]);
  });
}

test("destroy() may be called twice where an element may be removed only once", async ({ page, server }) => {
  const card = await openAfter(page, server, () => {
    Element.prototype.remove = function () {
      this.parentNode.removeChild(this);
    };
  });
  await expect(card.amount).toHaveText("$225.35");
  await page.evaluate(async () => {
    const { mount } = await import("/airalo-balance-element.js");
    const { destroy } = mount("body", { proxyUrl: "/api/balance" });
    destroy();
    destroy();
  });
  await expect(page.locator("airalo-balance")).toHaveCount(1);
});

test.describe("in Singapore", () => {
  test.use({ timezoneId: "Asia/Singapore" });

  test("a balance has its age on a page with a Date.parse that ignores the zone", async ({ page, server }) => {
    // As datejs does.
    const script = () => {
      Date.parse = (text) => new Date(String(text).replace(/Z$/, ""));
    };
    const fetched_at = new Date(Date.now() - 3 * 60_000).toISOString();
    const balances = [{ name: "balance", availableBalance: { amount: 7.5, currency: "USD" } }];
    const data = JSON.stringify({ data: { balances }, meta: { message: "success", fetched_at } });
    const card = await openAfter(page, server, script, `<script type="application/json">${data}</script>`);
    await expect(card.amount).toHaveText("$7.50");
    await expect(card.status).toContainText("3 minutes ago");
  });
});

/** What the card needs, and how a page may have broken it. */
const BROKEN = {
  "a method that is missing": () => {
    Date.now = undefined;
  },
  "a method that throws": () => {
    Document.prototype.createTextNode = () => {
      throw new Error("not here");
    };
    // The page reports its own errors.
    addEventListener("error", (event) => event.preventDefault());
  },
  "a method that refuses": () => {
    Node.prototype.insertBefore = () => {
      throw new Error("not here");
    };
  },
};

for (const [what, script] of Object.entries(BROKEN)) {
  test(`where the card meets ${what}, it says that it cannot run, and why on the console`, async ({ page, server }) => {
    const logged = [];
    page.on("console", (message) => message.type() === "error" && logged.push(message.text()));
    const card = await openAfter(page, server, script);
    // Where the first amount could be shown, it stays.
    const reason = card.host.locator(".message .title, .outdated:not([hidden])");
    await expect(reason).toHaveText(/^(The card can’t run here|Can’t be refreshed here)$/);
    expect((await card.snapshot()).error.code).toBe("unsupported");
    expect(await page.cardEvents("error")).toHaveLength(1);
    expect(logged.filter((text) => text.includes("<airalo-balance>"))).toHaveLength(1);
  });
}

test("an error of the page's own function is left to the page, and the card goes on", async ({ page, server }) => {
  const card = await openAfter(page, server, () => {
    window.thrown = 0;
    addEventListener("error", (event) => {
      window.thrown += 1;
      event.preventDefault();
    });
    addEventListener("unhandledrejection", (event) => {
      window.thrown += 1;
      event.preventDefault();
    });
    addEventListener("airalo-balance-ready", () => {
      throw new Error("of a listener");
    });
    addEventListener("airalo-balance-ready", ({ target }) => {
      target.headers = () => {
        (async () => {
          throw new Error("of a function that the card calls");
        })();
        return {};
      };
      setTimeout(() => target.refresh(), 2_100);
    });
  });
  await expect.poll(() => page.evaluate(() => window.thrown)).toBeGreaterThanOrEqual(2);
  await page.waitForTimeout(300);
  await expect(card.amount).toHaveText("$225.35");
  expect(await page.cardEvents("error")).toEqual([]);
});
