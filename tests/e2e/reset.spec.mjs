// Another user signs in: `reset()` forgets the balance of the one before.

import { balanceJson, pageWith } from "./panel.mjs";
import { Card, expect, holdWebAssembly, recordAmounts, test } from "./stack.mjs";

const CARD = '<airalo-balance proxy-url="/api/balance"></airalo-balance>';

test("reset() forgets the balance of one user and asks for that of another", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD + CARD));
  host.answer = async (number) => {
    if (number === 1) return { body: balanceJson(225.35) };
    await new Promise((next) => setTimeout(next, 300));
    return { body: balanceJson(7) };
  };
  await page.goto(host.url);
  const cards = page.locator("airalo-balance");
  await expect(cards.nth(1).locator(".item .amount bdi[aria-hidden]")).toHaveText("$225.35");
  await page.waitForTimeout(2_100);
  const states = await cards.nth(0).evaluate(async (element) => {
    const settled = element.reset();
    await new Promise((next) => setTimeout(next, 100));
    const states = [...document.querySelectorAll("airalo-balance")].map(({ snapshot }) => snapshot.state);
    return [...states, (await settled).balances[0].amount];
  });
  expect(states).toEqual(["loading", "loading", "7"]);
  await expect(cards.nth(1).locator(".item .amount bdi[aria-hidden]")).toHaveText("$7.00");
  expect(host.requests.length).toBe(2);
});

test("reset() concerns the cards of the same URL that have other headers, and those that are gone", async ({ page, panel }) => {
  const host = await panel(pageWith(""));
  let answers = () => ({ body: balanceJson(1) });
  host.answer = () => answers();
  await page.goto(host.url);
  const add = (id) =>
    page.evaluate((id) => {
      const element = document.createElement("airalo-balance");
      Object.assign(element, { id, headers: { "X-Card": id }, proxyUrl: "/api/balance" });
      document.body.append(element);
    }, id);
  const states = () => page.locator("airalo-balance").evaluateAll((all) => all.map(({ snapshot }) => snapshot.state));
  for (const id of ["one", "other", "gone"]) await add(id);
  await expect.poll(states).toEqual(["ready", "ready", "ready"]);
  await page.locator("#gone").evaluate((element) => element.remove());
  answers = () => new Promise(() => {});
  await page.locator("#one").evaluate((element) => void element.reset());
  await expect.poll(states).toEqual(["loading", "loading"]);
  await add("gone");
  await page.waitForTimeout(300);
  expect(await states()).toEqual(["loading", "loading", "loading"]);
});

test("reset() of a card that was just inserted concerns the other cards of its URL, and refresh() with it resolves", async ({ page, panel }) => {
  const host = await panel(pageWith(""));
  let amount = 1;
  host.answer = () => ({ body: balanceJson(amount) });
  await page.goto(host.url);
  const add = (id, isReset) =>
    page.evaluate(
      async ([id, isReset]) => {
        const element = document.createElement("airalo-balance");
        Object.assign(element, { id, headers: { "X-Card": id }, proxyUrl: "/api/balance" });
        document.body.append(element);
        if (!isReset) return;
        const [reset, refresh] = await Promise.all([element.reset(), element.refresh()]);
        return [reset, refresh].map(({ balances }) => balances[0].amount);
      },
      [id, isReset],
    );
  await add("one", false);
  await expect(new Card(page, "#one").amount).toHaveText("$1.00");
  await page.waitForTimeout(2_100);
  amount = 2;
  expect(await add("new", true)).toEqual(["2", "2"]);
  await expect(new Card(page, "#one").amount).toHaveText("$2.00");
});

test("reset() before the WebAssembly has loaded makes a new request", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = (number) => ({ body: balanceJson(number) });
  const release = await holdWebAssembly(page);
  await page.goto(host.url);
  await expect(new Card(page).preview).toHaveText("$1.00");
  await page.evaluate(() => void document.querySelector("airalo-balance").reset());
  await expect(new Card(page).preview).toHaveText("$2.00");
  release();
  await expect(new Card(page).amount).toHaveText("$2.00");
  expect(host.requests.length).toBe(2);
});

test("an answer that comes after reset() and before the WebAssembly is not shown", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  const releases = [];
  host.answer = (number) => new Promise((resolve) => releases.push(() => resolve({ body: balanceJson(number) })));
  await holdWebAssembly(page);
  await page.goto(host.url);
  await expect.poll(() => releases.length).toBe(1);
  await page.evaluate(() => void document.querySelector("airalo-balance").reset());
  await expect.poll(() => releases.length).toBe(2);
  await recordAmounts(page);
  releases[0]();
  await page.waitForTimeout(200);
  releases[1]();
  await expect(new Card(page).preview).toHaveText("$2.00");
  expect(await page.evaluate(() => [...window.amounts])).not.toContain("$1.00");
});

test("reset() before the WebAssembly has loaded forgets the data of the page as well", async ({ page, panel }) => {
  const data = `<script type="application/json">${balanceJson(7.5)}</script>`;
  const host = await panel(pageWith(CARD.replace("></", `>${data}</`)));
  const release = await holdWebAssembly(page);
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.preview).toHaveText("$7.50");
  await recordAmounts(page);
  await card.host.evaluate((element) => void element.reset());
  await expect(card.preview).toHaveText("$225.35");
  await page.evaluate(() => window.amounts.clear());
  release();
  await expect(card.amount).toHaveText("$225.35");
  expect(await page.evaluate(() => [...window.amounts])).not.toContain("$7.50");
  expect((await page.cardEvents("ready")).map(({ detail }) => detail.balances[0].amount)).toEqual(["225.35"]);
});

for (const [what, attributes, answer] of [
  ["a card that nobody sees yet", 'loading="lazy" style="margin-top: 9000px; display: block"', () => ({ body: balanceJson(1) })],
  ["a server that wants to be left alone", "", () => ({ status: 429, headers: { "Retry-After": "300" } })],
]) {
  test(`reset() of ${what} resolves, although no request may be made yet`, async ({ page, panel }) => {
    const host = await panel(pageWith(CARD.replace("><", ` ${attributes}><`)));
    host.answer = answer;
    await page.goto(host.url);
    const card = new Card(page);
    if (!attributes) await expect(card.title).toBeVisible();
    else await expect.poll(() => page.evaluate(() => Boolean(customElements.get("airalo-balance")))).toBe(true);
    await page.waitForTimeout(500);
    const before = host.requests.length;
    expect((await card.host.evaluate((element) => element.reset())).state).toBe(attributes ? "loading" : "error");
    expect(host.requests.length).toBe(before);
  });
}

test("the balance of another account is a first one, and no change of the one before", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  host.answer = (number) => ({ body: balanceJson(number) });
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$1.00");
  await card.host.evaluate((element) => (element.proxyUrl = "/api/balance?account=2"));
  await expect(card.amount).toHaveText("$2.00");
  await page.waitForTimeout(2_100);
  await card.host.evaluate((element) => element.reset());
  await expect(card.amount).toHaveText("$3.00");
  const ready = await page.cardEvents("ready");
  expect(ready.map(({ detail }) => detail.balances[0].amount)).toEqual(["1", "2", "3"]);
  expect(await page.cardEvents("change")).toEqual([]);
});
