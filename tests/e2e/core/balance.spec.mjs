// What a reader sees of a balance or of an error, refreshes it and tops it up.

import { expect, test } from "./core.mjs";

test.describe("the core", { tag: "@core" }, () => {
  test("the card shows the balance that the stand-in holds, and its time", async ({ open }) => {
    const card = await open();
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    expect(await card.texts(".status > *")).toEqual([expect.stringMatching(/^As of \d+:\d\d\s[AP]M$/), "now"]);
    expect(await card.snapshot()).toMatchObject({ state: "ready", balances: [{ amount: "225.35", currency: "USD" }], stale: false, error: null });
    expect(await card.events("ready")).toHaveLength(1);
    expect(await card.matches(":state(ready)")).toBe(true);
  });

  test("the button brings the new balance, and the page is told", async ({ open, standIn }) => {
    const card = await open();
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    await standIn.order("4.50");
    await card.click("[part=refresh]");
    await expect.poll(() => card.amounts()).toEqual(["$220.85"]);
    const [{ balances, previous }] = await card.events("change");
    expect([previous[0].amount, balances[0].amount]).toEqual(["225.35", "220.85"]);
  });

  test("refresh() resolves with the new snapshot", async ({ open, standIn }) => {
    const card = await open();
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    await standIn.topUp("100");
    // The proxy answers with the old one where Airalo takes longer than 300 ms.
    await expect.poll(async () => (await card.refresh()).balances[0].amount).toBe("325.35");
    await expect.poll(() => card.amounts()).toEqual(["$325.35"]);
  });

  test("several balances are a list, each in its currency", async ({ open, standIn }) => {
    await standIn.play("several");
    const card = await open();
    await expect.poll(() => card.amounts()).toEqual(["$1,234.50", "€980.00", "¥120,500"]);
    expect(await card.texts(".item .name bdi")).toEqual(["Main", "Europe", "Japan"]);
  });

  test("a low balance warns, with words and with a state", async ({ open }) => {
    const card = await open();
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    await card.set({ lowThreshold: "300" });
    await expect.poll(() => card.texts(".alert")).toEqual(["Running low"]);
    expect(await card.matches(":state(low)")).toBe(true);
    expect(await card.events("level")).toEqual([{ level: "low", previous: "ok" }]);
  });

  test("an error says what is wrong and no amount, and is gone after a retry that succeeds", async ({ open, standIn }) => {
    await standIn.play("html");
    const card = await open();
    await expect.poll(() => card.texts(".message .title")).toEqual(["The answer can’t be read"]);
    expect(await card.amounts()).toEqual([]);
    expect(await card.events("error")).toMatchObject([{ code: "invalid-response", status: 502 }]);
    expect(await card.matches(":state(error)")).toBe(true);
    await standIn.play("normal");
    await expect(async () => {
      // It is gone where an earlier press has succeeded.
      if ((await card.texts("[part=retry]")).length > 0) await card.click("[part=retry]");
      await expect.poll(() => card.amounts(), { timeout: 2_500 }).toEqual(["$225.35"]);
    }).toPass({ timeout: 45_000 });
    expect(await card.texts(".message .title")).toEqual([]);
  });

  test("a balance that cannot be refreshed stays, and is marked as old", async ({ open, standIn }) => {
    const card = await open();
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    await standIn.play("error-503");
    await card.click("[part=refresh]");
    await expect.poll(() => card.texts(".outdated")).toEqual(["Airalo can’t be reached"]);
    expect(await card.amounts()).toEqual(["$225.35"]);
    expect(await card.matches(":state(stale)")).toBe(true);
  });

  test("the link opens the page for top-ups in a tab of its own, unless the page prevents it", async ({ open, panel }) => {
    let visits = 0;
    const shop = await panel({ "/shop": () => `<title>Shop ${(visits += 1)}</title>` });
    const card = await open();
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    await card.set({ topUpUrl: `${shop.url}shop` });
    await expect.poll(() => card.tab.evaluate(() => document.querySelector("airalo-balance").shadowRoot.querySelector("[part=top-up]").href)).toBe(`${shop.url}shop`);
    await card.tab.evaluate(() => addEventListener("airalo-balance-top-up", (event) => event.preventDefault(), { once: true }));
    await card.click("[part=top-up]");
    await expect.poll(() => card.events("top-up")).toHaveLength(1);
    await card.click("[part=top-up]");
    await expect.poll(() => visits).toBe(1);
    expect((await card.events("top-up"))[1]).toMatchObject({ url: `${shop.url}shop`, balances: [{ amount: "225.35" }] });
    expect(await card.amounts()).toEqual(["$225.35"]);
  });

  test("a card whose WebAssembly is missing keeps the amount and says that it cannot be refreshed", async ({ open }) => {
    const card = await open({ isMissing: (path) => /\.wasm(\.\w+)?$/.test(path) });
    await expect.poll(() => card.texts(".outdated")).toEqual(["Can’t be refreshed here"]);
    expect(await card.texts(".item .amount bdi")).toEqual(["$225.35"]);
    expect(await card.events("error")).toMatchObject([{ code: "unsupported" }]);
  });
});
