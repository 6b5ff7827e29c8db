// What a level depends on: the balance, the thresholds, and the level before, but only of the same card's
// present account and thresholds.

import { balanceJson, pageWith } from "./panel.mjs";
import { Card, expect, test } from "./stack.mjs";

const card = (id, account) =>
  `<airalo-balance id="${id}" proxy-url="/api/balance?account=${account}" refresh-interval="0" low-threshold="200"></airalo-balance>`;

const levelOf = (host) => host.evaluate((element) => element.snapshot.level);

test("the level of one account is neither kept nor taken back where the card is pointed at another", async ({ page, panel }) => {
  const host = await panel(pageWith(card("moved", 1) + card("other", 2)));
  const amounts = { 1: 150, 2: 210 };
  host.answer = (_, { url }) => ({ body: balanceJson(amounts[new URL(url, host.url).searchParams.get("account")]) });
  await page.goto(host.url);
  const [moved, other] = [new Card(page, "#moved"), new Card(page, "#other")];
  await expect(moved.amount).toHaveText("$150.00");
  await expect(other.amount).toHaveText("$210.00");
  expect([await levelOf(moved.host), await levelOf(other.host)]).toEqual(["low", "ok"]);
  await page.evaluate(() => {
    window.announced = [];
    const region = document.querySelector("#moved").shadowRoot.querySelector("[role=status]");
    new MutationObserver(() => window.announced.push(region.textContent)).observe(region, { childList: true, subtree: true, characterData: true });
  });
  await moved.host.evaluate((element) => (element.proxyUrl = "/api/balance?account=2"));
  await expect(moved.amount).toHaveText("$210.00");
  // 210 would be "low" for a balance that rises from 150.
  expect(await levelOf(moved.host)).toBe("ok");
  await page.waitForTimeout(500);
  expect((await page.evaluate(() => window.announced)).filter(Boolean)).toEqual([]);
});

test("a level that only other thresholds have reached ends with them", async ({ page, panel }) => {
  const host = await panel(pageWith(card("one", 1)));
  host.answer = () => ({ body: balanceJson(210) });
  await page.goto(host.url);
  const one = new Card(page, "#one");
  await expect(one.amount).toHaveText("$210.00");
  for (const [threshold, level] of [
    [300, "low"],
    [200, "ok"],
  ]) {
    await one.host.evaluate((element, threshold) => (element.lowThreshold = threshold), threshold);
    await expect.poll(() => levelOf(one.host)).toBe(level);
  }
});
