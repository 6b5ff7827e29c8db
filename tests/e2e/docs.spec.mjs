// The documentation: every page in the browser, with the headers of the proxy and below a path of another
// server, and without a script.

import { readdirSync, readFileSync } from "node:fs";
import { findings } from "./axe.mjs";
import { dist } from "./panel.mjs";
import { expect, test } from "./stack.mjs";

/** There are many pages, so what is not asked for is left out. */
const QUICK = { resultTypes: ["violations"], preload: false };

const PAGES = readdirSync(`${dist}/docs`).filter((name) => name.endsWith(".html"));

/** A page of each kind: text, tables, code, all of them. */
const KINDS = ["index.html", "reference.html", "react.html", "alerts.html"];

test("there is a page for each subject", () => {
  expect(PAGES).toEqual(expect.arrayContaining(["index.html", "react.html", "operating.html", "reference.html", "troubleshooting.html"]));
  expect(PAGES.length).toBeGreaterThan(25);
});

const scrollsSideways = (page) => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

for (const [colorScheme, width] of [["light", 360], ["dark", 1400]]) {
  test(`every page is whole, ${colorScheme}, ${width} px`, async ({ page, server }) => {
    // There are many pages.
    test.setTimeout(180_000);
    const [messages, asked] = [[], []];
    page.on("console", (message) => messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(error.message));
    page.on("request", (request) => asked.push(new URL(request.url()).origin));
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    for (const name of PAGES) {
      await page.goto(`${server.url}docs/${name}`);
      expect(await scrollsSideways(page), `${name} scrolls sideways`).toBe(false);
      if (colorScheme === "light" || KINDS.includes(name)) expect((await findings(page, QUICK)).violations, name).toEqual([]);
    }
    expect(messages).toEqual([]);
    expect([...new Set(asked)]).toEqual([new URL(server.url).origin]);
  });
}

test("each block of code is copied by the button beside it", async ({ page, server, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${server.url}docs/node.html`);
  for (const snippet of await page.locator(".snippet").all()) {
    await snippet.getByRole("button", { name: "Copy" }).click();
    await expect(snippet.getByRole("button", { name: "Copied" })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await snippet.locator("pre").textContent());
  }
});

test("the name above a block leads to its whole file, as text", async ({ page, server }) => {
  await page.goto(`${server.url}docs/php.html`);
  const href = await page.locator(".snippet a").first().getAttribute("href");
  const response = await page.request.get(new URL(href, page.url()).href);
  expect(response.headers()["content-type"]).toContain("text/plain");
  expect(await response.text()).toContain("require_login();");
});

test("on paper no code is cut off", async ({ page, server }) => {
  await page.setViewportSize({ width: 700, height: 900 });
  for (const name of ["install.html", "angular.html", "php.html"]) {
    await page.goto(`${server.url}docs/${name}`);
    const cutOff = () =>
      page.locator("article pre").evaluateAll((blocks) =>
        blocks.filter((block) => block.scrollHeight > block.clientHeight || block.scrollWidth > block.clientWidth).length,
      );
    await page.emulateMedia({ media: "screen" });
    expect(await cutOff(), `${name} has no long code`).toBeGreaterThan(0);
    await page.emulateMedia({ media: "print" });
    expect(await cutOff(), name).toBe(0);
  }
});

test("the front page leads to the documentation, and that to the front page", async ({ page, server }) => {
  await page.goto(server.url);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Documentation" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Documentation");
  await page.getByRole("link", { name: "Airalo Balance" }).click();
  await expect(page.locator("airalo-balance")).toBeVisible();
});

test("the menu is beside the text, and names the page", async ({ page, server }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${server.url}docs/index.html`);
  const menu = page.getByRole("navigation", { name: "Documentation" });
  await expect(page.getByRole("button", { name: "Menu" })).toBeHidden();
  await menu.getByRole("link", { name: "Vue", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Vue");
  await expect(menu.locator("[aria-current=page]")).toHaveText("Vue");
  await page.getByRole("navigation", { name: "Next to this page" }).getByRole("link", { name: /^Next / }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Svelte");
});

test("a long menu begins with its own page in sight", async ({ page, server }) => {
  await page.setViewportSize({ width: 1280, height: 500 });
  await page.goto(`${server.url}docs/upgrading.html`);
  await expect(page.locator("#menu [aria-current=page]")).toBeInViewport();
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test("on a phone the menu opens over the text, and Escape closes it", async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${server.url}docs/react.html`);
  const menu = page.getByRole("navigation", { name: "Documentation" });
  await expect(menu).toBeHidden();
  await page.getByRole("button", { name: "Menu" }).click();
  await expect(menu).toBeVisible();
  expect((await findings(page, QUICK)).violations).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await page.getByRole("button", { name: "Menu" }).click();
  await menu.getByRole("link", { name: "Troubleshooting" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Troubleshooting");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the pages can be read, and the menu leads from one to the other", async ({ page, server }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${server.url}docs/index.html`);
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("navigation", { name: "Documentation" }).getByRole("link", { name: "Security" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Security");
    await expect(page.getByRole("button", { name: "Copy" })).toHaveCount(0);
  });
});

test("a link to a part of a page shows it below the bar", async ({ page, server }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${server.url}docs/troubleshooting.html#address-refused`);
  const [heading, bar] = [page.locator("#address-refused"), page.locator(".top")];
  await expect(heading).toBeInViewport();
  expect((await heading.boundingBox()).y).toBeGreaterThan((await bar.boundingBox()).height);
});
