// A card over hours: when it requests the balance, and which age it shows. The clock of the browser
// is Playwright's where hours have to pass; the servers are real.

import { balanceJson, pageWith } from "./panel.mjs";
import { Card, expect, fetchPage, startProxy, stop, test } from "./stack.mjs";

const MINUTE = 60_000;

/** Counts the requests for the balance of these pages. */
function count(...pages) {
  const counted = { requests: 0 };
  for (const page of pages) {
    page.on("request", (request) => request.url().endsWith("/api/balance") && (counted.requests += 1));
  }
  return counted;
}

/**
 * Installs a clock that the test advances, and removes the jitter of the intervals. Returns what
 * advances the clock of every tab, in steps that are shorter than any interval of the card.
 */
async function installClock(page) {
  await page.clock.install();
  await page.context().addInitScript(() => {
    Math.random = () => 0.5;
    // A step must not have a request time out that began in it.
    addEventListener("DOMContentLoaded", () => document.querySelector("airalo-balance").setAttribute("request-timeout", "120"));
  });
  const inFlight = new Set();
  page.context().on("request", (request) => request.url().includes("/api/balance") && inFlight.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.context().on(end, (request) => inFlight.delete(request));

  // The servers respond in real time, and a few steps are longer than a card waits.
  const waitForResponses = async () => {
    let wasIdle;
    do {
      wasIdle = inFlight.size === 0;
      await page.waitForTimeout(30);
    } while (!wasIdle || inFlight.size > 0);
  };
  return async (minutes) => {
    await waitForResponses();
    for (let step = 0; step < minutes * 2; step += 1) {
      await page.clock.runFor(MINUTE / 2);
      await waitForResponses();
    }
  };
}

/** Simulates a tab in the background, as a page sees it. */
async function setHidden(page, hidden) {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (hidden ? "hidden" : "visible") });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

test.describe("polling", () => {
  test("twenty cards with one URL make one request an interval", async ({ page, server }) => {
    const advance = await installClock(page);
    const counted = count(page);
    await page.goto(server.url);
    await page.evaluate(() => {
      for (let i = 1; i < 20; i += 1) {
        document.querySelector(".embed").append(document.querySelector(".live airalo-balance").cloneNode());
      }
    });
    await expect(page.locator("airalo-balance .item .amount bdi")).toHaveCount(20);
    expect(counted.requests).toBe(1);
    for (let interval = 2; interval <= 4; interval += 1) {
      await advance(5);
      expect(counted.requests).toBe(interval);
    }
  });

  test("two tabs make one request an interval together, and show the same", async ({ page, server, standIn, context }) => {
    const advance = await installClock(page);
    const other = await context.newPage();
    for (const tab of [page, other]) {
      await tab.goto(server.url);
      await expect(new Card(tab).amount).toHaveText("$225.35");
    }
    await standIn.order("4.50");
    await page.waitForTimeout(1_100);
    const counted = count(page, other);
    await advance(5);
    expect(counted.requests).toBe(1);
    await expect(new Card(page).amount).toHaveText("$220.85");
    await expect(new Card(other).amount).toHaveText("$220.85");

    // A tab that does not poll must not be the leader of those that do.
    await new Card(page).host.evaluate((element) => (element.refreshInterval = 0));
    await advance(5);
    expect(counted.requests).toBe(2);
    await new Card(page).host.evaluate((element) => (element.refreshInterval = 300));
    counted.requests = 1;

    // The other tab is the leader now. When it is hidden the first one becomes the leader, and sends a
    // request at once, because its balance is five minutes old.
    await setHidden(other, true);
    await expect.poll(() => counted.requests).toBe(2);
    await advance(5);
    expect(counted.requests).toBe(3);
  });

  test("a hidden tab sends no request, and one on return if its balance is old", async ({ page, server }) => {
    const advance = await installClock(page);
    await page.goto(server.url);
    await expect(new Card(page).amount).toHaveText("$225.35");
    const counted = count(page);
    await setHidden(page, true);
    await advance(20);
    expect(counted.requests).toBe(0);
    await setHidden(page, false);
    await expect.poll(() => counted.requests).toBe(1);
    await setHidden(page, true);
    await setHidden(page, false);
    await page.waitForTimeout(200);
    expect(counted.requests, "a fresh balance needs no request").toBe(1);
  });

  test("a tab that was opened in the background sends its request when it becomes visible", async ({ page, server }) => {
    await page.addInitScript(() => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    });
    const counted = count(page);
    await page.goto(server.url);
    await page.waitForTimeout(1_000);
    expect(counted.requests).toBe(0);
    await setHidden(page, false);
    await expect(new Card(page).amount).toHaveText("$225.35");
  });

  test("without locks and channels every tab polls for itself", async ({ page, server, context }) => {
    await context.addInitScript(() => {
      delete globalThis.BroadcastChannel;
      Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
    });
    const advance = await installClock(page);
    const other = await context.newPage();
    for (const tab of [page, other]) {
      await tab.goto(server.url);
      await expect(new Card(tab).amount).toHaveText("$225.35");
    }
    const counted = count(page, other);
    await advance(5);
    expect(counted.requests).toBe(2);
  });

  test("a lazy card polls near the viewport, and not far from it", async ({ page, server }) => {
    const advance = await installClock(page);
    const counted = count(page);
    await page.route(server.url, async (route) => {
      const { response, html } = await fetchPage(route);
      const body = html.replace("<airalo-balance ", '<airalo-balance loading="lazy" hidden ');
      await route.fulfill({ response, body });
    });
    await page.goto(server.url);
    await page.evaluate(() => {
      const card = document.querySelector("airalo-balance");
      const far = document.createElement("pre");
      far.textContent = "\n".repeat(300);
      document.body.append(far, card);
      card.hidden = false;
    });
    await page.waitForTimeout(1_000);
    expect(counted.requests).toBe(0);
    const card = new Card(page);
    await card.host.evaluate((element) => element.scrollIntoView());
    await expect(card.amount).toHaveText("$225.35");
    expect(counted.requests).toBe(1);

    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(300);
    await advance(11);
    expect(counted.requests).toBe(1);
    await card.host.evaluate((element) => element.scrollIntoView());
    await expect.poll(() => counted.requests).toBe(2);
  });

  test("refresh-interval=0 sends one request", async ({ page, server }) => {
    const advance = await installClock(page);
    const counted = count(page);
    await page.goto(server.url);
    await new Card(page).host.evaluate((element) => (element.refreshInterval = 0));
    await expect(new Card(page).amount).toHaveText("$225.35");
    await advance(20);
    expect(counted.requests).toBe(1);
  });
});

test.describe("the age of the balance", () => {
  test("the card shows the age of its balance", async ({ page, server }) => {
    const advance = await installClock(page);
    await page.goto(server.url);
    const card = new Card(page);
    await expect(card.host.locator(".age")).toHaveText("now");
    await advance(3);
    await expect(card.host.locator(".age")).toHaveText("3 minutes ago");
  });

  for (const days of [-1, 1]) {
    test(`a clock that is wrong by ${days} day does not change the age`, async ({ page, server }) => {
      await page.addInitScript((offset) => {
        const RealDate = Date;
        globalThis.Date = class extends RealDate {
          constructor(...args) {
            super(...(args.length ? args : [RealDate.now() + offset]));
          }
          static now() {
            return RealDate.now() + offset;
          }
        };
      }, days * 24 * 60 * MINUTE);
      await page.goto(server.url);
      const card = new Card(page);
      await expect(card.amount).toHaveText("$225.35");
      await expect(card.host.locator(".age")).toHaveText("now");
    });
  }
});

for (const [hours, locale, age] of [
  [26, "en", "1 day ago"],
  [51, "de", "vor 2 Tagen"],
]) {
  test(`a balance of ${hours} hours ago is “${age}”, and not of a day that it may not be of`, async ({ page, panel }) => {
    const host = await panel(pageWith(`<airalo-balance proxy-url="/api/balance" locale="${locale}"></airalo-balance>`));
    const fetchedAt = new Date(Date.now() - hours * 60 * MINUTE);
    host.answer = () => ({ body: balanceJson(5, { fetched_at: fetchedAt, stale: true }) });
    await page.goto(host.url);
    await expect(new Card(page).host.locator(".age")).toHaveText(age);
  });
}

test("a tab learns from the one that asks for all how long the server wants to be left alone", async ({ page, context, panel }) => {
  const host = await panel(pageWith('<airalo-balance proxy-url="/api/balance"></airalo-balance>'));
  host.answer = (number) => (number < 3 ? { body: balanceJson(5) } : { status: 429, headers: { "Retry-After": "300" } });
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(host.url);
    await expect(new Card(tab).amount).toHaveText("$5.00");
  }
  await page.waitForTimeout(2_100);
  await new Card(page).host.evaluate((element) => element.refresh());
  await expect.poll(async () => (await new Card(other).snapshot()).error?.retryAfter).toBe(300);
});

test("the same balance again changes nothing in the card but the line of its age", async ({ page, server }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await page.waitForTimeout(2_100);
  const records = await card.host.evaluate(async (element) => {
    const records = [];
    const classOf = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[class]").className;
    const observer = new MutationObserver((list) => records.push(...list.map(({ target }) => classOf(target))));
    observer.observe(element.shadowRoot, { subtree: true, childList: true, characterData: true, attributes: true });
    // The reader's own button asks; this waits for its answer.
    element.shadowRoot.querySelector(".refresh").click();
    await element.refresh();
    await new Promise((next) => setTimeout(next, 200));
    return records;
  });
  expect(records.filter((name) => !/^(age|as-of)$/.test(name))).toEqual([]);
});

test("a change of the age changes that text and nothing else", async ({ page, server }) => {
  const advance = await installClock(page);
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await card.host.evaluate((element) => {
    window.records = [];
    // Read at once: the elements of earlier texts leave the card.
    const kindOf = ({ type, target }) => `${type} ${target.closest("[class]").className}`;
    const observer = new MutationObserver((list) => window.records.push(...list.map(kindOf)));
    observer.observe(element.shadowRoot, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await advance(3);
  await expect(card.host.locator(".age")).toHaveText("3 minutes ago");
  const kinds = await page.evaluate(() => window.records);
  expect(new Set(kinds)).toEqual(new Set(["childList age"]));
});

test.describe("levels", () => {
  test("a level is reported when it changes, and left a tenth above its threshold", async ({ page, server, standIn }) => {
    await page.goto(server.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await card.host.evaluate((element) => Object.assign(element, { lowThreshold: "200", criticalThreshold: "50" }));
    const levelAt = async (amount, money) => {
      await standIn.setBalance(amount);
      await page.waitForTimeout(2_100);
      await card.host.evaluate((element) => element.refresh());
      await expect(card.amount).toHaveText(money);
      return (await card.snapshot()).level;
    };
    const alert = card.host.locator(".alert");
    expect(await levelAt("200", "$200.00")).toBe("low");
    await expect(alert).toHaveText("Running low");
    expect(await card.host.evaluate((element) => element.matches(":state(low)"))).toBe(true);
    expect(await levelAt("219.99", "$219.99")).toBe("low");
    expect(await levelAt("40", "$40.00")).toBe("critical");
    await expect(alert).toHaveText("Almost used up");
    expect(await levelAt("0", "$0.00")).toBe("critical");
    await expect(alert).toHaveText("No credit left: orders will fail");
    expect(await levelAt("500", "$500.00")).toBe("ok");
    await expect(alert).toBeHidden();
    expect((await page.cardEvents("level")).map((event) => event.detail)).toEqual([
      { level: "low", previous: "ok" },
      { level: "critical", previous: "low" },
      { level: "ok", previous: "critical" },
    ]);
  });

  test("a failed request changes no level, and another threshold does, also of an old balance", async ({ page, standIn }) => {
    const proxy = await startProxy(standIn);
    await page.goto(proxy.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await stop(proxy);
    await page.waitForTimeout(2_100);
    await card.host.evaluate((element) => element.refresh());
    await expect(card.outdated).toBeVisible();
    expect((await card.snapshot()).level).toBe("ok");
    expect(await page.cardEvents("level")).toEqual([]);
    await card.host.evaluate((element) => (element.lowThreshold = "1000"));
    await expect.poll(async () => (await card.snapshot()).level).toBe("low");
    expect((await page.cardEvents("level")).map(({ detail }) => detail)).toEqual([{ level: "low", previous: "ok" }]);
  });

  test("a credit limit makes a meter with words", async ({ page, server }) => {
    await page.goto(server.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await card.host.evaluate((element) => (element.creditLimit = "1000"));
    const meter = card.host.getByRole("meter");
    await expect(meter).toHaveAttribute("aria-valuenow", "22");
    await expect(meter).toHaveAttribute("aria-valuetext", "$225.35 of $1,000.00");
    expect((await card.host.locator(".fill").boundingBox()).width).toBeGreaterThan(10);
  });
});

test.describe("messages and headers of the page", () => {
  test("the headers function is called before every request, the first one included", async ({ page, server }) => {
    const seen = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/api/balance")) seen.push(request.headers().authorization);
    });
    await page.goto(server.url);
    await page.evaluate(() => {
      const element = document.createElement("airalo-balance");
      element.id = "own";
      let number = 0;
      element.headers = async () => ({ Authorization: `Token ${(number += 1)}` });
      element.proxyUrl = "/api/balance";
      document.body.append(element);
    });
    const card = new Card(page, "#own");
    await expect(card.amount).toHaveText("$225.35");
    await page.waitForTimeout(2_100);
    await card.host.evaluate((element) => element.refresh());
    expect(seen.filter(Boolean)).toEqual(["Token 1", "Token 2"]);
  });

  test("a headers function that fails is reported as unauthorized", async ({ page, server }) => {
    await page.goto(server.url);
    await page.evaluate(() => {
      const element = document.createElement("airalo-balance");
      element.id = "own";
      element.headers = () => Promise.reject(new Error("the session is over"));
      element.proxyUrl = "/api/balance";
      document.body.append(element);
    });
    const card = new Card(page, "#own");
    await expect(card.title).toHaveText("You’re not signed in");
    await page.waitForTimeout(2_100);
    await card.host.evaluate((element) => element.refresh());
    const codes = (await page.cardEvents("error")).map((event) => event.detail.code);
    expect(codes).toEqual(["unauthorized", "unauthorized"]);
  });

  test("messages of the page replace those of the card", async ({ page, server }) => {
    await page.goto(server.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await card.host.evaluate((element) => (element.messages = { label: "Kredit", "as-of": "Stand: {time}" }));
    await expect(card.host.locator(".label")).toHaveText("Kredit");
    await expect(card.status).toContainText("Stand: ");
    await card.host.evaluate((element) => (element.messages = null));
    await expect(card.host.locator(".label")).toHaveText("Available credit");
  });
});
