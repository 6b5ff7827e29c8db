// A page that a server renders with the balance in it: examples/hosts/php, which the documentation shows, with
// PHP's built-in server.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { Card, expect, startProxy, test } from "./stack.mjs";

const example = (name) => fileURLToPath(new URL(`../../examples/hosts/${name}`, import.meta.url));
const hasPhp = spawnSync("php", ["--version"]).status === 0;
test.skip(!hasPhp, "PHP is not on this machine; `cargo xtask test` installs it where there is apt-get");

/** Servers of one test, stopped after it. */
let opened = [];
test.afterEach(async () => {
  for (const stop of opened) await stop();
  opened = [];
});

/** A server in this process. Its URL has a slash at the end. */
async function serve(onRequest) {
  const server = createServer(onRequest).listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return `http://127.0.0.1:${server.address().port}/`;
}

/** A port that nothing listens on. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts PHP with every warning on, and returns the URL of the page. */
async function startPhp(balanceUrl) {
  const port = await freePort();
  const settings = ["-d", "display_errors=1", "-d", "error_reporting=-1", "-d", "html_errors=0"];
  const env = { PATH: process.env.PATH, BALANCE_URL: balanceUrl };
  const php = spawn("php", [...settings, "-S", `127.0.0.1:${port}`, "-t", example("php")], { env, stdio: "ignore" });
  opened.push(async () => {
    php.kill("SIGTERM");
    await once(php, "exit");
  });
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return `http://127.0.0.1:${port}/`;
    } catch {
      await new Promise((next) => setTimeout(next, 50));
    }
  }
  throw new Error("PHP does not answer");
}

/** Opens the page; the card's files and its `/api/balance` come from the proxy. */
async function open(page, php, proxy) {
  const requests = [];
  await page.route(
    (url) => url.origin === new URL(php).origin && url.pathname !== "/",
    async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/api/balance") requests.push(pathname);
      if (pathname === "/panel.js") return route.fulfill({ path: example("panel.js") });
      return route.fulfill({ response: await route.fetch({ url: new URL(pathname, proxy.url).href }) });
    },
  );
  const response = await page.goto(php);
  expect(response.headers()["cache-control"]).toBe("private, no-store");
  return { html: await response.text(), requests, card: new Card(page) };
}

/** What stands inside the element in the HTML. */
const inside = (html) => /<airalo-balance[^>]*>([^]*)<\/airalo-balance>/.exec(html)[1].trim();

/** Nothing of PHP is in the page: neither a warning nor a path. */
function expectClean(html) {
  expect(html).not.toMatch(/warning|notice|deprecated|fatal|stack trace|index\.php/i);
  expect(html.trim().startsWith("<!doctype html>")).toBe(true);
}

/** A partner whose account holds this. */
const partner = (balances) =>
  serve((request, response) => {
    response.setHeader("Content-Type", "application/json");
    const token = '{"data":{"token_type":"Bearer","expires_in":86400,"access_token":"t"},"meta":{"message":"success"}}';
    const answer = `{"data":{"balances":${balances}},"meta":{"message":"success"}}`;
    response.end(request.url.startsWith("/v2/token") ? token : answer);
  });

const credentials = { secrets: { id: "id", secret: "secret" } };

test("the page has the balance as text and as data, and the card starts without a request", async ({ page, server }) => {
  const php = await startPhp(`${server.url}api/balance`);
  const { html, requests, card } = await open(page, php, server);
  expectClean(html);
  expect(inside(html).split("\n")[0]).toBe("USD 225.35");
  await expect(card.amount).toHaveText("$225.35");
  await page.waitForTimeout(300);
  expect(requests).toEqual([]);
});

test("a long amount and a name full of markup do no harm", async ({ page }) => {
  const name = `"Ann's \\"</script><b>&amp;"`;
  const url = await partner(`{"name":${name},"availableBalance":{"amount":1234567.1,"currency":"USD"}}`);
  const proxy = await startProxy({ url, ...credentials });
  const php = await startPhp(`${proxy.url}api/balance`);
  const { html, requests, card } = await open(page, php, proxy);
  expectClean(html);
  expect(inside(html).split("\n")[0]).toBe("USD 1,234,567.10");
  expect(html.match(/<\/script/g), "two in the head, and that of the data").toHaveLength(3);
  expect(await page.locator("b").count()).toBe(0);
  await expect(card.amount).toHaveText("$1,234,567.10");
  expect((await card.snapshot()).balances).toEqual([
    { name: `Ann's "</script><b>&amp;`, amount: "1234567.1", currency: "USD" },
  ]);
  expect(requests).toEqual([]);
});

for (const [what, balances, shown] of [
  ["no account", "[]", "No account"],
  ["a balance below zero", '{"name":"x","availableBalance":{"amount":-5,"currency":"EUR"}}', "-€5.00"],
]) {
  test(`the page of ${what} has an honest text or none`, async ({ page }) => {
    const proxy = await startProxy({ url: await partner(balances), ...credentials });
    const php = await startPhp(`${proxy.url}api/balance`);
    const { html, card } = await open(page, php, proxy);
    expectClean(html);
    expect(inside(html).split("\n")[0]).toBe(what === "no account" ? "" : "EUR -5.00");
    await expect(card.host).toContainText(shown);
  });
}

const FAILURES = {
  "cannot be reached": async () => `http://127.0.0.1:${await freePort()}/api/balance`,
  "answers 503": () => serve((_, response) => response.writeHead(503, { "Content-Type": "application/problem+json" }).end('{"code":"upstream"}')),
  "answers with a page": () => serve((_, response) => response.end("<!doctype html><p>Sign in</p>")),
  "redirects to a page": () => serve((_, response) => response.writeHead(302, { Location: "/login" }).end()),
  "cuts its answer off": () => serve((_, response) => response.writeHead(200, { "Content-Length": "500" }).end('{"meta":{"text":"USD 5')),
};
for (const [what, start] of Object.entries(FAILURES)) {
  test(`where the proxy ${what}, the page prints nothing and the card loads by itself`, async ({ page, server }) => {
    const { html, requests, card } = await open(page, await startPhp(await start()), server);
    expectClean(html);
    expect(inside(html)).toBe("");
    await expect(card.amount).toHaveText("$225.35");
    expect(requests).toHaveLength(1);
  });
}
