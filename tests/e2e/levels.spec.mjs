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

test("a newer balance changes the level also where the server says that it is out of date", async ({ page, panel }) => {
  const host = await panel(pageWith(card("one", 1).replace("low-threshold", 'critical-threshold="50" low-threshold')));
  const old = (amount, fetchedAt) => ({ body: balanceJson(amount, { stale: true, reason: "upstream", fetched_at: fetchedAt }) });
  const now = Date.now();
  const answers = [{ body: balanceJson(500) }, old(35.5, new Date(now + 2_000)), old(-5, new Date(now + 4_000)), old(500, new Date(now + 6_000))];
  host.answer = (number) => answers[number - 1];
  await page.goto(host.url);
  const one = new Card(page, "#one");
  await expect(one.amount).toHaveText("$500.00");
  for (const [amount, level, alert] of [
    ["$35.50", "critical", "Almost used up"],
    ["-$5.00", "critical", "No credit left: orders will fail"],
    ["$500.00", "ok", ""],
  ]) {
    await page.waitForTimeout(2_100);
    await one.host.evaluate((element) => element.refresh());
    await expect(one.amount).toHaveText(amount);
    expect(await levelOf(one.host)).toBe(level);
    await expect(one.host.locator(".alert")).toHaveText(alert);
    await expect(one.outdated).toHaveText("Airalo can’t be reached");
  }
});

test("of several balances only those below a threshold are marked, and named in the warning", async ({ page, panel }) => {
  const host = await panel(pageWith(card("one", 1)));
  const balances = [["Main", 5000, "USD"], ["Europe", 10, "EUR"]].map(([name, amount, currency]) => ({ name, availableBalance: { amount, currency } }));
  host.answer = () => ({ body: JSON.stringify({ data: { balances }, meta: { message: "success" } }) });
  await page.goto(host.url);
  const one = new Card(page, "#one");
  await expect(one.host.locator(".alert")).toHaveText("Europe · Running low");
  const colours = await one.host.evaluate((element) => [...element.shadowRoot.querySelectorAll(".amount")].slice(1).map((amount) => getComputedStyle(amount).color));
  const text = await one.host.evaluate((element) => getComputedStyle(element.shadowRoot.querySelector(".card")).color);
  expect(colours).toHaveLength(2);
  expect(colours[0]).toBe(text);
  expect(colours[1]).not.toBe(text);
});
