// The presets, beside the cards of the panels that they are made for.

import { readFileSync } from "node:fs";
import { findings } from "../axe.mjs";
import { balanceJson } from "../panel.mjs";
import { Card, expect } from "../stack.mjs";
import { isChosen, missing, test } from "./hosts.mjs";

/** The attribute by which each panel is light or dark. */
const PANELS = { adminlte: "data-bs-theme", coreui: "data-coreui-theme", tabler: "data-bs-theme" };

/** What the card has in common with a card of the panel. */
const looks = (element) => {
  const { backgroundColor, borderTopColor, borderTopWidth, borderTopLeftRadius, boxShadow, color, fontFamily } = getComputedStyle(element);
  return { backgroundColor, borderTopColor, borderTopWidth, borderTopLeftRadius, boxShadow, color, fontFamily };
};

/** Sets the theme of the panel, and waits until its colours no longer change: Tabler's cards fade. */
const setTheme = (page, attribute, theme) =>
  page.evaluate(
    async ([attribute, theme]) => {
      document.documentElement.setAttribute(attribute, theme);
      const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
      await Promise.allSettled(transitions.map((transition) => transition.finished));
    },
    [attribute, theme],
  );

/** What axe-core finds in the cards; those of the panel are not ours. */
const problems = async (page) => (await findings(page, { context: "airalo-balance" })).violations;

for (const [name, attribute] of Object.entries(PANELS).filter(([name]) => isChosen(name))) {
  for (const theme of ["light", "dark"]) {
    test(`${name}, ${theme}: the card looks like one of the panel, and every text can be read`, async ({ page, host }) => {
      test.skip(Boolean(missing(name)), `${missing(name)} is not on this machine`);
      const { url } = await host(name);
      // The panel decides, whatever the system prefers.
      await page.emulateMedia({ colorScheme: theme === "light" ? "dark" : "light" });
      await page.goto(url);
      await setTheme(page, attribute, theme);
      const own = page.locator(".card", { hasText: "Sold today" });
      const [flush, card] = [new Card(page, ".card airalo-balance"), new Card(page, "airalo-balance:not(.airalo-balance-flush)")];
      await expect(card.amount).toHaveText("$225.35");
      const base = (one) => one.host.locator(".card");
      expect(await base(card).evaluate(looks)).toEqual(await own.evaluate(looks));
      const padding = (locator) => locator.evaluate((element) => getComputedStyle(element).paddingTop);
      expect(await padding(base(card))).toBe(await padding(own.locator(".card-body")));
      const height = (locator) => locator.evaluate((element) => element.getBoundingClientRect().height);
      expect(await height(base(card)), "it fills its row").toBe(await height(own));
      const nothing = { backgroundColor: "rgba(0, 0, 0, 0)", borderTopWidth: "0px", boxShadow: "none" };
      expect(await base(flush).evaluate(looks)).toMatchObject(nothing);
      expect(await problems(page)).toEqual([]);

      for (const attribute of ["low-threshold", "critical-threshold"]) {
        await card.host.evaluate((element, attribute) => element.setAttribute(attribute, "500"), attribute);
        await expect(card.host.locator(".alert")).toBeVisible();
        expect(await problems(page), attribute).toEqual([]);
      }

      // What opens above the panel is not transparent, not even from a card without a frame.
      await flush.host.evaluate((element) => (element.proxyUrl = "/api/nothing"));
      await flush.host.getByRole("button", { name: "Details" }).click();
      const details = await flush.host.locator(".details").evaluate(looks);
      expect(details.backgroundColor).toBe((await own.evaluate(looks)).backgroundColor);
      expect(await problems(page)).toEqual([]);
    });
  }
}

const contract = (name) => readFileSync(new URL(`../../../contract/${name}.json`, import.meta.url), "utf8");

/** The pages of the documentation show these pictures. */
for (const [name, attribute] of Object.entries(PANELS).filter(([name]) => isChosen(name))) {
  for (const theme of ["light", "dark"]) {
    test(`${name} with the card in it looks as it did: ${theme}`, async ({ page, host }) => {
      test.skip(Boolean(missing(name)), `${missing(name)} is not on this machine`);
      test.skip(!process.env.AIRALO_FONTS, "the fonts of the pictures are not on this machine");
      const { url } = await host(name);
      await page.setViewportSize({ width: 1200, height: 400 });
      await page.clock.install({ time: new Date("2026-03-14T10:42:00Z") });
      await page.route("**/api/balance", (route) => route.fulfill({ contentType: "application/json", body: balanceJson(225.35, { history: true }) }));
      await page.route("**/api/balance/history*", (route) => route.fulfill({ contentType: "application/json", body: contract("history-month") }));
      await page.goto(url);
      await setTheme(page, attribute, theme);
      await page.evaluate(() => {
        for (const panel of ["bs", "tblr", "cui"]) document.documentElement.style.setProperty(`--${panel}-font-sans-serif`, "Noto Sans");
      });
      const card = new Card(page, "airalo-balance:not(.airalo-balance-flush)");
      await card.host.evaluate((element) => (element.lowThreshold = 300));
      for (const trend of await page.locator("airalo-balance .trend").all()) await expect(trend).toBeVisible();
      await expect(page).toHaveScreenshot(`panel-${name}-${theme}.png`, { maxDiffPixels: 200 });
    });
  }
}

test("a part of a page, or a card, can have the other theme", async ({ page, host }) => {
  test.skip(!isChosen("adminlte") || Boolean(missing("adminlte")), "it is not on this machine, or another example was named");
  const { url } = await host("adminlte");
  await page.goto(url);
  const card = new Card(page, "airalo-balance:not(.airalo-balance-flush)");
  await expect(card.amount).toHaveText("$225.35");
  await card.host.evaluate((element) => element.setAttribute("data-bs-theme", "dark"));
  const { backgroundColor, color } = await card.host.locator(".card").evaluate(looks);
  expect([backgroundColor, color]).toEqual(["rgb(33, 37, 41)", "rgb(222, 226, 230)"]);
});

test("what a page says of the card counts more than a preset, in whatever order they are loaded", async ({ page, host }) => {
  test.skip(!isChosen("tabler") || Boolean(missing("tabler")), "it is not on this machine, or another example was named");
  const { url } = await host("tabler");
  await page.goto(url);
  const card = new Card(page, "airalo-balance:not(.airalo-balance-flush)");
  await expect(card.amount).toHaveText("$225.35");
  await page.evaluate(() => {
    const style = document.createElement("style");
    style.textContent = "airalo-balance { --airalo-balance-radius: 3px } airalo-balance::part(base) { box-shadow: none }";
    document.head.prepend(style);
  });
  const base = card.host.locator(".card");
  expect(await base.evaluate((element) => [getComputedStyle(element).borderTopLeftRadius, getComputedStyle(element).boxShadow])).toEqual(["3px", "none"]);
});
