// A panel that has the card in a frame, from another site: examples/hosts/iframe.

import { Card, expect } from "../stack.mjs";
import { isChosen, test } from "./hosts.mjs";

test.skip(!isChosen("iframe"), "another example was named");

/** The frame is as high as the card in it, and the page knows. */
async function expectToFit(page) {
  const card = new Card(page.frameLocator("iframe"));
  await expect(card.amount).toHaveText("$225.35");
  await expect
    .poll(async () => {
      const { height } = await card.host.boundingBox();
      const frame = await page.locator("iframe").boundingBox();
      return Math.abs(frame.height - height);
    })
    .toBeLessThan(1);
  return card;
}

test("a frame is as high as its card, also when the card changes, and comes back", async ({ page, host }) => {
  const { url } = await host("iframe");
  await page.goto(url);
  const card = await expectToFit(page);
  const height = async () => (await page.locator("iframe").boundingBox()).height;
  const before = await height();

  await page.getByRole("button", { name: "Warn earlier" }).click();
  await expect(card.host.locator(".alert")).toBeVisible();
  await expectToFit(page);

  // As when a second balance comes, and goes again.
  const grow = (pixels) => card.host.evaluate((element, pixels) => (element.style.paddingBlockEnd = `${pixels}px`), pixels);
  await grow(100);
  await expect.poll(height).toBe(before + 100);
  await grow(0);
  await expect.poll(height).toBe(before);

  await page.getByRole("button", { name: "Hide" }).click();
  await expect(page.locator("iframe")).toHaveCount(0);
  await page.getByRole("button", { name: "Show" }).click();
  await expectToFit(page);
});

test("a frame without an origin is as high as its card too, and shows the balance that comes with its page", async ({ page, host }) => {
  const { url, proxy } = await host("iframe");
  // A page has the balance in it once the proxy knows one.
  await expect.poll(async () => (await fetch(`${proxy.url}api/balance`, { headers: { "X-Airalo-Widget": "1" } })).status).toBe(200);
  await page.clock.install();
  await page.goto(url);
  await page.locator("iframe").evaluate((frame) => {
    frame.setAttribute("sandbox", "allow-scripts");
    frame.src += "&refresh-interval=60";
  });
  const card = await expectToFit(page);
  expect(await card.host.evaluate(() => self.origin)).toBe("null");
  await expect(card.refreshButton).toBeHidden();

  // It cannot ask, so the page is loaded anew.
  const loaded = page.waitForResponse((response) => response.url().includes("/card?"));
  await page.clock.fastForward("01:00");
  await loaded;
  await expectToFit(page);
});

test("a card that fills its frame tells nobody its height", async ({ page, host }) => {
  const { url, proxy } = await host("iframe");
  await page.goto(url);
  await expectToFit(page);
  await page.evaluate((src) => {
    window.messages = [];
    addEventListener("message", ({ data }) => window.messages.push(data));
    document.querySelector("iframe").style.blockSize = "400px";
    document.querySelector("iframe").src = src;
  }, `${proxy.url}card?variant=compact`);
  const card = new Card(page.frameLocator("iframe"));
  await expect(card.amount).toHaveText("$225.35");
  expect((await card.host.boundingBox()).height).toBe(400);
  expect(await page.evaluate(() => window.messages)).toEqual([]);
});
