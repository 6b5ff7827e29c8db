// Where the WebAssembly is refused, missing, damaged or cut off: what was shown stays, at its
// height, and what is wrong is told.

import { once } from "node:events";
import { createServer } from "node:http";
import { Card, cardFolder, expect, holdWebAssembly, test } from "./stack.mjs";

const DETAIL = { code: "unsupported", problem: null, retryable: false, status: null, retryAfter: null };
const missing = (route) => route.fulfill({ status: 404, body: "gone" });

/** A page with one card in a column. */
async function open(page, server, { attributes = "", inside = "", width = 352, lang = "en", headers = {} } = {}) {
  const body = `<!doctype html><html lang="${lang}"><meta charset="utf-8">
    <style nonce="x">body { margin: 16px; font: 16px/1.5 sans-serif } main { width: ${width}px }</style>
    <script type="module" src="/airalo-balance.js"></script>
    <main><airalo-balance proxy-url="/api/balance" ${attributes}>${inside}</airalo-balance></main>`;
  await page.route(`${server.url}panel`, (route) => route.fulfill({ contentType: "text/html", headers, body }));
  page.errors = [];
  page.on("console", (message) => message.type() === "error" && message.text().includes("<airalo-balance>") && page.errors.push(message.text()));
  await page.goto(`${server.url}panel`);
  return new Card(page);
}

const failed = (page) => expect.poll(async () => (await page.cardEvents("error")).map(({ detail }) => detail)).toEqual([DETAIL]);
const box = (card) => card.host.evaluate((element) => element.getBoundingClientRect().toJSON());
const data = (amount, more = "") =>
  `<script type="application/json">{"data":{"balances":[{"name":"balance","availableBalance":{"amount":${amount},"currency":"USD"}}]},"meta":{"message":"success"${more}}}</script>`;

test("headers that change before the WebAssembly fails cost no amount", async ({ page, server }) => {
  const release = await holdWebAssembly(page, missing);
  const card = await open(page, server);
  await card.host.evaluate((element) => (element.headers = { "X-Turn": "1" }));
  await expect(card.preview).toHaveText("$225.35");
  await card.host.evaluate((element) => (element.headers = { "X-Turn": "2" }));
  release();
  await failed(page);
  await expect(card.preview).toHaveText("$225.35");
});

const FORMS = {
  "a card": {},
  "a card with a limit": { attributes: 'credit-limit="800"' },
  "a compact card": { attributes: 'variant="compact"' },
  "a compact card with a limit": { attributes: 'variant="compact" credit-limit="800"' },
  "an inline card": { attributes: 'variant="inline"' },
  "an inline card with a limit": { attributes: 'variant="inline" credit-limit="800"' },
  "a card in a narrow column": { width: 180 },
  "a card across the page": { width: 1000 },
  "a card in German": { lang: "de" },
  "a card in Arabic": { lang: "ar" },
};
for (const [name, form] of Object.entries(FORMS)) {
  test(`${name} keeps its amount and its height when the WebAssembly is missing`, { tag: "@firefox" }, async ({ page, server }) => {
    const release = await holdWebAssembly(page, missing);
    const card = await open(page, server, form);
    await expect(card.preview).toContainText(/225[.,]35/);
    const [text, before, at] = [await card.preview.textContent(), await box(card), await card.preview.boundingBox()];
    release();
    await failed(page);
    await expect(card.preview).toHaveText(text);
    expect((await box(card)).height).toBe(before.height);
    expect((await card.preview.boundingBox()).y).toBe(at.y);
    expect((await card.snapshot()).state).toBe("ready");
  });

  test(`${name} without an amount says why at the height of its skeleton`, async ({ page, server }) => {
    await page.route("**/api/balance", (route) => route.abort());
    const release = await holdWebAssembly(page, missing);
    const card = await open(page, server, form);
    await expect(card.host.locator(".amount .placeholder")).toBeVisible();
    await page.waitForTimeout(300);
    const before = await box(card);
    release();
    await failed(page);
    await expect(card.title).toBeVisible();
    expect((await box(card)).height).toBe(before.height);
    expect(await card.snapshot()).toEqual({ state: "error", balances: [], level: null, fetchedAt: null, stale: false, error: DETAIL, forecast: null });
    expect(await page.cardEvents("ready")).toEqual([]);
  });
}

test("an amount that stays has the time and the words of the card, and says that it cannot be refreshed", async ({ page, server }) => {
  await page.goto(server.url);
  const running = new Card(page);
  await expect(running.amount).toHaveText("$225.35");
  const asOf = await running.host.locator(".as-of:not([hidden])").textContent();
  const { balances, level, fetchedAt } = await running.snapshot();

  await page.route("**/*.wasm", missing);
  const card = await open(page, server);
  await failed(page);
  await expect(card.preview).toHaveText("$225.35");
  expect(asOf).toMatch(/^As of \d/);
  // Both tell the minute in which the proxy has fetched the balance.
  await expect(card.status).toHaveText(/^As of \d{1,2}:\d\d/);
  const kept = await card.snapshot();
  expect(kept).toEqual({ state: "ready", balances, level, fetchedAt: kept.fetchedAt, stale: true, error: DETAIL, forecast: null });
  expect(Math.abs(kept.fetchedAt - fetchedAt)).toBeLessThan(10_000);
  await expect(card.outdated).toHaveText("Can’t be refreshed here");
  expect((await page.cardEvents("ready")).map(({ detail }) => detail)).toEqual([kept]);
  expect(await card.host.evaluate((element) => element.refresh())).toEqual(kept);
  for (const state of ["ready", "stale"]) expect(await card.host.evaluate((element, state) => element.matches(`:state(${state})`), state)).toBe(true);
  await expect(card.host.getByRole("status")).toHaveText("Can’t be refreshed here");

  const details = card.host.locator(".details");
  await expect(details).toBeHidden();
  await card.host.getByRole("button", { name: "Details" }).click();
  await expect(details).toContainText("The card can’t run here");
  await expect(details).toContainText("A file of the card could not be loaded.");
  await page.keyboard.press("Escape");
  await expect(details).toBeHidden();
});

test("the time of a balance from another day has its date, in the language of the page", async ({ page, server }) => {
  await page.route("**/*.wasm", missing);
  const card = await open(page, server, { lang: "de", inside: data("225.35", ',"fetched_at":"2026-03-14T10:42:00Z"') });
  await failed(page);
  await expect(card.preview).toHaveText("225,35 $");
  await expect(card.status).toHaveText(/^Stand: 14\.03\.2026, \d\d:42$/);
  await expect(card.outdated).toHaveText("Aktualisieren hier nicht möglich");
  expect((await card.snapshot()).fetchedAt).toBe(Date.parse("2026-03-14T10:42:00Z"));
});

test("an amount that arrives after the WebAssembly has failed is shown too", async ({ page, server }) => {
  await page.route("**/*.wasm", missing);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/api/balance", async (route) => {
    await held;
    await route.continue();
  });
  const card = await open(page, server);
  await expect.poll(() => page.errors.length).toBe(1);
  expect((await card.snapshot()).state).toBe("loading");
  release();
  await failed(page);
  await expect(card.preview).toHaveText("$225.35");
  expect((await card.snapshot()).state).toBe("ready");
});

for (const [amount, shown, level] of [
  ["40", "$40.00", "critical"],
  ["150.5", "$150.50", "low"],
  ["0", "$0.00", "critical"],
  ["-5", "-$5.00", "critical"],
  ["123456789.12", "$123,456,789.12", "ok"],
]) {
  test(`a balance of ${amount} is shown although more would be said of it with the WebAssembly`, async ({ page, server }) => {
    await page.route("**/*.wasm", missing);
    await page.route("**/api/balance", (route) => route.fulfill({ contentType: "application/json", body: `{"data":{"balances":{"name":"balance","availableBalance":{"amount":${amount},"currency":"USD"}}},"meta":{"message":"success"}}` }));
    const card = await open(page, server, { attributes: 'low-threshold="200" critical-threshold="50"' });
    await failed(page);
    await expect(card.preview).toHaveText(shown);
    await expect(card.outdated).toHaveText("Can’t be refreshed here");
    expect(await card.snapshot()).toMatchObject({ state: "ready", level, balances: [{ amount: String(amount) }] });
    const text = await card.preview.evaluate((text) => getComputedStyle(text).color);
    const usual = await card.host.evaluate((element) => getComputedStyle(element.shadowRoot.querySelector(".label")).color);
    expect(text === usual).toBe(level === "ok");
  });
}

test("an older text of the page does not come back in place of the amount", { tag: "@firefox" }, async ({ page, server }) => {
  const release = await holdWebAssembly(page, missing);
  const card = await open(page, server, { inside: "USD 190.00, yesterday" });
  await expect(card.preview).toHaveText("$225.35");
  const { height } = await box(card);
  release();
  await failed(page);
  await expect(card.preview).toHaveText("$225.35");
  await expect(card.host.locator(".amount slot")).toHaveCount(0);
  expect((await box(card)).height).toBe(height);
});

test("a text of the page stays where there is nothing newer, and is no balance of the snapshot", async ({ page, server }) => {
  await page.route("**/api/balance", (route) => route.fulfill({ status: 502 }));
  const release = await holdWebAssembly(page, missing);
  const card = await open(page, server, { inside: "USD 190.00, yesterday" });
  await expect(page.getByText("USD 190.00")).toBeVisible();
  const { height } = await box(card);
  release();
  await failed(page);
  await expect(page.getByText("USD 190.00")).toBeVisible();
  await expect(card.outdated).toHaveText("Can’t be refreshed here");
  expect(await card.snapshot()).toMatchObject({ state: "error", balances: [] });
  expect((await box(card)).height).toBe(height);
});

test("a text with its data stays, and the snapshot has the balance", async ({ page, server }) => {
  const release = await holdWebAssembly(page, missing);
  const card = await open(page, server, { inside: `USD 7.50${data("7.50", ',"fetched_at":"2026-03-14T10:42:00Z"')}` });
  await expect(page.getByText("USD 7.50")).toBeVisible();
  release();
  await failed(page);
  await expect(page.getByText("USD 7.50")).toBeVisible();
  await expect(card.status).toContainText("Mar 14, 2026");
  expect(await card.snapshot()).toMatchObject({ state: "ready", stale: true, balances: [{ name: "balance", amount: "7.5", currency: "USD" }] });
});

test("a balance that stays is dropped when the card is pointed at another URL", async ({ page, server }) => {
  await page.route("**/*.wasm", missing);
  const card = await open(page, server);
  await failed(page);
  await card.host.evaluate((element) => (element.label = "Other"));
  await expect(card.preview).toHaveText("$225.35");
  await card.host.evaluate((element) => (element.proxyUrl = "/api/balance?other"));
  await expect(card.title).toHaveText("The card can’t run here");
  await expect(card.preview).toHaveCount(0);
  expect(await card.snapshot()).toMatchObject({ state: "error", balances: [], error: DETAIL });
});

const glue = "**/card/*/airalo-balance.js";
const damaged = async (route) => {
  const response = await route.fetch();
  const body = await response.body();
  await route.fulfill({ response, headers: { "content-type": response.headers()["content-type"] }, body: body.subarray(0, body.length / 2) });
};
const FILE = "A file of the card could not be loaded.";
const BLOCKED = "blocks WebAssembly";
const FAILURES = {
  "a missing WebAssembly": ["**/*.wasm", missing, /airalo-balance_bg\.wasm was answered with status 404/, FILE],
  "a server in trouble": ["**/*.wasm", (route) => route.fulfill({ status: 503 }), /_bg\.wasm was answered with status 503/, FILE],
  "a network that fails": ["**/*.wasm", (route) => route.abort(), /_bg\.wasm cannot be fetched: the server does not answer/, FILE],
  "half a WebAssembly": ["**/*.wasm", damaged, /_bg\.wasm, sent as application\/wasm, is damaged, cut off or no WebAssembly/, FILE],
  "a page in its place": ["**/*.wasm", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }), /_bg\.wasm, sent as text\/html, is damaged/, FILE],
  "a missing glue": [glue, missing, /airalo-balance\.js was answered with status 404/, FILE],
  "a glue of another type": [glue, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }), /airalo-balance\.js was sent as text\/html/, FILE],
  "half a glue": [glue, damaged, /airalo-balance\.js cannot be run: it is damaged/, FILE],
};
for (const [what, [url, fail, words, advice]] of Object.entries(FAILURES)) {
  test(`${what} is told as what it is`, async ({ page, server }) => {
    await page.route("**/api/balance", (route) => route.abort());
    await page.route(url, fail);
    const card = await open(page, server);
    await failed(page);
    await expect(card.advice.first()).toContainText(advice);
    expect(page.errors).toHaveLength(1);
    expect(page.errors[0]).toMatch(words);
    expect(page.errors[0]).toContain(new URL(cardFolder(), server.url).href);
  });
}

test("a connection that breaks within the WebAssembly is told as what it is, and the amount stays", async ({ page, server }) => {
  const cutting = createServer(async (request, response) => {
    const answer = await fetch(new URL(request.url, server.url), { headers: { "X-Airalo-Widget": "1" } });
    const body = Buffer.from(await answer.arrayBuffer());
    const isCut = request.url.endsWith(".wasm");
    response.writeHead(answer.status, { "Content-Type": answer.headers.get("Content-Type"), "Content-Length": body.length });
    response.write(isCut ? body.subarray(0, body.length / 2) : body, () => (isCut ? response.destroy() : response.end()));
  }).listen(0, "127.0.0.1");
  await once(cutting, "listening");
  const card = await open(page, { url: `http://127.0.0.1:${cutting.address().port}/` });
  await failed(page);
  await expect(card.preview).toHaveText("$225.35");
  expect(page.errors).toHaveLength(1);
  expect(page.errors[0]).toMatch(/_bg\.wasm did not arrive in full/);
  cutting.close();
});

test("a message of the page that is no text is ignored", async ({ page, server }) => {
  await page.route("**/*.wasm", missing);
  await page.addInitScript(() => {
    customElements.whenDefined("airalo-balance").then(() => {
      document.querySelector("airalo-balance").messages = { "as-of": 7, "cannot-refresh": "Frozen" };
    });
  });
  const card = await open(page, server);
  await failed(page);
  await expect(card.status).toHaveText(/^As of /);
  await expect(card.outdated).toHaveText("Frozen");
});

test("a policy that forbids WebAssembly is told as such, and the amount stays", async ({ page, server }) => {
  const policy = "default-src 'self'; style-src 'nonce-x'";
  const card = await open(page, server, { headers: { "Content-Security-Policy": policy } });
  await failed(page);
  page.expectedViolations = [...page.violations];
  await expect(card.preview).toHaveText("$225.35");
  expect(page.errors).toHaveLength(1);
  expect(page.errors[0]).toContain("script-src needs 'wasm-unsafe-eval'");
  await card.host.getByRole("button", { name: "Details" }).click();
  await expect(card.host.locator(".details")).toContainText(BLOCKED);
});

test("twenty cards of one page tell once which file is missing", async ({ page, server }) => {
  await page.route("**/*.wasm", missing);
  await open(page, server, { inside: "</airalo-balance><airalo-balance proxy-url='/api/balance'>".repeat(19) });
  await expect.poll(async () => (await page.cardEvents("error")).length).toBe(20);
  expect(page.errors).toHaveLength(1);
});

const fallback = "**/card/*/fallback.js";
const UNLOADABLE = {
  "is missing": missing,
  "cannot be reached": (route) => route.abort(),
  "is damaged": damaged,
  "never comes": () => {},
};
for (const [what, fail] of Object.entries(UNLOADABLE)) {
  test(`a page whose card cannot run, and whose fallback ${what} too, still says so and keeps the amount`, { tag: "@firefox" }, async ({ page, server }) => {
    const release = await holdWebAssembly(page, missing);
    await page.route(fallback, fail);
    const card = await open(page, server);
    await expect(card.preview).toHaveText("$225.35");
    const before = await box(card);
    release();
    await expect(card.status).toHaveText("Can’t be refreshed here");
    await failed(page);
    await expect(card.preview).toHaveText("$225.35");
    expect((await box(card)).height).toBe(before.height);
    expect(await card.snapshot()).toMatchObject({ state: "ready", stale: true, error: DETAIL });
    await expect(card.host.getByRole("status")).toHaveText("Can’t be refreshed here");
    expect(page.errors).toHaveLength(1);
    expect(page.errors[0]).toMatch(/airalo-balance_bg\.wasm does not load/);
  });
}

const UNSUPPORTED = { en: "The card can’t run here", de: "Das Widget läuft hier nicht", ar: "لا يمكن تشغيل الأداة هنا" };
for (const [name, form] of Object.entries(FORMS)) {
  test(`${name} without an amount and without the fallback says that it cannot run, at the height of its skeleton`, async ({ page, server }) => {
    await page.route("**/api/balance", (route) => route.abort());
    await page.route(fallback, missing);
    const release = await holdWebAssembly(page, missing);
    const card = await open(page, server, form);
    await expect(card.host.locator(".amount .placeholder")).toBeVisible();
    await page.waitForTimeout(300);
    const before = await box(card);
    release();
    await failed(page);
    await expect(card.host.locator(".item")).toBeVisible();
    await expect(card.host.locator(".item")).toHaveText(UNSUPPORTED[form.lang ?? "en"]);
    await expect(card.host.locator(".placeholder")).toHaveCount(0);
    expect((await box(card)).height).toBe(before.height);
    expect(await card.snapshot()).toMatchObject({ state: "error", balances: [], error: DETAIL });
  });
}

test("a balance that stays without the fallback is dropped when the card is pointed at another URL", async ({ page, server }) => {
  await page.route("**/*.wasm", missing);
  await page.route(fallback, missing);
  const card = await open(page, server);
  await failed(page);
  await card.host.evaluate((element) => (element.proxyUrl = "/api/balance?other"));
  await expect(card.host.locator(".item")).toHaveText("The card can’t run here");
  await expect(card.preview).toHaveCount(0);
});

/** Has a card that runs fail by an error in the WebAssembly, and holds its fallback back until the returned function is called. */
async function failWithHeldFallback(page, card) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(fallback, async (route) => {
    await held;
    await route.continue();
  });
  await expect(card.amount).toHaveText("$225.35");
  const requested = page.waitForRequest(fallback);
  await card.host.evaluate((element) => {
    Document.prototype.createTextNode = () => {
      throw new Error("not here");
    };
    element.label = "Other";
  });
  await requested;
  expect((await page.cardEvents("error")).map(({ detail }) => detail)).toContainEqual(DETAIL);
  return async () => {
    const answered = page.waitForResponse(fallback);
    release();
    await (await answered).finished();
  };
}

test("a card that fails while it runs shows its balance all the while, and then that it cannot be refreshed", async ({ page, server }) => {
  const card = await open(page, server);
  const release = await failWithHeldFallback(page, card);
  await expect(card.amount).toHaveText("$225.35");
  expect(await card.snapshot()).toMatchObject({ state: "ready", stale: true, error: DETAIL });
  await release();
  await expect(card.outdated).toHaveText("Can’t be refreshed here");
  await expect(card.amount).toHaveText("$225.35");
});

test("a card that was removed or pointed at another URL before its fallback came does not show the old balance late", async ({ page, server }) => {
  const card = await open(page, server, { inside: "</airalo-balance><airalo-balance id='other' proxy-url='/api/balance'>" });
  const other = new Card(page, "#other");
  await expect(other.amount).toHaveText("$225.35");
  const release = await failWithHeldFallback(page, card);
  await page.evaluate(() => {
    window.removed = document.querySelector("airalo-balance");
    window.removed.remove();
    document.querySelector("#other").proxyUrl = "/api/balance?other";
  });
  await release();
  await expect(other.title).toHaveText("The card can’t run here");
  await expect(other.host.locator(".amount bdi")).toHaveCount(0);
  expect(await page.evaluate(() => window.removed.shadowRoot.querySelectorAll(".stage").length)).toBe(0);
});

test("the fallback is requested once where twenty cards cannot run, and never where they can", async ({ page, server }) => {
  let requests = 0;
  page.on("request", (request) => (requests += request.url().endsWith("/fallback.js")));
  const cards = { inside: "</airalo-balance><airalo-balance proxy-url='/api/balance'>".repeat(19) };
  const card = await open(page, server, cards);
  await expect(card.amount).toHaveText("$225.35");
  await expect.poll(async () => (await page.cardEvents("ready")).length).toBe(20);
  expect(requests).toBe(0);
  await page.route("**/*.wasm", missing);
  await page.reload();
  await expect.poll(async () => (await page.cardEvents("error")).length).toBe(20);
  expect(requests).toBe(1);
});

test("a WebAssembly of the wrong type still runs", async ({ page, server }) => {
  await page.route("**/*.wasm", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ body: await response.body(), contentType: "application/octet-stream" });
  });
  const card = await open(page, server);
  await expect(card.amount).toHaveText("$225.35");
  expect(page.errors).toEqual([]);
});
