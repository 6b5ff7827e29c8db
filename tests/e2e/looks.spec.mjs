// What it looks like. Somebody has looked at every picture in `pictures/`; whoever changes one on
// purpose makes it anew with `npx playwright test looks --update-snapshots`, and looks again.

import { readFileSync } from "node:fs";
import { openGallery } from "./canned.mjs";
import { Card, expect, test } from "./stack.mjs";

/** The fonts of the pictures, the same on every machine. */
const FONTS = '"Noto Sans", "Noto Sans Arabic", IPAexGothic';

async function pictured(page, locator, name) {
  await page.evaluate((fonts) => (document.documentElement.style.fontFamily = fonts), FONTS);
  await expect(locator).toHaveScreenshot(`${name}.png`, { animations: "disabled", maxDiffPixels: 200 });
}

/** One row of each kind: enough where another language or other colours are the point. */
const state = "ready,loading,low,zero,limit,several,long,empty,stale,missed,low-missed,address-refused,rate-limited";

const PICTURES = {
  light: { wishes: { theme: "light" } },
  dark: { wishes: { theme: "dark" } },
  "forced-colors": { wishes: { theme: "light", state }, media: { forcedColors: "active" } },
  "more-contrast": { wishes: { theme: "light", state, variant: "card" }, media: { contrast: "more" }, width: 560 },
  narrow: { wishes: { theme: "light", variant: "card", width: 160 }, width: 400 },
  arabic: { wishes: { theme: "light", state, locale: "ar" } },
  japanese: { wishes: { theme: "light", state, locale: "ja" } },
};

for (const [name, { wishes, media = {}, width = 1240 }] of Object.entries(PICTURES)) {
  test(`the gallery looks as it did: ${name}`, async ({ page, server }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia(media);
    await openGallery(page, server, wishes);
    await pictured(page, page.locator(".sheet"), name);
  });
}

test("the details look as they did", async ({ page, server }) => {
  await page.setViewportSize({ width: 700, height: 760 });
  await openGallery(page, server, { theme: "light", variant: "card", state: "rate-limited,ready,low" });
  // The address of the server and the thousandths of a second are others each time.
  await page.evaluate(() => {
    const support = document.querySelector("airalo-balance").shadowRoot.querySelector(".support");
    support.textContent = support.textContent.replace(/127\.0\.0\.1:\d+/, "panel.example").replace(/\.\d+Z/, "Z");
  });
  await page.locator("airalo-balance").first().locator("[part=more]").click();
  await pictured(page, page.locator("body"), "details");
});

const examples = (path) => readFileSync(new URL(`../../examples/${path}`, import.meta.url), "utf8");

/** Serves the examples beside the card, as a panel would serve them. */
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
