// What the tests of this folder run against, in each browser: the stand-in of the partner API, the
// real proxy with its policy, and a page with one card. Each browser is driven in another way, so
// nothing is simulated in it, and a test asks for no more than `Tab` can do.

import { expect } from "@playwright/test";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dist } from "../panel.mjs";
import { startProxy, test as stack } from "../stack.mjs";
import * as byPlaywright from "./playwright.mjs";
import * as byWebDriver from "./webdriver.mjs";

const pages = fileURLToPath(new URL("pages", import.meta.url));

/** The first card of a tab, as a reader sees it and as its page does. */
export class Card {
  constructor(tab, proxy) {
    this.tab = tab;
    this.proxy = proxy;
  }

  /** What can be read in the visible elements there. */
  texts(selector) {
    return this.tab.evaluate((selector) => {
      const found = document.querySelector("airalo-balance").shadowRoot?.querySelectorAll(selector) ?? [];
      return [...found].filter((part) => part.checkVisibility()).map((part) => part.textContent.trim());
    }, selector);
  }

  amounts() {
    return this.texts(".item .amount bdi[aria-hidden]");
  }

  /** `left`, `top`, `right`, `bottom`, `width` and `height` of an element, or of the card. */
  box(selector) {
    return this.tab.evaluate((selector) => {
      const card = document.querySelector("airalo-balance");
      return (selector ? card.shadowRoot.querySelector(selector) : card).getBoundingClientRect().toJSON();
    }, selector);
  }

  /** Places the card in a column of this width. */
  setWidth(width) {
    return this.tab.evaluate((width) => void (document.querySelector("main").style.inlineSize = `${width}px`), width);
  }

  style(selector, property) {
    return this.tab.evaluate(
      ([selector, property]) => getComputedStyle(document.querySelector("airalo-balance").shadowRoot.querySelector(selector))[property],
      [selector, property],
    );
  }

  /** Whether a selector of a page, such as `:state(low)`, matches the card. */
  matches(selector) {
    return this.tab.evaluate((selector) => document.querySelector("airalo-balance").matches(selector), selector);
  }

  snapshot() {
    return this.tab.evaluate(() => document.querySelector("airalo-balance").snapshot);
  }

  set(properties) {
    return this.tab.evaluate((properties) => void Object.assign(document.querySelector("airalo-balance"), properties), properties);
  }

  refresh() {
    return this.tab.evaluate(() => document.querySelector("airalo-balance").refresh());
  }

  /** The part that has the focus. */
  focused() {
    return this.tab.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute("part"));
  }

  /** The details of the events with this name, in order. */
  events(name) {
    return this.tab.evaluate((name) => window.cardEvents.filter((event) => event.name === name).map(({ detail }) => detail), name);
  }

  click(selector) {
    return this.tab.click(selector);
  }

  press(key) {
    return this.tab.press(key);
  }
}

/** How Playwright starts the Chromium that comes as a package of npm. It asks whether a page may copy. */
async function oldestChromium() {
  const { default: chromium } = await import("@sparticuz/chromium");
  return { executablePath: await chromium.executablePath(), permissions: ["clipboard-read", "clipboard-write"] };
}

export const test = stack.extend({
  /** Whether it is not the browser of this machine but the oldest one that is supported. */
  isOldest: [false, { option: true, scope: "worker" }],

  /** The browser of the project, which starts once. */
  engine: [
    async ({ playwright, browserName, isOldest }, use) => {
      const engine = await (browserName === "webkit"
        ? byWebDriver.launch()
        : byPlaywright.launch(playwright[browserName], isOldest ? await oldestChromium() : {}));
      await use(engine);
      await engine.close();
    },
    { scope: "worker" },
  ],

  /** Makes a folder with the built card and the page of these tests, without the files that are named. */
  assets: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "airalo-core-"));
    await use(async (isMissing = () => false) => {
      for (const source of [dist, pages]) await cp(source, folder, { recursive: true, filter: (path) => !isMissing(path) });
      return folder;
    });
    await rm(folder, { recursive: true });
  },

  /** Opens the page in a tab, at a proxy that starts now unless there is one, and returns its card. */
  open: async ({ engine, standIn, assets }, use, testInfo) => {
    const session = await engine.newSession();
    const tabs = [];
    await use(async ({ proxy, isMissing, options } = {}) => {
      proxy ??= await startProxy(standIn, { ASSETS_DIR: await assets(isMissing) }, undefined, options);
      const tab = await session.newTab();
      tabs.push(tab);
      await tab.open(`${proxy.url}panel.html`);
      return new Card(tab, proxy);
    });
    const problems = [];
    for (const tab of tabs) problems.push(...(await tab.evaluate(() => window.problems)));
    if (testInfo.status !== testInfo.expectedStatus) {
      for (const tab of tabs) await testInfo.attach("picture", { body: await tab.picture(), contentType: "image/png" });
    }
    await session.close();
    expect(problems, "an exception was not caught, or the page violated its own policy").toEqual([]);
  },
});

export { expect };
