// Pages of other sites: a frame with one card, a card that asks across origins, and a name that
// somebody else has given the address of this machine.

import { chromium } from "@playwright/test";
import { createHmac } from "node:crypto";
import { pageWith } from "./panel.mjs";
import { Card, expect, startProxy, test } from "./stack.mjs";

/** The same server on another site: for browsers 127.0.0.1 and localhost are two. */
const elsewhere = (proxy) => proxy.url.replace("127.0.0.1", "localhost");

/** A panel whose page is made by the test later, because the proxy has to know the panel's origin. */
async function panelAndProxy(panel, standIn, variables) {
  let body = "";
  const host = await panel({ "/": () => pageWith(body) });
  const origin = new URL(host.url).origin;
  const proxy = await startProxy(standIn, variables(origin));
  return { host, proxy, show: (page, markup) => ((body = markup), page.goto(host.url)) };
}

/** Waits until the browser says that it refuses a frame. */
const refusal = (page) => page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));

const ask = (proxy) => fetch(`${proxy.url}api/balance`, { headers: { "X-Airalo-Widget": "1" } });

test("a frame on another site shows the balance where its page is allowed to frame it", async ({ page, panel, standIn }) => {
  const { proxy, show } = await panelAndProxy(panel, standIn, (origin) => ({ ALLOWED_FRAMES: origin, BALANCE_TTL: "60" }));
  await show(page, `<iframe width="400" height="300" src="${elsewhere(proxy)}card?variant=compact&theme=dark&locale=de&top-up-url=x"></iframe>`);
  const card = new Card(page.frameLocator("iframe"));
  await expect(card.amount).toHaveText("225,35 $");
  await expect(card.host).toHaveAttribute("variant", "compact");
  await expect(card.host).toHaveAttribute("theme", "dark");
  expect(await card.host.evaluate((element) => element.hasAttribute("top-up-url"))).toBe(false);
  const [width, height] = await card.host.evaluate((element) => {
    const { width, height } = element.getBoundingClientRect();
    return [width, height];
  });
  expect([width, height]).toEqual([400, 300]);
  const base = await card.host.locator(".card").boundingBox();
  expect(base.height).toBe(300);

  // Once the balance is known it is in the page, before any script.
  const [response] = await Promise.all([page.waitForResponse((response) => response.url().includes("/card?")), page.reload()]);
  expect(await response.text()).toContain("225.35");
  await expect(card.amount).toHaveText("225,35 $");
});

for (const path of ["", "card"]) {
  test(`without the permission no other site can frame /${path}`, async ({ page, panel, standIn }) => {
    const { proxy, show } = await panelAndProxy(panel, standIn, () => ({
      ALLOWED_FRAMES: path === "card" ? "https://panel.example.com" : "",
    }));
    expect((await ask(proxy)).status).toBe(200);
    await Promise.all([refusal(page), show(page, `<iframe src="${elsewhere(proxy)}${path}"></iframe>`)]);
    await expect(page.frameLocator("iframe").locator("airalo-balance")).toHaveCount(0);
  });
}

test("a permission to frame the card is none to frame the page", async ({ page, panel, standIn }) => {
  const { proxy, show } = await panelAndProxy(panel, standIn, (origin) => ({ ALLOWED_FRAMES: origin }));
  await Promise.all([refusal(page), show(page, `<iframe src="${elsewhere(proxy)}"></iframe>`)]);
  await expect(page.frameLocator("iframe").locator("airalo-balance")).toHaveCount(0);
});

test("the card alone speaks for itself as a page too", async ({ page, server }) => {
  await page.goto(`${server.url}card?variant=inline`);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await page.goto(`${server.url}card`);
  await expect(card.amount).toHaveText("$225.35");
});

/** What a partner's server does, with nothing but Node. */
function mint(secret, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ aud: "airalo-balance", ...claims })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

test("a card of an allowed origin asks with a token, and any other is refused", async ({ page, panel, standIn }) => {
  const secret = "0123456789abcdef0123456789abcdef";
  const { host, proxy, show } = await panelAndProxy(panel, standIn, (origin) => ({
    ALLOWED_ORIGINS: origin,
    WIDGET_TOKEN_SECRET: secret,
  }));
  const { origin } = new URL(host.url);
  await show(page, `<airalo-balance loading="manual" credentials="include" proxy-url="${elsewhere(proxy)}api/balance"></airalo-balance>`);
  const card = new Card(page);
  const authorize = (claims) =>
    page.evaluate((value) => {
      const card = document.querySelector("airalo-balance");
      card.headers = { Authorization: `Bearer ${value}` };
      return card.reset().then(({ state, error }) => ({ state, code: error?.code }));
    }, mint(secret, { exp: Math.floor(Date.now() / 1000) + 60, ...claims }));
  expect(await authorize({ exp: 1 })).toEqual({ state: "error", code: "unauthorized" });
  await page.waitForTimeout(2_000);
  expect(await authorize({ origin })).toMatchObject({ state: "ready" });
  await expect(card.amount).toHaveText("$225.35");
  await page.waitForTimeout(2_000);
  expect(await authorize({ origin: "https://other.example" })).toEqual({ state: "error", code: "unauthorized" });

  // A page of the proxy's own machine, but of no allowed origin.
  const other = await panel(pageWith(`<airalo-balance proxy-url="${elsewhere(proxy)}api/balance"></airalo-balance>`));
  await page.goto(other.url);
  await expect(card.title).toBeVisible();
  expect((await card.snapshot()).error.code).toBe("network");
});

/** A panel that has no file of the card: they come from the proxy. */
const pageOfProxy = (files) =>
  `<!doctype html><html lang="de"><meta charset="utf-8"><link rel="stylesheet" href="${files}airalo-balance.css">
  <script type="module" src="${files}airalo-balance.js"></script>
  <airalo-balance proxy-url="${files}api/balance" credentials="include"></airalo-balance>`;

test("a page of another site has the whole card from the proxy", { tag: "@firefox" }, async ({ page, panel, standIn }) => {
  let body = "";
  const host = await panel({ "/": () => body });
  const proxy = await startProxy(standIn, { ALLOWED_ORIGINS: new URL(host.url).origin });
  const { origin, href } = new URL(elsewhere(proxy));
  body = pageOfProxy(href);
  const policy = `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; style-src ${origin}; connect-src ${origin}`;
  host.headers = { "Content-Security-Policy": policy };
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("225,35 $");
  await expect(card.host.locator(".label")).toHaveText("Verfügbares Guthaben");
  expect(await page.cardEvents("error")).toEqual([]);
});

test("a page of a site that may not ask has the files of the card, and no balance", async ({ page, panel, standIn }) => {
  let body = "";
  const host = await panel({ "/": () => body });
  const proxy = await startProxy(standIn, { ALLOWED_ORIGINS: "https://panel.example.com" });
  body = pageOfProxy(elsewhere(proxy));
  await page.goto(host.url);
  const card = new Card(page);
  await expect(card.title).toHaveText("Der Server ist nicht erreichbar");
  expect((await card.snapshot()).error.code).toBe("network");
});

test("a name that somebody else has given this address reads nothing", async ({ server }, { project }) => {
  expect((await ask(server)).status).toBe(200);
  const { launchOptions } = project.use;
  const args = [...launchOptions.args, "--host-resolver-rules=MAP evil.example 127.0.0.1"];
  const browser = await chromium.launch({ ...launchOptions, args });
  try {
    const page = await browser.newPage();
    const answer = await page.goto(server.url.replace("127.0.0.1", "evil.example"));
    expect(answer.status()).toBe(421);
    expect(await page.content()).not.toContain("225.35");
    const read = await page.evaluate(async () => {
      const answer = await fetch("/api/balance", { headers: { "X-Airalo-Widget": "1" } });
      return { status: answer.status, text: await answer.text() };
    });
    expect(read.status).toBe(421);
    expect(read.text).not.toContain("225.35");
  } finally {
    await browser.close();
  }
});
