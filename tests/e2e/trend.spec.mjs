// The history on the card: the line, the sentence, the details, and when the card asks for them.

import { readFileSync } from "node:fs";
import { Card, expect, startProxy, test } from "./stack.mjs";

const contract = (name) => JSON.parse(readFileSync(new URL(`../../contract/${name}.json`, import.meta.url)));
const BALANCE = contract("balance-history");
const MONTH = contract("history-month");

const panel = (attributes = "", cards = 1) => `<!doctype html><html lang="en"><meta charset="utf-8">
<script type="module" src="/airalo-balance.js"></script>
<main style="inline-size: 352px">${`<airalo-balance proxy-url="/api/balance" refresh-interval="0" ${attributes}></airalo-balance>`.repeat(cards)}</main>`;

/** A page whose requests are answered from the contract. `balance` and `history` may be replaced. */
async function open(page, server, { attributes, cards } = {}) {
  const answers = { balance: BALANCE, history: { json: MONTH }, asked: [] };
  const isFor = (path) => (url) => url.pathname === path;
  await page.route(isFor("/panel"), (route) => route.fulfill({ contentType: "text/html", body: panel(attributes, cards) }));
  await page.route(isFor("/api/balance"), (route) => {
    answers.asked.push("balance");
    return route.fulfill({ json: answers.balance });
  });
  await page.route(isFor("/api/balance/history"), async (route) => {
    const { search } = new URL(route.request().url());
    answers.asked.push(`history${search}`);
    answers.headers = await route.request().allHeaders();
    await answers.hold;
    await route.fulfill(answers.history).catch(() => {});
  });
  await page.goto(`${server.url}panel`);
  const card = new Card(page);
  return {
    answers,
    card,
    trend: card.host.locator("[part=trend]"),
    forecast: card.host.locator("[part=forecast]"),
    details: card.host.locator("[part=history]"),
    refresh: () => card.host.evaluate((element) => element.refresh()),
    setAmount(amount) {
      answers.balance = structuredClone(BALANCE);
      answers.balance.data.balances[0].availableBalance.amount = amount;
    },
  };
}

test("the card says how long the credit will last, and draws the last 30 days", { tag: "@firefox" }, async ({ page, server }) => {
  const { answers, card, trend, forecast } = await open(page, server);
  await expect(forecast).toHaveText("About 6 days left (3–11)");
  await expect(trend).toBeVisible();
  await expect(trend).toHaveAccessibleName(
    "History · 30 days: from $342.72 to $225.35, lowest $9.99 · Top-ups and refunds: 2",
  );
  expect(answers.asked).toEqual(["balance", "history?days=30"]);
  expect((await card.snapshot()).forecast).toEqual({
    daysLeft: { low: 3, middle: 6, high: 11 },
    spentPerDay: "35.97",
    runsOut: "2026-11-29",
  });
  await card.host.evaluate((element) => (element.noTrend = true));
  await expect(trend).toBeHidden();
  await expect(forecast).toBeVisible();
});

test("the history is asked for once the balance is on the card, as the balance is asked for", async ({ page, server }) => {
  let shown;
  await page.addInitScript(() => (window.isShown = () => Boolean(document.querySelector("airalo-balance").shadowRoot.querySelector("bdi"))));
  page.on("request", (request) => {
    if (request.url().includes("history")) shown = page.evaluate(() => window.isShown());
  });
  const { answers, card, forecast } = await open(page, server, { attributes: 'loading="manual"' });
  await card.host.evaluate((element) => (element.headers = { "X-Token": "abc" }));
  await expect(forecast).toBeVisible();
  expect(await shown).toBe(true);
  const { accept, "x-airalo-widget": widget, "x-requested-with": requestedWith, "x-token": token } = answers.headers;
  expect([accept, widget, requestedWith, token]).toEqual(["application/json", "1", "XMLHttpRequest", "abc"]);
});

test("cards of one URL ask once, again for another balance, and else no sooner than after five minutes", async ({ page, server }) => {
  await page.clock.install();
  const { answers, card, forecast, refresh, setAmount } = await open(page, server, { cards: 3 });
  await expect(page.locator("airalo-balance").last().locator("[part=forecast]")).toBeVisible();
  const asked = () => answers.asked.filter((name) => name !== "balance").length;
  expect(asked()).toBe(1);
  await page.clock.fastForward(10_000);
  await refresh();
  expect(asked()).toBe(1);
  setAmount(200.5);
  await page.clock.fastForward(10_000);
  await refresh();
  await expect(card.amount).toHaveText("$200.50");
  await expect.poll(asked).toBe(2);
  await page.clock.fastForward(300_000);
  await refresh();
  await expect.poll(asked).toBe(3);
  await expect(forecast).toBeVisible();
});

test("a history that is the same again changes nothing on the card", async ({ page, server }) => {
  await page.clock.install();
  const { answers, card, forecast, refresh } = await open(page, server);
  await expect(forecast).toBeVisible();
  await card.host.evaluate((element) => {
    window.mutations = [];
    const record = (list) => window.mutations.push(...list.map(({ target }) => target.className ?? target.data));
    for (const part of element.shadowRoot.querySelectorAll(".figures, .foot, .history")) {
      new MutationObserver(record).observe(part, { attributes: true, childList: true, characterData: true, subtree: true });
    }
  });
  await page.clock.fastForward(301_000);
  await refresh();
  await expect.poll(() => answers.asked.filter((name) => name !== "balance").length).toBe(2);
  // The next frames would show it.
  await page.clock.runFor(200);
  expect(await page.evaluate(() => window.mutations)).toEqual([]);
});

test("the history is asked for only where there is one, or where the page says where it is", async ({ page, server }) => {
  const { answers, card, forecast, refresh } = await open(page, server);
  await expect(forecast).toBeVisible();
  const plain = contract("balance");
  await page.route("**/api/plain", (route) => route.fulfill({ json: plain }));
  await card.host.evaluate((element) => (element.proxyUrl = "/api/plain"));
  await expect(forecast).toBeHidden();
  await refresh();
  expect(answers.asked).toEqual(["balance", "history?days=30"]);
  await card.host.evaluate((element) => (element.historyUrl = "/api/balance/history?account=7"));
  await expect(forecast).toBeVisible();
  expect(answers.asked.at(-1)).toBe("history?account=7&days=30");
});

test("another history-url is asked at once, and the line of the old one goes", async ({ page, server }) => {
  const { answers, card, trend } = await open(page, server, { attributes: 'history-url="/api/balance/history?account=7"' });
  await expect(trend).toBeVisible();
  answers.hold = new Promise(() => {});
  await card.host.evaluate((element) => (element.historyUrl = "/api/balance/history?account=8"));
  await expect(trend).toBeHidden();
  await expect.poll(() => answers.asked.at(-1)).toBe("history?account=8&days=30");
});

test("where a server no longer has a history, the card no longer shows one", async ({ page, server }) => {
  const { answers, forecast, trend, refresh } = await open(page, server);
  await expect(forecast).toBeVisible();
  answers.balance = structuredClone(BALANCE);
  delete answers.balance.meta.history;
  await page.waitForTimeout(2_100);
  await refresh();
  await expect(forecast).toBeHidden();
  await expect(trend).toBeHidden();
});

test("after a top-up whose history cannot be had, no old forecast warns; after an order it still does", async ({ page, server }) => {
  await page.clock.install();
  const { answers, card, forecast, trend, refresh, setAmount } = await open(page, server, { attributes: 'low-days="14"' });
  const alert = card.host.locator(".alert");
  await expect(alert).toBeVisible();
  answers.history = { status: 500, body: "" };
  const asked = () => answers.asked.filter((name) => name !== "balance").length;
  for (const [amount, text, isWarned] of [
    [200, "$200.00", true],
    [5000, "$5,000.00", false],
  ]) {
    const before = asked();
    setAmount(amount);
    await page.clock.runFor(10_000);
    await refresh();
    await expect(card.amount).toHaveText(text);
    await expect.poll(asked).toBe(before + 1);
    // The card has handled the failure.
    await page.waitForTimeout(300);
    await page.clock.runFor(1_000);
    await expect(alert).toBeVisible({ visible: isWarned });
    await expect(forecast).toBeVisible({ visible: isWarned });
    await expect(trend).toBeVisible();
  }
  answers.history = { json: MONTH };
  await page.clock.runFor(60_000);
  await refresh();
  await expect(forecast, "it is asked again after a minute").toBeVisible();
});

test("a card that is removed stops its request for the history", async ({ page, server }) => {
  const opened = open(page, server);
  const aborted = page.waitForEvent("requestfailed", (request) => request.url().includes("history"));
  const { answers, card } = await opened;
  answers.hold = new Promise(() => {});
  await card.host.evaluate((element) => element.refresh());
  await card.host.evaluate((element) => {
    const other = element.cloneNode();
    other.proxyUrl = "/api/balance?account=2";
    element.replaceWith(other);
  });
  await expect.poll(() => answers.asked.at(-1)).toBe("history?account=2&days=30");
  await page.evaluate(() => document.querySelector("airalo-balance").remove());
  expect((await aborted).failure().errorText).toBe("net::ERR_ABORTED");
});

for (const [name, history] of Object.entries({
  "a failure": { status: 500, body: "" },
  "a page of HTML": { contentType: "text/html", body: "<html>" },
  "no history after all": { status: 404, body: "{}" },
  "an amount that cannot be kept": { json: { data: { currency: "USD", points: [{ at: "2026-11-20T10:00:00Z", amount: "lots" }] } } },
  "another currency": { json: contract("history-more-than-90-days") },
  "nothing recorded yet": { json: contract("history-empty") },
})) {
  test(`a history that is of no use is no error of the card: ${name}`, async ({ page, server }) => {
    let release;
    const { answers, card, trend, forecast, refresh } = await open(page, server, { attributes: 'low-days="30"' });
    await expect(forecast).toBeVisible();
    answers.history = history;
    answers.hold = new Promise((resolve) => (release = resolve));
    await card.host.evaluate((element) => element.reset());
    await expect.poll(() => answers.asked.length).toBe(4);
    const answered = page.waitForResponse((response) => response.url().includes("history"));
    release();
    await (await answered).finished();
    await refresh();
    await expect(card.amount).toHaveText("$225.35");
    await expect(trend).toBeHidden();
    await expect(forecast).toBeHidden();
    expect(await card.snapshot()).toMatchObject({ state: "ready", level: "ok", error: null, forecast: null });
    expect(await page.cardEvents("error")).toEqual([]);
  });
}

test("few days left raise the level, and a screen reader is told once", async ({ page, server }) => {
  const { answers, card, refresh, setAmount } = await open(page, server, { attributes: 'low-days="14" critical-days="3"' });
  const region = card.host.locator("[role=status]");
  await expect(region).toHaveText("Running low");
  await expect(card.host.locator(".alert")).toHaveText("Running low");
  expect(await page.cardEvents("level")).toEqual([{ name: "level", detail: { level: "low", previous: "ok" }, composed: true }]);

  await region.evaluate((region) => {
    window.announcements = [];
    new MutationObserver(() => window.announcements.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
  });
  const days = (middle) => {
    const history = structuredClone(MONTH);
    history.data.forecast.days_left = { low: middle - 1, middle, high: middle + 1 };
    answers.history = { json: history };
  };
  // Fifteen days are above fourteen, and not yet above a tenth more.
  for (const [middle, amount, level] of [[13, 224, "low"], [15, 223, "low"], [2, 222, "critical"], [16, 221, "ok"]]) {
    days(middle);
    setAmount(amount);
    await refresh();
    await expect.poll(async () => (await card.snapshot()).forecast?.daysLeft.middle).toBe(middle);
    expect((await card.snapshot()).level, `${middle} days`).toBe(level);
  }
  expect(await page.evaluate(() => window.announcements)).toEqual(["Almost used up", "Enough credit again"]);
});

test("the details open from the line with the keyboard, as a table, and give the focus back", async ({ page, server }) => {
  const { trend, details } = await open(page, server);
  await expect(details.locator("table")).toHaveCount(0);
  await trend.focus();
  await page.keyboard.press("Enter");
  await expect(details).toBeVisible();
  await expect(details.getByText("$35.97 a day on average")).toBeVisible();
  const use = details.getByRole("table", { name: "Spent per day" });
  await expect(use.getByRole("columnheader")).toHaveText(["Date", "Amount"]);
  await expect(use.getByRole("rowheader").first()).toHaveText("Nov 23, 2026");
  await expect(use.getByRole("row")).toHaveCount(MONTH.data.days.length + 1);
  await expect(details.getByRole("table", { name: "Top-ups and refunds" }).getByRole("row")).toHaveCount(3);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await expect(details).toBeHidden();
  await expect(trend).toBeFocused();
});

test("time runs with the reading direction", async ({ page, server }) => {
  const { card, trend } = await open(page, server, { attributes: 'locale="ar"' });
  await expect(card.host.locator("section")).toHaveAttribute("dir", "rtl");
  await expect(trend).toBeVisible();
  expect(await trend.locator("svg").evaluate((svg) => getComputedStyle(svg).scale)).toBe("-1 1");
  const [amount, line] = [await card.amount.boundingBox(), await trend.boundingBox()];
  expect(line.x + line.width, "beside the amount").toBeLessThan(amount.x);
});

test("the line gives way to the amount, and never lies below it", async ({ page, server }) => {
  const { card, trend, refresh, setAmount } = await open(page, server);
  await expect(trend).toBeVisible();
  for (const [amount, narrowest] of [[1.5, 140], [1234567.89, 240], [123456789012345.25, 240]]) {
    setAmount(amount);
    await refresh();
    await expect.poll(async () => (await card.snapshot()).balances[0].amount).toBe(String(amount));
    for (const width of [352, 240, 140]) {
      await page.evaluate((width) => (document.querySelector("main").style.inlineSize = `${width}px`), width);
      const isThere = width >= narrowest;
      expect(await trend.isVisible(), `${amount} in ${width} px`).toBe(isThere);
      if (!isThere) continue;
      const [text, line] = [await card.amount.boundingBox(), await trend.boundingBox()];
      expect(text.x + text.width, `${amount} in ${width} px`).toBeLessThanOrEqual(line.x);
    }
  }
});

test("the demo has a history from the start, and says that it is invented", async ({ page, standIn }) => {
  const demo = await startProxy(standIn, {}, undefined, ["--sandbox"]);
  await page.goto(demo.url);
  const card = new Card(page);
  await expect(card.host.locator("[part=forecast]")).toHaveText(/left/);
  await card.host.locator("[part=trend]").click();
  await expect(card.host.getByText("Invented figures, for the demonstration.")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "History" }).click();
  await expect(page.getByText("Invented figures, for the demonstration.")).toBeVisible();
});

test("a request that was answered is not reported as aborted", async ({ page, standIn }) => {
  const proxy = await startProxy(standIn, {}, undefined, ["--sandbox"]);
  const failed = [];
  page.on("requestfailed", (request) => failed.push(`${request.url()} ${request.failure().errorText}`));
  // Chromium reported a fourth of them.
  for (let load = 0; load < 12; load += 1) {
    await page.goto(proxy.url);
    await expect(page.locator("airalo-balance [part=trend]")).toBeVisible();
    await page.waitForLoadState("networkidle");
  }
  expect(failed).toEqual([]);
});

test("the history that is open closes when the balance is forgotten, and the focus stays in the card", async ({ page, server }) => {
  const { card, trend, details } = await open(page, server);
  await trend.click();
  await expect(details.getByRole("table", { name: "Spent per day" })).toBeVisible();
  await details.locator(".rows").first().focus();
  await page.unrouteAll();
  await page.route("**/api/balance", () => {});
  await card.host.evaluate((element) => void element.reset());
  await expect(details).toBeHidden();
  expect(await details.evaluate((popover) => popover.matches(":popover-open"))).toBe(false);
  await expect(card.refreshButton).toBeFocused();
});

test("of a forecast either all is shown, or an ellipsis says that it goes on, and its title has all of it", async ({ page, server }) => {
  const { card, forecast } = await open(page, server, { attributes: 'low-days="14"' });
  await expect(forecast).toHaveText("About 6 days left (3–11)");
  const cut = [];
  for (const locale of ["en", "fr", "es", "pt-BR", "tr", "it", "de"]) {
    await card.host.evaluate((element, locale) => (element.locale = locale), locale);
    await expect(card.host.locator(".card")).toHaveAttribute("lang", locale);
    for (const width of [270, 280, 300, 320, 352]) {
      await page.locator("main").evaluate((main, width) => (main.style.inlineSize = `${width}px`), width);
      const { isCut, title, text } = await forecast.evaluate((element) => {
        const notice = element.parentElement;
        const [inner, outer] = [element, notice].map((one) => one.getBoundingClientRect());
        return { isCut: inner.top < outer.bottom - 2 && inner.bottom > outer.bottom + 0.5, title: notice.title, text: element.textContent };
      });
      if (isCut) cut.push(`${locale}, ${width} px`);
      expect(title).toBe(text);
    }
  }
  expect(cut, "cut off by the box around it, which draws no ellipsis").toEqual([]);
});
