// What goes away while it is open or has the focus.

import { balanceJson, pageWith } from "./panel.mjs";
import { Card, expect, test } from "./stack.mjs";

/** A panel that answers this way, request by request, and then with a balance. */
const answering = async (page, panel, ...answers) => {
  const host = await panel(pageWith('<airalo-balance proxy-url="/api/balance"></airalo-balance>'));
  host.answer = (number) => answers[number - 1] ?? { body: balanceJson(225.35) };
  await page.goto(host.url);
  const card = new Card(page);
  const refresh = async () => {
    // Two requests are at least 2 s apart.
    await page.waitForTimeout(2_100);
    return (await card.host.evaluate((element) => element.refresh())).error;
  };
  return { card, refresh, details: card.host.locator("[part=details]") };
};
const isOpen = (details) => details.evaluate((popover) => popover.matches(":popover-open"));
const good = { body: balanceJson(225.35) };
const bad = { status: 502 };

test("the details close when the problem is over, with their event, and do not open with the next one", async ({ page, panel }) => {
  const { card, refresh, details } = await answering(page, panel, good, bad, good, bad);
  await expect(card.amount).toHaveText("$225.35");
  await refresh();
  await card.host.locator("[part=more]").click();
  await details.locator("[part=copy]").focus();
  await details.evaluate((popover) => {
    window.toggles = [];
    popover.addEventListener("beforetoggle", ({ newState }) => window.toggles.push(newState));
  });
  expect(await refresh()).toBe(null);
  await expect(details).toBeHidden();
  expect(await isOpen(details)).toBe(false);
  expect(await page.evaluate(() => window.toggles)).toEqual(["closed"]);
  await expect(card.refreshButton).toBeFocused();
  expect(await refresh()).not.toBe(null);
  await expect(card.outdated).toBeVisible();
  expect(await isOpen(details)).toBe(false);
});

test("the details stay open while the problem lasts", async ({ page, panel }) => {
  const { card, refresh, details } = await answering(page, panel, bad, bad);
  await expect(card.title).toBeVisible();
  await card.host.locator("[part=more]").click();
  await details.locator("[part=copy]").focus();
  expect(await refresh()).not.toBe(null);
  expect(await isOpen(details)).toBe(true);
  await expect(details.locator("[part=copy]")).toBeFocused();
});

test("the button that has tried again with success passes the focus on to the one that refreshes", async ({ page, panel }) => {
  const { card } = await answering(page, panel, bad);
  await expect(card.retryButton).toBeVisible();
  await page.waitForTimeout(2_100);
  await card.retryButton.focus();
  await page.keyboard.press("Enter");
  await expect(card.amount).toHaveText("$225.35");
  await expect(card.refreshButton).toBeFocused();
});

test("a card takes the focus from nothing outside it", async ({ page, panel }) => {
  const { card, refresh, details } = await answering(page, panel, bad);
  await expect(card.title).toBeVisible();
  await page.evaluate(() => document.body.append(document.createElement("input")));
  await card.host.locator("[part=more]").click();
  await page.locator("input").evaluate((input) => input.focus());
  expect(await refresh()).toBe(null);
  await expect(details).toBeHidden();
  expect(await isOpen(details)).toBe(false);
  await expect(page.locator("input")).toBeFocused();
});

test("the page does not scroll to a card whose button gives the focus away", async ({ page, panel }) => {
  const { card, refresh } = await answering(page, panel, bad);
  await expect(card.title).toBeVisible();
  await card.host.locator("[part=more]").focus();
  await page.evaluate(() => {
    document.body.style.paddingBlockEnd = "300vh";
    window.scrollTo(0, document.body.scrollHeight);
  });
  const top = await page.evaluate(() => window.scrollY);
  expect(top).toBeGreaterThan(500);
  expect(await refresh()).toBe(null);
  await expect(card.refreshButton).toBeFocused();
  expect(await page.evaluate(() => window.scrollY)).toBe(top);
});

test("without a refresh button the focus passes on to the top-up link", async ({ page, panel }) => {
  const { card } = await answering(page, panel, bad);
  await card.host.evaluate((element) => (element.noRefresh = true));
  await expect(card.retryButton).toBeVisible();
  await page.waitForTimeout(2_100);
  await card.retryButton.focus();
  await page.keyboard.press("Enter");
  await expect(card.amount).toHaveText("$225.35");
  await expect(card.host.locator("[part=top-up]")).toBeFocused();
});

test("in a window that is low the details are inside of it, and scroll", async ({ page, panel }) => {
  await page.setViewportSize({ width: 320, height: 180 });
  const { card, details } = await answering(page, panel, bad, bad);
  await expect(card.title).toBeVisible();
  await card.host.locator("[part=more]").click();
  const { top, bottom } = await details.evaluate((popover) => popover.getBoundingClientRect().toJSON());
  expect(top).toBeGreaterThanOrEqual(0);
  expect(bottom).toBeLessThanOrEqual(180);
  const copy = details.locator("[part=copy]");
  await copy.scrollIntoViewIfNeeded();
  await expect(copy).toBeInViewport({ ratio: 1 });
});
