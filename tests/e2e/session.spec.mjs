// A session that is over, as servers say so.

import { pageWith } from "./panel.mjs";
import { Card, expect, test } from "./stack.mjs";

const CARD = '<airalo-balance proxy-url="/api/balance"></airalo-balance>';

const ENDINGS = {
  "status 401": { status: 401 },
  "status 419, as Laravel does": { status: 419 },
  "status 440, as IIS does": { status: 440 },
  "a redirect to a login page": { status: 302, headers: { Location: "/login" } },
};

for (const [name, response] of Object.entries(ENDINGS)) {
  test(`${name} is a session that is over`, async ({ page, panel }) => {
    const host = await panel({ "/": pageWith(CARD), "/login": pageWith("<form></form>") });
    host.answer = () => response;
    await page.goto(host.url);
    const card = new Card(page);
    await expect(card.title).toHaveText("You’re not signed in");
    expect((await card.snapshot()).error).toMatchObject({ code: "unauthorized", retryable: false });
  });
}

test("every request names itself, so that a server asks for no password", async ({ page, panel }) => {
  const host = await panel(pageWith(CARD));
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await page.waitForTimeout(2_100);
  await card.host.evaluate((element) => element.refresh());
  const names = ["x-requested-with", "x-airalo-widget", "accept"];
  const expected = ["XMLHttpRequest", "1", "application/json"];
  expect(host.requests.map(({ headers }) => names.map((name) => headers[name]))).toEqual([expected, expected]);
});

test("headers that no request can carry are a wrong configuration, in the first request as in later ones", async ({ page, panel }) => {
  const host = await panel(pageWith('<airalo-balance loading="manual" proxy-url="/api/balance"></airalo-balance>'));
  await page.goto(host.url);
  await page.evaluate(() => (document.querySelector("airalo-balance").headers = { "X-User": "Łukasz" }));
  const card = new Card(page);
  await expect.poll(async () => (await card.snapshot()).error?.code).toBe("config");
  await page.waitForTimeout(2_100);
  expect((await card.host.evaluate((element) => element.refresh())).error.code).toBe("config");
});
