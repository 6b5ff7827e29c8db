// The pages of the site that show a card in a panel, from any server of static files.

import { findings } from "./axe.mjs";
import { Card, expect, test } from "./stack.mjs";

/** What axe-core finds in what is the site's own. */
const problems = async (page) => (await findings(page, { context: { include: ["airalo-balance", ".airalo-bar"] } })).violations;

const ground = (locator) => locator.evaluate((element) => getComputedStyle(element).backgroundColor);

for (const [name, title] of Object.entries({ adminlte: "AdminLTE", tabler: "Tabler", coreui: "CoreUI" })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the site shows the card in ${title}, ${colorScheme}, and in the other theme at a click`, async ({ page, server }) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${server.url}panels/${name}.html`);
      const own = page.locator(".card", { hasText: "Sold today" });
      const card = new Card(page, "airalo-balance:not(.airalo-balance-flush)");
      await expect(card.amount).toHaveText("$225.35");
      const before = await ground(own);
      expect(await ground(card.host.locator(".card"))).toBe(before);
      expect(await problems(page)).toEqual([]);
      await page.getByRole("button", { name: "Light or dark" }).click();
      await expect.poll(() => ground(own)).not.toBe(before);
      await expect.poll(async () => (await ground(card.host.locator(".card"))) === (await ground(own))).toBe(true);
      expect(await problems(page)).toEqual([]);
    });
  }

  test(`on the page of ${title} each button does what it says`, async ({ page, server }) => {
    await page.goto(`${server.url}panels/${name}.html`);
    const cards = page.locator("airalo-balance");
    const card = new Card(page, "airalo-balance:not(.airalo-balance-flush)");
    const theme = page.locator(":root[data-bs-theme=dark]");
    const press = (name) => page.getByRole("button", { name, exact: true }).click();
    await expect(card.amount).toHaveText("$225.35");
    await press("Light or dark");
    await expect(theme).toBeAttached();
    expect(await card.host.evaluate(({ lowThreshold }) => lowThreshold)).toBe("100");
    await press("Hide");
    await expect(cards).toHaveCount(0);
    await press("Show");
    await expect(cards).toHaveCount(2);
    await press("Light or dark");
    await expect(theme).not.toBeAttached();
    await expect(cards).toHaveCount(2);
  });

  test(`on the page of ${title} the first click on “Warn earlier” warns, and takes no card away`, async ({ page, server }) => {
    await page.goto(`${server.url}panels/${name}.html`);
    const card = new Card(page, "airalo-balance:not(.airalo-balance-flush)");
    await expect(card.amount).toHaveText("$225.35");
    await page.getByRole("button", { name: "Warn earlier" }).click();
    await expect(page.locator("output")).toHaveText("low");
    await expect(card.host.locator(".alert")).toBeVisible();
    await expect(page.locator("airalo-balance")).toHaveCount(2);
  });

  test(`the page of ${title} leads to its documentation and back, and fits a phone`, async ({ page, server }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${server.url}panels/${name}.html`);
    await expect(new Card(page, "airalo-balance:not(.airalo-balance-flush)").amount).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
    await page.getByRole("link", { name: "How it is done" }).click();
    await page.getByRole("link", { name: "The same page" }).click();
    await expect(page).toHaveURL(`${server.url}panels/${name}.html`);
    await page.getByRole("link", { name: title, exact: true }).click();
    await expect(page.locator(".airalo-bar [aria-current]")).toHaveText(title);
  });
}
