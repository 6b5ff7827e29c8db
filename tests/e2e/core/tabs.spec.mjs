// Several tabs of one site.

import { expect, test } from "./core.mjs";

/** How often a tab has asked for the balance. */
const requests = (card) =>
  card.tab.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/api/balance")).length);

test.describe("the core", { tag: "@core" }, () => {
  test("what one tab has asked for, the others show, without a request of theirs", async ({ open, standIn }) => {
    const first = await open();
    const second = await open({ proxy: first.proxy });
    for (const card of [first, second]) await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    const before = await requests(second);
    await standIn.order("4.50");
    await expect.poll(async () => (await first.refresh()).balances[0].amount).toBe("220.85");
    await expect.poll(() => second.amounts()).toEqual(["$220.85"]);
    expect(await requests(second)).toBe(before);
    expect(await second.events("change")).toHaveLength(1);
  });

  test("a card that is removed and one that takes its place go on", async ({ open, standIn }) => {
    const card = await open();
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    await card.tab.evaluate(() => {
      const old = document.querySelector("airalo-balance");
      old.replaceWith(old.cloneNode());
    });
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    await standIn.order("4.50");
    await card.refresh();
    await expect.poll(() => card.amounts()).toEqual(["$220.85"]);
  });
});
