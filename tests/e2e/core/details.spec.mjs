// The popovers, the keyboard and the focus.

import { expect, test } from "./core.mjs";

const isOpen = (card, part) =>
  card.tab.evaluate((part) => document.querySelector("airalo-balance").shadowRoot.querySelector(`[part=${part}]`).matches(":popover-open"), part);

/** Whether all of a part can be seen. */
const isInView = (card, part) =>
  card.tab.evaluate((part) => {
    const { left, top, right, bottom } = document.querySelector("airalo-balance").shadowRoot.querySelector(`[part=${part}]`).getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  }, part);

/** The heights of the gaps between the parts of a popover, and of its last part. */
const gaps = (card, part) =>
  card.tab.evaluate((part) => {
    const { children } = document.querySelector("airalo-balance").shadowRoot.querySelector(`[part=${part}]`);
    const boxes = [...children].filter((child) => child.checkVisibility()).map((child) => child.getBoundingClientRect());
    return [...boxes.slice(1).map(({ top }, index) => top - boxes[index].bottom), boxes.at(-1).height];
  }, part);

test.describe("the core", { tag: "@core" }, () => {
  test("the details of an error open and close with the keyboard, which finds every button", async ({ open, standIn }) => {
    await standIn.play("address-refused");
    const card = await open();
    await card.setWidth(352);
    await expect.poll(() => card.texts("[part=more]")).toEqual(["Details"]);
    for (const part of ["refresh", "more"]) {
      await card.press("Tab");
      expect(await card.focused()).toBe(part);
    }
    await card.press("Enter");
    await expect.poll(() => isOpen(card, "details")).toBe(true);
    expect(await isInView(card, "details")).toBe(true);
    expect(Math.max(...(await gaps(card, "details"))), "as tall as its contents").toBeLessThan(40);
    expect((await card.texts(".support"))[0]).toMatch(/^code: forbidden\nproblem: address-refused\nstatus: 502\n/);
    await card.press("Tab");
    expect(await card.focused()).toBe("copy");
    await card.press("Escape");
    await expect.poll(() => isOpen(card, "details")).toBe(false);
    expect(await card.focused()).toBe("more");
    await card.press("Tab");
    expect(await card.focused()).toBe("retry");
  });

  test("the details can be copied", async ({ open, standIn }) => {
    await standIn.play("address-refused");
    const card = await open();
    await expect.poll(() => card.texts("[part=more]")).toEqual(["Details"]);
    await card.click("[part=more]");
    await card.click("[part=copy]");
    await expect.poll(() => card.texts("[part=copy]")).toEqual(["Copied"]);
  });

  test("the line of the last days is as wide as there is room, however late it comes", async ({ open }) => {
    const card = await open({ options: ["--sandbox"] });
    await card.setWidth(352);
    await card.tab.evaluate(() => {
      const old = document.querySelector("airalo-balance");
      old.replaceWith(old.cloneNode());
    });
    await expect.poll(() => card.texts("[part=trend]")).toHaveLength(1);
    // 8em of a text of 14 px.
    expect((await card.box("[part=trend]")).width).toBeCloseTo(112, 0);
  });

  test("the line of the last days opens their use, as bars and as tables", async ({ open }) => {
    const card = await open({ options: ["--sandbox"] });
    await expect.poll(() => card.texts("[part=forecast]")).toEqual([expect.stringMatching(/ left/)]);
    expect((await card.box("[part=trend]")).width).toBeGreaterThan(60);
    await card.click("[part=trend]");
    await expect.poll(() => isOpen(card, "history")).toBe(true);
    expect(await isInView(card, "history")).toBe(true);
    expect(Math.max(...(await gaps(card, "history")).slice(0, -1)), "as tall as its contents").toBeLessThan(20);
    expect(await card.texts("[part=history] caption")).toEqual(["Spent per day", "Top-ups and refunds"]);
    expect((await card.box("[part=history] .bars")).width).toBeGreaterThan(100);
    await card.press("Escape");
    await expect.poll(() => isOpen(card, "history")).toBe(false);
    expect(await card.focused()).toBe("trend");
  });
});
