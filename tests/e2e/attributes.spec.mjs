// Attributes whose value has no effect, and booleans that frameworks write as `false`.

import { Card, expect, test } from "./stack.mjs";

/** Opens a page with one card, and collects the warnings about it. */
async function openWith(page, server, attributes) {
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  const body = `<!doctype html><html lang="en"><script type="module" src="/airalo-balance.js"></script>
    <airalo-balance proxy-url="/api/balance" ${attributes}></airalo-balance>`;
  await page.route(`${server.url}panel`, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${server.url}panel`);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  return { card, warnings };
}

test("no-top-up and no-refresh that are false leave the link and the button", async ({ page, server }) => {
  const { card, warnings } = await openWith(page, server, 'no-top-up="false" no-refresh=" FALSE "');
  await expect(card.topUp).toBeVisible();
  await expect(card.refreshButton).toBeVisible();
  const properties = () => card.host.evaluate((element) => [element.noTopUp, element.noRefresh]);
  expect(await properties()).toEqual([false, false]);
  await card.host.evaluate((element) => Object.assign(element, { noTopUp: true, noRefresh: true }));
  expect(await properties()).toEqual([true, true]);
  await expect(card.topUp).toHaveCount(0);
  await expect(card.refreshButton).toHaveCount(0);
  await card.host.evaluate((element) => Object.assign(element, { noTopUp: "false", noRefresh: false }));
  await expect(card.topUp).toBeVisible();
  await expect(card.refreshButton).toBeVisible();
  expect(warnings).toEqual([]);
});

test("each value without effect is told once on the console", async ({ page, server }) => {
  const attributes = `credit-limit="-5" refresh-interval="5" request-timeout="500" low-threshold="10"
    critical-threshold="20" locale="sw" headers='{"X-A":"1"}' messages="{}" theme=" dark "`;
  const { card, warnings } = await openWith(page, server, attributes);
  const names = ["credit-limit", "refresh-interval", "request-timeout", "critical-threshold", "locale", "headers", "messages", "theme"];
  const about = (name) => warnings.filter((text) => text.startsWith(`<airalo-balance>: ${name}`));
  for (const name of names) expect(about(name), name).toHaveLength(1);
  expect(warnings).toHaveLength(names.length);
  for (const remedy of ["element.headers", ":headers.prop", "[headers]"]) expect(about("headers")[0]).toContain(remedy);
  expect(about("refresh-interval")[0]).toContain("using 10");

  // A change of something else repeats none of them; another value is another warning.
  await card.host.evaluate((element) => (element.label = "Other"));
  await expect(card.host.locator(".label")).toHaveText("Other");
  expect(warnings).toHaveLength(names.length);
  await card.host.evaluate((element) => (element.refreshInterval = 4));
  await expect.poll(() => about("refresh-interval").length).toBe(2);
});

test("a property by the name of the attribute counts, also one that was set before the element is registered", async ({ page, server }) => {
  const { card } = await openWith(page, server, "");
  const levelOf = (property, isRegistered) =>
    page.evaluate(
      async ([property, isRegistered]) => {
        const { define } = await import("/airalo-balance-element.js");
        const element = document.createElement(isRegistered ? "airalo-balance" : "later-balance");
        element[property] = 300;
        element.proxyUrl = "/api/balance";
        document.body.append(element);
        define("later-balance");
        if (isRegistered) element[property] = 300;
        const isReady = new Promise((resolve) => element.addEventListener("airalo-balance-ready", resolve));
        return (await isReady).detail.level;
      },
      [property, isRegistered],
    );
  expect(await levelOf("low-threshold", false)).toBe("low");
  expect(await levelOf("low-threshold", true)).toBe("low");
  expect((await card.snapshot()).level).toBe("ok");
});

test("a locale is told of when its tag is invalid, and not where the page brings its messages", async ({ page, server }) => {
  const { card, warnings } = await openWith(page, server, 'locale="not a language"');
  expect(warnings.filter((text) => text.includes("locale"))).toHaveLength(1);
  await card.host.evaluate((element) => {
    element.messages = { label: "Salio" };
    element.locale = "sw";
  });
  await expect(card.host.locator(".label")).toHaveText("Salio");
  expect(warnings).toHaveLength(1);
});

test("a credit limit that shows no meter leaves no room for one", async ({ page, server }) => {
  await page.route("**/*.wasm", () => {});
  const heights = [];
  for (const attributes of ["", 'credit-limit="-5"', 'credit-limit="0x10"', 'credit-limit="800"']) {
    const body = `<!doctype html><html lang="en"><script type="module" src="/airalo-balance.js"></script>
      <airalo-balance proxy-url="/api/balance" ${attributes}></airalo-balance>`;
    await page.route(`${server.url}panel`, (route) => route.fulfill({ contentType: "text/html", body }));
    await page.goto(`${server.url}panel`);
    const card = new Card(page);
    await expect(card.preview).toHaveText("$225.35");
    heights.push(Math.round((await card.host.boundingBox()).height));
  }
  expect(heights[1]).toBe(heights[0]);
  expect(heights[2]).toBe(heights[0]);
  expect(heights[3]).toBeGreaterThan(heights[0]);
});

test("a URL that the card refuses is not requested before the card is there either", async ({ page, server }) => {
  const requests = [];
  page.on("request", (request) => request.url().includes("elsewhere") && requests.push(request.url()));
  const url = `ht\ntp://${new URL(server.url).host}/elsewhere`;
  const body = `<!doctype html><html lang="en"><script type="module" src="/airalo-balance.js"></script>
    <airalo-balance proxy-url="${url}"></airalo-balance>`;
  await page.route(`${server.url}panel`, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${server.url}panel`);
  await expect(new Card(page).title).toHaveText("This card is not set up");
  expect(requests).toEqual([]);
});

test("a name that is nearly right has no effect, and the console says which one has", async ({ page, server }) => {
  const { card, warnings } = await openWith(page, server, 'lowThreshold="300" low_threshold="300" data-low-threshold="3"');
  await expect(card.amount).toHaveText("$225.35");
  expect((await card.snapshot()).level).toBe("ok");
  expect(warnings).toEqual(["lowthreshold", "low_threshold"].map((name) => `<airalo-balance> ${name} has no effect; write low-threshold as an attribute, or lowThreshold as a property.`));
  warnings.length = 0;
  await page.evaluate(async () => {
    const { mount } = await import("/airalo-balance.js").then(() => import("/airalo-balance-element.js"));
    mount("body", { proxyURL: "/api/balance", topUpUrl: "https://example.com" });
  });
  expect(warnings).toEqual(["<airalo-balance> proxyURL has no effect; write proxy-url as an attribute, or proxyUrl as a property."]);
  warnings.length = 0;
  await card.host.evaluate((element) => {
    element.messages = { topup: "Buy", label: "Credit" };
    element.headers = "Bearer x";
  });
  await expect(card.host.locator(".label").first()).toHaveText("Credit");
  expect(warnings).toEqual([
    "<airalo-balance> headers is no object and has no effect.",
    '<airalo-balance>: messages["topup"] is no text of the card and has no effect; the reference lists the keys.',
  ]);
});
