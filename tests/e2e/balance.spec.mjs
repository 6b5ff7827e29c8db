// From the response of the partner API to the text on the card.

import { Card, expect, test } from "./stack.mjs";

test("the page shows the balance that the stand-in holds", async ({ page, server, standIn }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await expect(card.status).toContainText("As of");
  expect((await standIn.state()).balance).toBe(225.35);
  expect(await card.snapshot()).toMatchObject({
    state: "ready",
    balances: [{ name: "balance", amount: "225.35", currency: "USD" }],
    stale: false,
    error: null,
  });
});

test("after an order and a refresh it shows the new balance, and fires an event", async ({ page, server, standIn }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await standIn.order("4.50");
  // The proxy caches a balance for one second here, and the card allows a refresh every two.
  await page.waitForTimeout(2_100);
  await card.refreshButton.click();
  await expect(card.amount).toHaveText("$220.85");
  const [change] = await page.cardEvents("change");
  expect(change.composed).toBe(true);
  expect(change.detail.balances[0].amount).toBe("220.85");
  expect(change.detail.previous[0].amount).toBe("225.35");
  expect(await page.cardEvents("ready")).toHaveLength(1);
});

test("refresh() resolves with the new snapshot", async ({ page, server, standIn }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await standIn.topUp("100");
  await page.waitForTimeout(1_100);
  const snapshot = await card.host.evaluate((element) => element.refresh());
  expect(snapshot.balances[0].amount).toBe("325.35");
  await expect(card.amount).toHaveText("$325.35");
});

const shown = {
  zero: "$0.00",
  negative: "-$12.50",
  "string-amount": "$225.35",
  "long-amount": "$12,345,678,901,234,567.89",
};

test("balances are added and removed, and unchanged nodes stay", async ({ page, server }) => {
  let amounts;
  await page.route("**/api/balance", (route) => {
    const balances = Object.entries(amounts).map(([name, amount]) => ({ name, availableBalance: { amount, currency: "USD" } }));
    return route.fulfill({ json: { data: { balances }, meta: { message: "success" } } });
  });
  const { host } = new Card(page);
  const lines = host.locator(".item:not([hidden])");
  const money = host.locator(".item .amount bdi[aria-hidden]");
  const show = async (next) => {
    amounts = next;
    if (page.url() === "about:blank") return page.goto(server.url);
    await page.waitForTimeout(2_100);
    return host.evaluate((element) => element.refresh().then(() => {}));
  };

  await show({ Main: 1, Europe: 2, Asia: 3 });
  await expect(money).toHaveText(["$1.00", "$2.00", "$3.00"]);
  await expect(lines.locator(".name")).toHaveText(["Main", "Europe", "Asia"]);
  // A property marks the nodes: a new node has none.
  await host.evaluate(({ shadowRoot }) => {
    for (const node of shadowRoot.querySelectorAll(".name bdi *, .amount bdi *, .item")) node.marked = true;
    shadowRoot.querySelector(".top-up").firstChild.marked = true;
  });
  const marked = (selector) =>
    host.evaluate(({ shadowRoot }, selector) => [...shadowRoot.querySelectorAll(selector)].map(({ marked }) => !!marked), selector);

  await show({ Main: 1, Europe: 5 });
  await expect(money).toHaveText(["$1.00", "$5.00"]);
  expect(await marked(".item .name bdi *")).toEqual([true, true]);
  expect(await marked(".item .amount bdi *")).toEqual([true, false]);

  await show({ Main: 7 });
  await expect(money).toHaveText(["$7.00"]);
  await expect(lines.locator(".name")).toBeHidden();
  await expect(host.locator(".list")).not.toHaveAttribute("role");

  await show({ Main: 7, Africa: 8, Asia: 9, Oceania: 10 });
  await expect(money).toHaveText(["$7.00", "$8.00", "$9.00", "$10.00"]);
  await expect(host.locator(".list")).toHaveRole("list");
  expect(await marked(".item:not([hidden])")).toEqual([true, false, false, false]);
  expect(await host.evaluate(({ shadowRoot }) => shadowRoot.querySelector(".top-up").firstChild.marked)).toBe(true);
});

for (const [scenario, money] of Object.entries(shown)) {
  test(`${scenario}: the card shows ${money}`, async ({ page, server, standIn }) => {
    await standIn.play(scenario);
    await page.goto(server.url);
    await expect(new Card(page).amount).toHaveText(money);
  });
}

test("several: every balance is shown, in a list", async ({ page, server, standIn }) => {
  await standIn.play("several");
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.host.getByRole("listitem")).toHaveCount(3);
  await expect(card.amount).toHaveText(["$1,234.50", "€980.00", "¥120,500"]);
});

for (const shape of ["empty-list", "null", "absent", "accounts", "data-list"]) {
  test(`no account (${shape}): the card shows that, and no zero`, async ({ page, server, standIn }) => {
    await standIn.play(`no-account-${shape}`);
    await page.goto(server.url);
    const card = new Card(page);
    await expect(card.title).toHaveText("No account");
    await expect(card.amount).toHaveCount(0);
    expect((await card.snapshot()).state).toBe("empty");
  });
}

const failures = {
  html: ["invalid-response", "The answer can’t be read"],
  "wrong-json": ["invalid-response", "The answer can’t be read"],
  "not-success": ["invalid-response", "The answer can’t be read"],
  "empty-body": ["invalid-response", "The answer can’t be read"],
  "no-amount": ["invalid-response", "The answer can’t be read"],
  "cut-off": ["upstream", "Airalo can’t be reached"],
  reset: ["upstream", "Airalo can’t be reached"],
  "error-500": ["upstream", "Airalo can’t be reached"],
  "html-502": ["upstream", "Airalo can’t be reached"],
  "rate-limited": ["rate-limited", "Too many requests"],
  "address-refused": ["forbidden", "Airalo refused the server’s address"],
  "credentials-refused": ["upstream", "Airalo refused the credentials"],
  "slow-headers": ["timeout", "Airalo takes too long"],
};

for (const [scenario, [code, title]] of Object.entries(failures)) {
  test(`${scenario}: the card shows "${title}", and no amount`, async ({ page, server, standIn }) => {
    await standIn.play(scenario);
    await page.goto(server.url);
    const card = new Card(page);
    await expect(card.title).toHaveText(title);
    await expect(card.advice).not.toBeEmpty();
    await expect(card.amount).toHaveCount(0);
    await expect(card.retryButton).toBeVisible();
    const [event] = await page.cardEvents("error");
    expect(event.detail.code).toBe(code);
    expect((await card.snapshot()).state).toBe("error");
  });
}

test("an error is gone after a retry that succeeds", async ({ page, server, standIn }) => {
  await standIn.play("html");
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.retryButton).toBeVisible();
  await standIn.play("normal");
  await expect(async () => {
    await card.retryButton.click({ timeout: 500 });
    await expect(card.amount).toHaveText("$225.35", { timeout: 2_500 });
  }).toPass();
  await expect(card.title).toBeHidden();
  await expect(card.retryButton).toBeHidden();
});

test("when Airalo cannot be reached the last balance of the proxy stays, marked as old", async ({ page, server, standIn }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await standIn.play("error-503");
  await page.waitForTimeout(2_100);
  await card.refreshButton.click();
  await expect(card.outdated).toHaveText("Airalo can’t be reached");
  await expect(card.amount).toHaveText("$225.35");
});
