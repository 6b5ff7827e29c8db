// Several tabs of one site.

import { expect, test } from "./core.mjs";

/** The requests for the balance that a proxy has answered, as its access log has them. */
const requests = (proxy) => proxy.log.split("\n").filter((line) => line.includes('"route":"/api/balance"')).length;

test.describe("the core", { tag: "@core" }, () => {
  test("what one tab has asked for, the others show, without a request of theirs", async ({ open, standIn }) => {
    const first = await open({ env: { LOG_FORMAT: "json" } });
    const second = await open({ proxy: first.proxy });
    for (const card of [first, second]) await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    await standIn.order("4.50");
    const before = requests(first.proxy);
    await first.refresh();
    for (const card of [first, second]) await expect.poll(() => card.amounts()).toEqual(["$220.85"]);
    expect(requests(first.proxy)).toBe(before + 1);
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
