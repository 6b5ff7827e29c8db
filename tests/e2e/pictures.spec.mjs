// What the card looks like. Every picture in `pictures/` has been reviewed. An intended change is
// recorded with `npx playwright test pictures --update-snapshots` and reviewed again.

import { readFileSync } from "node:fs";
import { openGallery } from "./canned.mjs";
import { Card, expect, test } from "./stack.mjs";

/** The fonts of the pictures, the same on every machine. */
const FONTS = '"Noto Sans", "Noto Sans Arabic", IPAexGothic';

async function expectPicture(page, locator, name) {
  await page.evaluate((fonts) => (document.documentElement.style.fontFamily = fonts), FONTS);
  await expect(locator).toHaveScreenshot(`${name}.png`, { animations: "disabled", maxDiffPixels: 200 });
}

/** One row of each kind, for pictures of other languages and colours. */
const state =
  "ready,loading,low,zero,history,few-days,low-history,limit,several,long,empty,stale,missed,low-missed,address-refused,rate-limited";

const PICTURES = {
  light: { parameters: { theme: "light" } },
  dark: { parameters: { theme: "dark" } },
  "forced-colors": { parameters: { theme: "light", state }, media: { forcedColors: "active" } },
  "more-contrast": { parameters: { theme: "light", state, variant: "card" }, media: { contrast: "more" }, width: 560 },
  narrow: { parameters: { theme: "light", variant: "card", width: 160 }, width: 400 },
  arabic: { parameters: { theme: "light", state, locale: "ar" } },
  japanese: { parameters: { theme: "light", state, locale: "ja" } },
};

for (const [name, { parameters, media = {}, width = 1240 }] of Object.entries(PICTURES)) {
  test(`the gallery looks as it did: ${name}`, async ({ page, server }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia(media);
    await openGallery(page, server, parameters);
    await expectPicture(page, page.locator(".sheet"), name);
  });
}

test("the details look as they did", async ({ page, server }) => {
  await page.setViewportSize({ width: 700, height: 760 });
  await openGallery(page, server, { theme: "light", variant: "card", state: "rate-limited,ready,low" });
  // The port of the server and the milliseconds differ in every run.
  await page.evaluate(() => {
    const support = document.querySelector("airalo-balance").shadowRoot.querySelector(".support");
    support.textContent = support.textContent.replace(/127\.0\.0\.1:\d+/, "panel.example").replace(/\.\d+Z/, "Z");
  });
  await page.locator("airalo-balance").first().locator("[part=more]").click();
  await expectPicture(page, page.locator("body"), "details");
});

for (const [name, parameters] of Object.entries({ history: { theme: "dark" }, "history-arabic": { theme: "light", locale: "ar" } })) {
  test(`the history behind the line looks as it did: ${name}`, async ({ page, server }) => {
    await page.setViewportSize({ width: 700, height: 700 });
    await openGallery(page, server, { variant: "card", state: "history", ...parameters });
    await page.locator("airalo-balance [part=trend]").click();
    await expect(page.locator("airalo-balance table").first()).toBeVisible();
    // Fonts may change the size of the popover.
    await page.mouse.move(0, 0);
    await expectPicture(page, page.locator("body"), name);
  });
}

const HISTORY_PAGES = {
  "history-page": { width: 1000 },
  "history-page-dark": { width: 1000, media: { colorScheme: "dark" } },
  "history-page-narrow": { width: 320 },
  "history-page-forced-colors": { width: 700, media: { forcedColors: "active" } },
};

for (const [name, { width, media = {} }] of Object.entries(HISTORY_PAGES)) {
  test(`the page with the history looks as it did: ${name}`, async ({ page, server }) => {
    const history = readFileSync(new URL("../../contract/history-month.json", import.meta.url), "utf8");
    await page.route(/\/api\/balance\/history/, (route) => {
      const isCsv = route.request().url().includes("csv");
      return route.fulfill(isCsv ? { contentType: "text/csv" } : { contentType: "application/json", body: history });
    });
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia(media);
    await page.goto(`${server.url}history.html`);
    await expect(page.locator(".chart").first()).toBeVisible();
    await expect(page.getByRole("button", { name: "Download as CSV" })).toBeVisible();
    await expectPicture(page, page.locator("main"), name);
  });
}

const examples = (path) => readFileSync(new URL(`../../examples/${path}`, import.meta.url), "utf8");

/** Serves the examples beside the card, as a panel does. */
async function openExample(page, server, name) {
  const types = { html: "text/html", css: "text/css" };
  await page.route(`${server.url}examples/**`, (route) => {
    const path = new URL(route.request().url()).pathname.replace("/examples/", "");
    return route.fulfill({ contentType: types[path.split(".").pop()], body: examples(path) });
  });
  await page.clock.install({ time: new Date("2026-03-14T10:42:00Z") });
  await page.goto(`${server.url}examples/${name}/index.html`);
  await page.evaluate(() => (document.documentElement.style.fontFamily = "Noto Serif"));
  await expect(new Card(page).amount).toBeVisible();
}

for (const colorScheme of ["light", "dark"]) {
  test(`a partner's theme looks as it did: ${colorScheme}`, async ({ page, server }) => {
    await page.setViewportSize({ width: 1000, height: 420 });
    await page.emulateMedia({ colorScheme });
    await openExample(page, server, "partner-theme");
    await expect(page.locator("body")).toHaveScreenshot(`theme-${colorScheme}.png`, { maxDiffPixels: 200 });
  });
}
