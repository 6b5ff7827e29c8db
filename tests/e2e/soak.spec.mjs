// A React application that renders ten times a second, and a server that fails in every way.

import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { balanceJson, pageWith } from "./panel.mjs";
import { Card, expect, test } from "./stack.mjs";

const APPLICATION = `
  import { createElement, StrictMode, useEffect, useState } from "react";
  import { createRoot } from "react-dom/client";

  const EVENTS = ["ready", "change", "level", "error", "top-up"];

  function Panel() {
    const [renders, setRenders] = useState(0);
    const [last, setLast] = useState(null);
    useEffect(() => {
      const timer = setInterval(() => setRenders((count) => count + 1), 100);
      return () => clearInterval(timer);
    }, []);
    window.renders = renders;
    const listeners = EVENTS.map((name) => ["onairalo-balance-" + name, (event) => setLast({ name, detail: event.detail })]);
    // From the first event on: before there is a card, other headers are another request.
    const turn = last ? renders : 0;
    const headers = turn % 2 ? () => ({ "X-Render": String(turn) }) : { "X-Render": String(turn) };
    const messages = { label: "Credit" };
    return createElement("airalo-balance", {
      "proxy-url": "/api/balance", "refresh-interval": 10, headers, messages,
      "data-last": JSON.stringify(last), ...Object.fromEntries(listeners),
    });
  }

  createRoot(document.querySelector("main")).render(createElement(StrictMode, null, createElement(Panel)));
`;

/** The application in one file, as a bundler writes it. */
async function bundle() {
  const resolveDir = fileURLToPath(new URL(".", import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: APPLICATION, resolveDir },
    bundle: true,
    format: "esm",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  return outputFiles[0].text;
}

test("a minute of new objects and failures is five requests at most, and never blanks the card", async ({ page, panel }) => {
  test.setTimeout(120_000);
  const body = '<main></main><script type="module" src="/application.js"></script>';
  const host = await panel({ "/": pageWith(body), "/application.js": await bundle() });
  // The first balance, an outage, a server that wants to be left alone, and the end of both.
  host.answer = (number) =>
    [
      { body: balanceJson(225.35) },
      { status: 502 },
      { status: 429, headers: { "Retry-After": "30" } },
    ][number - 1] ?? { body: balanceJson(200) };
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await page.evaluate(() => {
    const element = document.querySelector("airalo-balance");
    window.amounts = new Set();
    const record = () => window.amounts.add(element.shadowRoot.querySelector(".amount bdi")?.textContent ?? "none");
    new MutationObserver(record).observe(element.shadowRoot, { childList: true, subtree: true, characterData: true });
    setInterval(record, 20);
  });
  await page.waitForTimeout(60_000);
  await expect(card.amount).toHaveText("$200.00");
  const requests = host.requests.length;
  console.log(`${requests} requests in a minute, ${await page.evaluate(() => window.renders)} renders`);
  expect(requests).toBeLessThanOrEqual(5);
  expect(await page.evaluate(() => [...window.amounts])).toEqual(["$225.35", "$200.00"]);
  expect((await page.cardEvents("error")).map(({ detail }) => detail.code)).toEqual(["upstream", "rate-limited"]);
});

test("an outage from the start is asked at the backoff, whatever a page renders on its errors", async ({ page, panel }) => {
  const body = '<main></main><script type="module" src="/application.js"></script>';
  const host = await panel({ "/": pageWith(body), "/application.js": await bundle() });
  host.answer = () => ({ status: 502 });
  await page.clock.install();
  await page.goto(host.url);
  const expectFailures = (count) => expect.poll(async () => (await page.cardEvents("error")).length).toBe(count);
  await expectFailures(1);
  // 10 and 20 seconds after a failure, and up to a tenth more.
  for (const [failures, before, after] of [[1, 5_000, 7_000], [2, 15_000, 8_000]]) {
    await page.clock.runFor(before);
    await page.waitForTimeout(300);
    expect(host.requests.length, `${before} ms after failure ${failures}`).toBe(failures);
    await page.clock.runFor(after);
    await expectFailures(failures + 1);
    expect(host.requests.length).toBe(failures + 1);
  }
  expect(await page.evaluate(() => window.renders), "the page has rendered all the time").toBeGreaterThan(200);
});
