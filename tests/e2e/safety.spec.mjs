// No secrets in the browser, no requests to other servers, no violations of the policy.

import { Card, expect, startProxy, stop, test } from "./stack.mjs";

test("no secret is in the page, in its traffic or in the logs at TRACE", async ({ page, standIn }) => {
  const proxy = await startProxy(standIn, { RUST_LOG: "trace" });
  const read = async (response) => {
    const body = await response.body();
    const headers = [await response.allHeaders(), await response.request().allHeaders()];
    return [response.url(), JSON.stringify(headers), body.toString()].join("\n");
  };
  const traffic = [];
  page.on("response", (response) => traffic.push(read(response)));
  await page.goto(proxy.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  for (const scenario of ["expired-tokens", "address-refused", "html"]) {
    await standIn.play(scenario);
    await page.waitForTimeout(2_100);
    const answered = page.waitForResponse("**/api/balance");
    await card.refreshButton.click();
    await answered;
  }
  const answers = await Promise.all(traffic);
  expect(answers.filter((text) => /\/api\/balance\n.*225\.35/s.test(text)).length).toBeGreaterThan(2);
  await stop(proxy);
  const seen = [...answers, await page.content(), proxy.log].join("\n");
  expect(seen).toContain("225.35");
  expect(proxy.log.length).toBeGreaterThan(1_000);
  for (const secret of Object.values(standIn.secrets)) expect(seen).not.toContain(secret);
  expect(seen.toLowerCase()).not.toContain("bearer ");
  expect(seen, "tokens of the stand-in").not.toMatch(/stand-in-[0-9a-f]{32}/);
});

test("the page sends requests only to its own server", async ({ page, server }) => {
  const origins = new Set();
  page.on("request", (request) => origins.add(new URL(request.url()).origin));
  await page.goto(server.url);
  await expect(new Card(page).amount).toHaveText("$225.35");
  expect([...origins]).toEqual([new URL(server.url).origin]);
});

test("the policy is the documented one", async ({ page, server }) => {
  const response = await page.goto(server.url);
  expect(response.headers()["content-security-policy"]).toBe(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; frame-ancestors 'none'",
  );
});

test("these tests notice a violation of the policy", async ({ page, server }) => {
  await page.goto(server.url);
  await page.evaluate(() => {
    const style = document.createElement("style");
    style.textContent = "body { color: red }";
    document.head.append(style);
  });
  await expect.poll(() => page.violations.length).toBe(1);
  page.expectedViolations = [...page.violations];
});

test("the page says when its figures come from a stand-in", async ({ page, server, standIn }) => {
  await page.goto(server.url);
  await expect(page.getByText("stand-in")).toHaveCount(0);

  const proxy = await startProxy(standIn, { SANDBOX_ORDER_EVERY: "0" }, undefined, ["--sandbox"]);
  await page.goto(proxy.url);
  await expect(page.getByRole("note")).toContainText("These figures come from a built-in stand-in");
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  const standInConsole = await page.getByRole("link", { name: "console" }).getAttribute("href");
  await expect(card.topUp).toHaveAttribute("href", standInConsole);
  await stop(proxy);
});
