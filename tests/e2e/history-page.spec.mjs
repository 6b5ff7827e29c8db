// The page with the history, for whoever keeps the accounts.

import { readFileSync } from "node:fs";
import { findings } from "./axe.mjs";
import { expect, startProxy, test } from "./stack.mjs";

const contract = (name) => JSON.parse(readFileSync(new URL(`../../contract/${name}.json`, import.meta.url)));

/** Opens the page with a history from the contract, and collects the periods that it asks for. */
async function open(page, server, { history = { json: contract("history-month") }, csv = true, query = "" } = {}) {
  const asked = [];
  await page.route(/\/api\/balance\/history/, (route) => {
    const { searchParams } = new URL(route.request().url());
    if (searchParams.get("format") === "csv") {
      return route.fulfill(csv ? { contentType: "text/csv; charset=utf-8", body: "time,amount,currency\n" } : { json: {} });
    }
    asked.push(searchParams.get("days"));
    return route.fulfill(history);
  });
  await page.goto(`${server.url}history.html${query}`);
  return asked;
}

const line = (page) => page.getByRole("img", { name: /^History · 30 days: from \$342\.72 to \$225\.35/ });

test("the page shows the line, the use of each day, the credits and the forecast", async ({ page, server }) => {
  await open(page, server);
  await expect(line(page)).toBeVisible();
  await expect(page.getByText("About 6 days left (3–11)")).toBeVisible();
  await expect(page.getByText("Used up around Nov 29, 2026")).toBeVisible();
  await expect(page.getByRole("table", { name: "Spent per day" }).getByRole("row")).toHaveCount(32);
  await expect(page.getByRole("table", { name: "Top-ups and refunds" })).toContainText("$500.00");
});

test("another period is asked for, and the address holds the choice", async ({ page, server }) => {
  const asked = await open(page, server);
  await expect(line(page)).toBeVisible();
  await page.getByRole("radio", { name: "30 days" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => asked).toEqual(["30", "90"]);
  await expect(page).toHaveURL(/\?days=90$/);
  await page.reload();
  await expect(page.getByRole("radio", { name: "90 days" })).toBeChecked();
  await expect.poll(() => asked).toEqual(["30", "90", "90"]);
  for (const [number, days] of ["7", "400"].entries()) {
    await page.getByText(`${days} days`, { exact: true }).click();
    // A request that another one follows at once may be aborted before it is sent.
    await expect.poll(() => asked[3 + number]).toBe(days);
  }
});

test("the readings can be downloaded where the server writes them", async ({ page, server }) => {
  await open(page, server);
  const downloads = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  const download = await downloads;
  expect(download.suggestedFilename()).toBe("airalo-balance-30-days.csv");
  expect(readFileSync(await download.path(), "utf8")).toBe("time,amount,currency\n");
  await page.unrouteAll();
  await open(page, server, { csv: false });
  await expect(line(page)).toBeVisible();
  await expect(page.getByRole("button", { name: "Download as CSV" })).toBeHidden();
});

test("without a history the page says what can be done", async ({ page, server }) => {
  for (const [history, title] of [
    [{ status: 404, body: "{}" }, "No history here"],
    [{ status: 401, body: "{}" }, "You’re not signed in"],
    [{ json: contract("history-empty") }, "Nothing recorded yet"],
    [{ body: "<html>" }, "The answer can’t be read"],
  ]) {
    await page.unrouteAll();
    await open(page, server, { history });
    await expect(page.locator(".message strong")).toHaveText(title);
  }
  // Without the contract in between: this proxy keeps no history, and its front page links to none.
  await page.unrouteAll();
  await page.goto(`${server.url}history.html`);
  await expect(page.locator(".message strong")).toHaveText("No history here");
  await page.goto(server.url);
  await expect(page.getByRole("link", { name: "History" })).toHaveCount(0);
});

test("where the WebAssembly is missing the page says so", async ({ page, server }) => {
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 404, body: "gone" }));
  await open(page, server);
  await expect(page.getByRole("status")).toContainText("can’t run here");
});

test("the page speaks another language, from right to left", async ({ page, server }) => {
  await open(page, server, { query: "?locale=ar" });
  await expect(page.locator(".history")).toHaveAttribute("dir", "rtl");
  await expect(page.locator(".plot svg").first()).toHaveCSS("scale", "-1 1");
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe-core finds nothing, and nothing scrolls sideways: ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await open(page, server);
    await expect(line(page)).toBeVisible();
    await expect(page.getByRole("button", { name: "Download as CSV" })).toBeVisible();
    for (const width of [320, 360, 1280]) {
      await page.setViewportSize({ width, height: 740 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${width} px`).toBe(true);
      expect((await findings(page)).violations, `${width} px`).toEqual([]);
    }
  });
}

test("with the history of a proxy the page is complete", async ({ page, standIn }) => {
  const proxy = await startProxy(standIn, {}, undefined, ["--sandbox"]);
  await page.goto(`${proxy.url}history.html`);
  await expect(page.getByRole("img", { name: /^History · / })).toBeVisible();
  await expect(page.getByText("Invented figures, for the demonstration.")).toBeVisible();
  const rows = page.getByRole("table", { name: "Spent per day" }).getByRole("row");
  await expect.poll(() => rows.count()).toBeGreaterThan(25);
  await page.getByText("90 days", { exact: true }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(55);
  const downloads = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  expect(readFileSync(await (await downloads).path(), "utf8").split("\n").length).toBeGreaterThan(55);
});

test("the lines of the page about HTML mount a history where a selector says, and into nothing else", async ({ page, server }) => {
  const asked = await open(page, server);
  await expect(line(page)).toBeVisible();
  const [, block] = /```js\n(import \{ mountHistory \}[^`]*)```/.exec(readFileSync(new URL("../../docs/html.md", import.meta.url), "utf8"));
  await page.route("**/block.js", (route) => route.fulfill({ contentType: "text/javascript", body: block }));
  await page.evaluate(() => (document.querySelector("main").id = "history"));
  await page.evaluate(() => import("/block.js"));
  await expect(page.getByRole("img", { name: /^History · / })).toBeVisible();
  await expect.poll(() => asked).toEqual(["30", "90"]);
  const refused = await page.evaluate(async () => {
    const { mountHistory } = await import("./airalo-balance-history.js");
    return mountHistory("#nowhere", { url: "/api/balance/history?days=30" }).catch(String);
  });
  expect(refused).toBe("TypeError: airalo-balance: there is no element to mount into (#nowhere)");
});

test("a history that gets another language speaks it, words and numbers", async ({ page, server }) => {
  await open(page, server);
  await page.evaluate(async () => {
    const { mountHistory } = await import("./airalo-balance-history.js");
    const main = document.querySelector("main");
    const options = { url: "/api/balance/history?days=30", locale: "en" };
    const history = await mountHistory(main, options);
    history.update({ ...options, locale: "fr" });
    history.update({ ...options, locale: "de" });
  });
  await expect(page.getByRole("table", { name: "Verbrauch pro Tag" })).toBeVisible();
  await expect(page.getByText("500,00 $").first()).toBeVisible();
});

test("another update asks anew for another URL, other headers or other cookies, and else not", async ({ page, server }) => {
  const asked = await open(page, server);
  await expect(line(page)).toBeVisible();
  await page.evaluate(async () => {
    const { mountHistory } = await import("/airalo-balance-history.js");
    const target = document.createElement("div");
    document.body.append(target);
    window.update = (await mountHistory(target, { url: "/api/balance/history?days=1" })).update;
  });
  await expect.poll(() => asked.slice(1)).toEqual(["1"]);
  const updates = [
    { url: "/api/balance/history?days=2" },
    { url: "/api/balance/history?days=2", credentials: "include" },
    { url: "/api/balance/history?days=2", credentials: "include", headers: { "X-A": "1" } },
    { url: "/api/balance/history?days=2", credentials: "include", headers: { "X-A": "1" } },
  ];
  for (const options of updates) {
    await page.evaluate((options) => window.update(options), options);
    await page.waitForTimeout(200);
  }
  expect(asked.slice(1)).toEqual(["1", "2", "2", "2"]);
});
