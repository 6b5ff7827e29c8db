// The card in the panels of examples/hosts: it is there, its attributes change, its events are heard,
// it goes and comes back.

import { Card, expect } from "../stack.mjs";
import { isChosen, missing, PANELS, test } from "./hosts.mjs";

/** Whatever the page says on the console, and the requests for the balance. */
function watch(page) {
  const problems = [];
  const requests = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  page.on("response", (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
  page.on("request", (request) => request.method() === "GET" && /\/api\/balance$/.test(request.url()) && requests.push(request));
  return { problems, requests };
}

/** What these servers render, before any script. */
const RENDERED = {
  "react-vite": /<airalo-balance proxy-url="\/api\/balance" low-threshold="100"/,
  next: /<airalo-balance proxy-url="\/api\/balance" low-threshold="100"/,
  php: /<airalo-balance [^>]*>\s*USD 225\.35\s*<script type="application\/json">/,
};

const press = (page, name) => page.getByRole("button", { name }).click();

for (const name of PANELS.filter(isChosen)) {
  test(`${name}: the card is there, is changed, is heard, goes and comes back`, async ({ page, host }) => {
    test.skip(Boolean(missing(name)), `${missing(name)} is not on this machine`);
    test.setTimeout(600_000);
    const { url } = await host(name);
    const { problems, requests } = watch(page);
    await page.clock.install();
    const [response] = await Promise.all([page.waitForResponse(url), page.goto(url)]);
    if (RENDERED[name]) expect(await response.text()).toMatch(RENDERED[name]);
    const card = new Card(page);
    const level = page.locator("output");
    await expect(card.amount).toHaveText("$225.35");
    await expect(level).toHaveText("ok");

    await card.host.evaluate((element) => (element.isFirst = true));
    await press(page, "Warn earlier");
    await expect(level).toHaveText("low");
    await expect(card.host.locator(".alert")).toBeVisible();
    // Only htmx puts a new element in the place of the old one; Turbo morphs it.
    expect(await card.host.evaluate((element) => element.isFirst ?? false)).toBe(name !== "htmx");

    await press(page, "Hide");
    await expect(card.host).toHaveCount(0);
    const asked = requests.length;
    await press(page, "Show");
    await expect(card.amount).toHaveText("$225.35");
    expect(requests.length, "what is known is shown without a request").toBe(asked);

    // A card on the page asks again after its interval, and one that has gone does not.
    await page.clock.fastForward("10:00");
    await expect.poll(() => requests.length).toBe(asked + 1);
    await press(page, "Hide");
    await expect(card.host).toHaveCount(0);
    await page.clock.fastForward("10:00");
    await page.evaluate(() => fetch("/"));
    expect(requests.length, "a card that has gone asks for nothing").toBe(asked + 1);
    expect(problems).toEqual([]);
  });
}
