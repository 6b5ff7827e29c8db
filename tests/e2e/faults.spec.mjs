// Every fault between the card and Airalo: what the reader sees, which error the page gets, and that
// the card recovers.

import { createServer } from "node:http";
import { balanceJson, pageWith } from "./panel.mjs";
import { Card, countRequests, expect, startProxy, stop, test } from "./stack.mjs";

/** A fault is a scenario of the stand-in, or a route that replaces the proxy. */
const respond = (status, body, headers = {}) => (route) => route.fulfill({ status, body, headers });

const fresh = { state: "ready", stale: false, error: null };

// name, fault, code, retryable, title of the card, Retry-After of the response
const rows = [
  ["connection reset", (route) => route.abort("connectionreset"), "network", true, "The server can’t be reached"],
  ["connection refused", (route) => route.abort("connectionrefused"), "network", true, "The server can’t be reached"],
  ["slow headers", () => {}, "timeout", true, "The server takes too long"],
  ["slow headers at Airalo", "slow-headers", "timeout", true, "Airalo takes too long"],
  ["slow body at Airalo", "slow-body", "timeout", true, "Airalo takes too long"],
  ["cut body at Airalo", "cut-off", "upstream", true, "Airalo can’t be reached"],
  ["401", respond(401, "{}"), "unauthorized", false, "You’re not signed in"],
  ["403", respond(403, "{}"), "forbidden", false, "No permission to see the balance"],
  ["404", respond(404, "{}"), "config", false, "No balance at this address"],
  ["429 with Retry-After", respond(429, "", { "Retry-After": "7" }), "rate-limited", true, "Too many requests", 7],
  ["429 without Retry-After", respond(429, ""), "rate-limited", true, "Too many requests"],
  ["429 at Airalo", "rate-limited", "rate-limited", true, "Too many requests"],
  ["500", respond(500, "oops"), "upstream", true, "The server has a problem"],
  ["503", respond(503, "{}", { "Retry-After": "3" }), "upstream", true, "The server has a problem", 3],
  ["500 at Airalo", "error-500", "upstream", true, "Airalo can’t be reached"],
  ["503 at Airalo", "error-503", "upstream", true, "Airalo can’t be reached"],
  ["HTML", respond(200, "<!doctype html><p>Sign in</p>"), "invalid-response", false, "The answer can’t be read"],
  ["empty body", respond(200, ""), "invalid-response", false, "The answer can’t be read"],
  ["wrong JSON", respond(200, '{"balance":5}'), "invalid-response", false, "The answer can’t be read"],
  ["deep JSON", respond(200, "[".repeat(60_000)), "invalid-response", false, "The answer can’t be read"],
  ["too long", respond(200, " ".repeat(70_000)), "invalid-response", false, "The answer can’t be read"],
];

const PATH = "**/api/balance";
const isAtAiralo = (fault) => typeof fault === "string";

for (const [name, fault, code, retryable, title, retryAfter = null] of rows) {
  test(`${name}: reported as ${code}, shown as "${title}", and gone after the next success`, async ({ page, server, standIn }) => {
    if (isAtAiralo(fault)) await standIn.play(fault);
    else await page.route(PATH, fault);
    // Short for the test, and longer than the proxy waits for Airalo.
    const timeout = name === "slow headers" ? 2 : 10;
    await page.addInitScript((seconds) => {
      addEventListener("DOMContentLoaded", () => {
        document.querySelector("airalo-balance").requestTimeout = seconds;
      });
    }, timeout);

    const counted = countRequests(page);
    await page.goto(server.url);
    const card = new Card(page);
    await expect(card.title).toHaveText(title);
    await expect(card.amount).toHaveCount(0);
    const [{ detail }] = await page.cardEvents("error");
    expect([detail.code, detail.retryable]).toEqual([code, retryable]);
    if (!isAtAiralo(fault)) expect(detail.retryAfter).toBe(retryAfter);
    expect(await card.snapshot()).toMatchObject({ state: "error", balances: [], error: { code } });
    expect(counted.requests).toBe(1);

    if (isAtAiralo(fault)) await standIn.play("normal");
    else await page.unroute(PATH);
    await expect(async () => {
      await card.host.evaluate((element) => element.refresh());
      expect(await card.snapshot()).toMatchObject(fresh);
    }).toPass({ timeout: 45_000 });
    await expect(card.amount).toHaveText("$225.35");
    await expect(card.title).toBeHidden();
  });
}

test("a Retry-After that is a date is reported in seconds", async ({ page, server }) => {
  const soon = new Date(Date.now() + 60_000).toUTCString();
  await page.route("**/api/balance", respond(429, "", { "Retry-After": soon }));
  await page.goto(server.url);
  await expect(new Card(page).title).toHaveText("Too many requests");
  const [{ detail }] = await page.cardEvents("error");
  expect(detail.retryAfter).toBeGreaterThan(50);
  expect(detail.retryAfter).toBeLessThan(62);
});

test("the server is stopped and started again: the balance stays, and is refreshed by itself", async ({ page, standIn }) => {
  const proxy = await startProxy(standIn);
  await page.goto(proxy.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await stop(proxy);
  await page.waitForTimeout(2_100);
  await card.refreshButton.click();
  await expect(card.outdated).toHaveText("The server can’t be reached");
  await expect(card.amount).toHaveText("$225.35");
  expect(await card.snapshot()).toMatchObject({ state: "ready", stale: true, error: { code: "network" } });
  expect(await card.host.evaluate((element) => element.matches(":state(stale)"))).toBe(true);

  await standIn.order("25.35");
  const restarted = await startProxy(standIn, {}, new URL(proxy.url).port);
  // The card retries by itself ten seconds after the failure.
  await expect(card.amount).toHaveText("$200.00", { timeout: 20_000 });
  await expect(card.outdated).toBeHidden();
  expect(await card.snapshot()).toMatchObject(fresh);
  await stop(restarted);
});

test("offline the balance stays with a notice; online again it is refreshed at once", async ({ page, server, standIn, context }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await context.setOffline(true);
  await expect(card.outdated).toHaveText("You’re offline");
  await expect(card.amount).toHaveText("$225.35");
  expect((await page.cardEvents("error")).map(({ detail }) => detail.code)).toEqual(["offline"]);
  await standIn.order("25.35");
  await page.waitForTimeout(2_100);
  await context.setOffline(false);
  await expect(card.amount).toHaveText("$200.00");
  await expect(card.outdated).toBeHidden();
});

test("a response from another origin is refused, even if it is valid", async ({ page, server }) => {
  // Real servers, because a route of the test does not see the request after a redirect.
  const body = '{"data":{"balances":{"availableBalance":{"amount":9,"currency":"USD"}}},"meta":{"message":"success"}}';
  let requests = 0;
  const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" };
  const elsewhere = createServer((request, response) => {
    if (request.method === "GET") requests += 1;
    response.writeHead(200, cors).end(body);
  }).listen(0, "127.0.0.1");
  const here = createServer((request, response) => {
    const Location = `http://127.0.0.1:${elsewhere.address().port}/balance`;
    response.writeHead(request.method === "GET" ? 302 : 200, { ...cors, Location }).end();
  }).listen(0, "127.0.0.1");
  await page.route(server.url, async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    headers["content-security-policy"] = headers["content-security-policy"].replace("connect-src 'self'", "connect-src *");
    await route.fulfill({ response, headers });
  });
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  await page.evaluate((url) => {
    document.querySelector("airalo-balance").proxyUrl = url;
  }, `http://127.0.0.1:${here.address().port}/balance`);
  const card = new Card(page);
  await expect(card.title).toHaveText("The answer can’t be read");
  await expect(card.amount).toHaveCount(0);
  expect(requests).toBe(1);
  elsewhere.close();
  here.close();
});

// A slow or broken connection between the card and its server.
for (const [name, code, finish] of [
  ["a body that never ends", "timeout", () => {}],
  ["a body that breaks off", "network", (response) => response.destroy()],
]) {
  test(`${name}: reported as ${code}`, async ({ page, server }) => {
    const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" };
    const slow = createServer((request, response) => {
      if (request.method !== "GET") return response.writeHead(200, cors).end();
      response.writeHead(200, { ...cors, "Content-Length": "100" }).write('{"data":');
      setTimeout(() => finish(response), 200);
    }).listen(0, "127.0.0.1");
    await page.route(server.url, async (route) => {
      const response = await route.fetch();
      const headers = response.headers();
      headers["content-security-policy"] = headers["content-security-policy"].replace("connect-src 'self'", "connect-src *");
      await route.fulfill({ response, headers });
    });
    await page.goto(server.url);
    await expect(new Card(page).amount).toHaveText("$225.35");
    await page.evaluate((url) => {
      Object.assign(document.querySelector("airalo-balance"), { requestTimeout: 2, proxyUrl: url });
    }, `http://127.0.0.1:${slow.address().port}/balance`);
    await expect.poll(async () => (await page.cardEvents("error")).map(({ detail }) => detail.code)).toContain(code);
    slow.closeAllConnections();
    slow.close();
  });
}

test("a balance stays on the card after every fault between it and the proxy", async ({ page, server }) => {
  test.setTimeout(120_000);
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await card.host.evaluate((element) => (element.requestTimeout = 2));
  const counted = countRequests(page);
  const faults = rows.filter(([, fault]) => !isAtAiralo(fault));
  for (const [index, [name, fault, code, , title]] of faults.entries()) {
    await page.route(PATH, fault);
    await page.waitForTimeout(2_050);
    const snapshot = await card.host.evaluate((element) => element.refresh());
    expect(snapshot, name).toMatchObject({ state: "ready", stale: true, error: { code } });
    await expect(card.outdated, name).toHaveText(title);
    await expect(card.amount, name).toHaveText("$225.35");
    // Many faults have the same words.
    expect(counted.requests, name).toBe(index + 1);
    expect(await page.cardEvents("error"), name).toHaveLength(index + 1);
    await page.unroute(PATH);
  }
});

for (const [name, fault, code, , title] of rows.filter(([, fault]) => isAtAiralo(fault))) {
  test(`${name}: the balance that the proxy knows stays on the card, with "${title}"`, async ({ page, server, standIn }) => {
    await page.goto(server.url);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await standIn.play(fault);
    await page.waitForTimeout(2_050);
    const counted = countRequests(page);
    await card.host.evaluate((element) => element.refresh());
    await expect(card.outdated).toHaveText(title, { timeout: 30_000 });
    await expect(card.amount).toHaveText("$225.35");
    expect(await card.snapshot()).toMatchObject({ state: "ready", stale: true, error: { code } });
    // The proxy waits for Airalo only briefly. The card asks again after ten seconds, and learns what came of
    // it; on a busy machine that happens with a quick fault too.
    expect(counted.requests).toBeGreaterThanOrEqual(name.startsWith("slow") ? 2 : 1);
    expect(counted.requests).toBeLessThanOrEqual(2);
  });
}

for (const [what, body, type, reason] of [
  ["a page", "<!doctype html>", "text/html", "the response is not JSON (Content-Type: text/html)"],
  ["an amount in words", balanceJson(1).replace('"amount":1', '"amount":"1,225.35"'), "application/json", "a balance has no amount that can be kept exactly (Content-Type: application/json)"],
]) {
  test(`where ${what} is answered, the console says what cannot be read`, async ({ page, panel }) => {
    const warnings = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    const host = await panel(pageWith('<airalo-balance proxy-url="/api/balance"></airalo-balance>'));
    host.answer = () => ({ headers: { "Content-Type": type }, body });
    await page.goto(host.url);
    await expect(new Card(page).title).toHaveText("The answer can’t be read");
    expect(warnings).toEqual([`<airalo-balance>: ${reason}.`]);
  });
}
