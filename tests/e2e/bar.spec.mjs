// The inline card is one line of a navigation bar in every state, on a phone too.

import { openGallery } from "./canned.mjs";
import { expect, test } from "./stack.mjs";

/** What each card of the gallery looks like: its height, what overflows, and what is left out. */
const measure = (page) =>
  page.evaluate(() => {
    /** What can be seen of an element: its box, less what its ancestors in the card cut off. */
    const seenOf = (element, base) => {
      let { left, right, top, bottom } = element.getBoundingClientRect();
      for (let box = element.parentElement; box !== base; box = box.parentElement) {
        if (getComputedStyle(box).overflow === "visible") continue;
        const edge = box.getBoundingClientRect();
        [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
        [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
      }
      return { left, right, top, bottom };
    };
    return [...document.querySelectorAll("airalo-balance")].map((card) => {
      const base = card.shadowRoot.querySelector(".card");
      const edge = base.getBoundingClientRect();
      const inside = [...base.querySelectorAll(":not(.spoken, .spoken *, .more span, .details, .details *, slot)")];
      const visible = inside.filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 0);
      const outside = visible.filter((element) => {
        const { left, right, top, bottom } = seenOf(element, base);
        if (left >= right || top >= bottom) return false;
        return left < edge.left || right > edge.right + 1 || top < edge.top || bottom > edge.bottom;
      });
      const words = [".message .title", ".alert span", ".outdated"].map((name) => base.querySelector(name));
      return {
        state: card.dataset.state,
        height: edge.height,
        outside: outside.map((element) => `${element.localName}.${element.className}`),
        shows: visible.filter((element) => element.matches("svg, .amount:not(:has(.placeholder)), .title, .placeholder")).length > 0,
        words: words.filter((element) => element && !element.closest("[hidden]") && element.textContent).map((element) => element.textContent),
        amounts: [...base.querySelectorAll(".amount bdi")].map((element) => element.textContent),
        title: base.title,
        name: base.ariaLabel,
      };
    });
  });

for (const locale of ["en", "de", "ar"]) {
  for (const width of [360, 1000]) {
    test(`an inline card is one line of a bar of 40 px in every state: ${locale}, ${width} px`, async ({ page, server }) => {
      await page.setViewportSize({ width, height: 800 });
      await openGallery(page, server, { theme: "light", variant: "inline", locale });
      const cards = await measure(page);
      expect(cards.length).toBeGreaterThan(20);
      for (const { state, height, outside, shows, words, amounts, title, name } of cards) {
        expect.soft(height, state).toBeLessThanOrEqual(40);
        expect.soft(outside, state).toEqual([]);
        expect.soft(shows, `${state} shows an icon, an amount or a message`).toBe(true);
        if (state === "loading") continue;
        expect.soft(name, state).toBe(title);
        for (const word of words) expect.soft(title, state).toContain(word);
        if (amounts.length > 1) for (const amount of amounts) expect.soft(title, state).toContain(amount);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });
  }
}

test("the amount of an inline card is never cut off, its title is", async ({ page, server }) => {
  await page.setViewportSize({ width: 1000, height: 800 });
  await openGallery(page, server, { theme: "light", variant: "inline", state: "ready,long,negative,low-missed", width: 240 });
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("airalo-balance")].flatMap(({ dataset, shadowRoot }) => {
      const [list, amount] = [".list", ".amount bdi"].map((name) => shadowRoot.querySelector(name).getBoundingClientRect());
      return amount.left < list.left - 0.5 || amount.right > list.right + 0.5 ? [dataset.state] : [];
    }),
  );
  expect(cut).toEqual([]);
});

test("an amount that is cut off in a bar ends with an ellipsis at any width, so it cannot be read as another one", async ({ page, server }) => {
  await page.setViewportSize({ width: 1000, height: 800 });
  await openGallery(page, server, { theme: "light", variant: "inline", state: "ready,low,several,long,negative,low-missed" });
  // Copies of what the cards show, in each width: where their amounts are cut off, the strip before the edge.
  const strips = await page.evaluate(() => {
    const cards = [...document.querySelectorAll("airalo-balance")];
    const copies = [];
    for (const { dataset, shadowRoot } of cards) {
      for (let width = 60; width <= 460; width += 5) {
        const copy = document.createElement("div");
        copy.setAttribute("variant", "inline");
        copy.style.inlineSize = `${width}px`;
        copy.attachShadow({ mode: "open" }).append(shadowRoot.querySelector(".stage").cloneNode(true));
        copy.shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets];
        copies.push({ copy, name: `${dataset.state}, ${width} px` });
      }
    }
    const box = document.createElement("div");
    box.style.cssText = "display: flex; flex-wrap: wrap; gap: 8px";
    box.append(...copies.map(({ copy }) => copy));
    document.body.replaceChildren(box);
    return copies.flatMap(({ copy, name }) => {
      const list = copy.shadowRoot.querySelector(".list").getBoundingClientRect();
      const lines = [...copy.shadowRoot.querySelectorAll(".amount bdi")].flatMap((amount) => [...amount.getClientRects()]);
      const cut = lines.filter(({ right, width }) => width > 0 && right > list.right + 0.5);
      return cut.map(({ top, height }) => ({ name, x: list.right + scrollX, y: top + scrollY, height }));
    });
  });
  expect(strips.length).toBeGreaterThan(50);
  const picture = (await page.screenshot({ fullPage: true })).toString("base64");
  // Digits are higher than the dots of an ellipsis, which has the last 10 px of the line for itself.
  const readable = await page.evaluate(
    async ([picture, strips]) => {
      const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
      context.drawImage(bitmap, 0, 0);
      const isInked = ({ x, y, height }) => {
        const { data } = context.getImageData(Math.floor(x) - 10, Math.round(y), 9, Math.round(height * 0.6));
        return data.some((value, index) => index % 4 !== 3 && value < 160);
      };
      return strips.filter(isInked).map(({ name }) => name);
    },
    [picture, strips],
  );
  expect(readable).toEqual([]);
});

test("the details of a problem open from the icon of an inline card", async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await openGallery(page, server, { theme: "light", variant: "inline", state: "missed" });
  const card = page.locator("airalo-balance");
  const more = card.getByRole("button", { name: "Details" });
  const { width, height } = await more.boundingBox();
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
  await more.click();
  await expect(card.locator(".details .title")).toHaveText("Airalo can’t be reached");
});

test("an inline card is as high before it is defined", async ({ page, server }) => {
  for (const font of [16, 24]) {
    await page.route(`${server.url}bar`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><html lang="en"><link rel="stylesheet" href="/airalo-balance.css"><body style="font: ${font}px/2 sans-serif">
          <airalo-balance variant="inline" proxy-url="/api/balance">USD 225.35</airalo-balance>`,
      }),
    );
    await page.goto(`${server.url}bar`);
    const card = page.locator("airalo-balance");
    const before = await card.boundingBox();
    expect(before.height).toBeLessThanOrEqual(font === 16 ? 34 : 40.1);
    await page.addScriptTag({ type: "module", url: "/airalo-balance.js" });
    await expect.poll(() => card.evaluate((element) => element.snapshot?.state)).toBe("ready");
    const after = await card.boundingBox();
    expect([after.y, after.height].map(Math.round)).toEqual([before.y, before.height].map(Math.round));
    await page.unroute(`${server.url}bar`);
  }
});
