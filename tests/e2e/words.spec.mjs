// The language of the card.

import { readFileSync } from "node:fs";
import { Card, expect, test } from "./stack.mjs";

const words = (language) => JSON.parse(readFileSync(new URL(`../../www/words/${language}.json`, import.meta.url)));

const openIn = async (page, server, locale, label) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toBeVisible();
  await card.host.evaluate((element, locale) => (element.locale = locale), locale);
  await expect(card.host.locator(".label")).toHaveText(label);
  return card;
};

test("a language comes from the attribute, and a region is served with its language", async ({ page, server }) => {
  const french = words("fr");
  const card = await openIn(page, server, "fr-CA", french.label);
  await expect(card.amount).toHaveText(/225,35\s\$/);
  await expect(card.host.locator("section")).toHaveAttribute("lang", "fr");
});

test("it is taken from the nearest element that has one, through shadow roots", async ({ page, server }) => {
  const german = words("de");
  await page.goto(server.url);
  await page.evaluate(() => {
    const outer = document.createElement("div");
    outer.lang = "de-AT";
    const inner = outer.attachShadow({ mode: "open" });
    inner.append(document.querySelector("airalo-balance"));
    document.body.append(outer);
  });
  await expect(new Card(page).host.locator(".label")).toHaveText(german.label);
});

test("Arabic runs from right to left, on a page that does not", async ({ page, server }) => {
  const arabic = words("ar");
  const card = await openIn(page, server, "ar", arabic.label);
  await expect(card.host.locator("section")).toHaveAttribute("dir", "rtl");
  const [label, refresh] = await Promise.all(
    [".label", ".refresh"].map((part) => card.host.locator(part).boundingBox()),
  );
  expect(label.x).toBeGreaterThan(refresh.x);
});

test("a language that nobody has translated, or that does not exist, is served in English", async ({ page, server }) => {
  for (const locale of ["sw", "not a language", "x-klingon"]) {
    const card = await openIn(page, server, locale, "Available credit");
    await expect(card.amount).toContainText("225");
  }
});

test("English needs no file of messages", async ({ page, server }) => {
  const fetched = [];
  page.on("request", (request) => request.url().includes("/words/") && fetched.push(request.url()));
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  expect(fetched).toEqual([]);
});
