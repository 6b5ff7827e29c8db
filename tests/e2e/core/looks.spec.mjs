// Colours, sizes and directions, as the browser computes them.

import { expect, test } from "./core.mjs";

const LIGHT = "rgb(255, 255, 255)";
const DARK = "rgb(25, 28, 32)";

/** The parts that reach out of their card. */
const overflowing = (card) =>
  card.tab.evaluate(() => {
    const host = document.querySelector("airalo-balance");
    const edge = host.getBoundingClientRect();
    const parts = host.shadowRoot.querySelectorAll(".card :not(.spoken, .spoken *, [popover], [popover] *, slot)");
    return [...parts].filter((part) => part.checkVisibility()).filter((part) => {
      const { left, right, bottom, width } = part.getBoundingClientRect();
      return width > 0 && (left < edge.left - 1 || right > edge.right + 1 || bottom > edge.bottom + 1);
    }).map((part) => part.getAttribute("class"));
  });

test.describe("the core", { tag: "@core" }, () => {
  test("the card is dark or light as the page is, unless its theme says otherwise", async ({ open }) => {
    const card = await open();
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    const background = () => card.style(".card", "backgroundColor");
    expect(await background()).toBe(LIGHT);
    await card.tab.evaluate(() => void (document.documentElement.style.colorScheme = "dark"));
    expect(await background()).toBe(DARK);
    await card.set({ theme: "light" });
    expect(await background()).toBe(LIGHT);
    await card.tab.evaluate(() => void (document.documentElement.style.colorScheme = "light"));
    await card.set({ theme: "dark" });
    expect(await background()).toBe(DARK);
  });

  test("custom properties and parts of the page style the card", async ({ open }) => {
    const card = await open();
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    await card.tab.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`airalo-balance { --airalo-balance-background: rgb(1, 2, 3) }
        airalo-balance::part(amount) { color: rgb(4, 5, 6) }
        airalo-balance:state(ready)::part(label) { color: rgb(7, 8, 9) }`);
      document.adoptedStyleSheets = [sheet];
    });
    expect(await card.style(".card", "backgroundColor")).toBe("rgb(1, 2, 3)");
    expect(await card.style("[part=amount]", "color")).toBe("rgb(4, 5, 6)");
    expect(await card.style(".label", "color")).toBe("rgb(7, 8, 9)");
  });

  for (const [variant, expected] of [["card", 184], ["compact", 146]]) {
    test(`a balance, a warning, a failure and an error are of the height that the documentation names: ${variant}`, async ({ open, standIn }) => {
      const card = await open();
      await card.setWidth(352);
      await card.set({ variant, refreshInterval: 0 });
      const expectHeight = async (state) => expect((await card.box()).height, state).toBeCloseTo(expected, 0);
      await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
      await expectHeight("a balance");
      await card.set({ lowThreshold: "300" });
      await expect.poll(() => card.texts(".alert")).toEqual(["Running low"]);
      await expectHeight("a warning");
      await card.set({ lowThreshold: "" });
      await standIn.play("address-refused");
      await card.refresh();
      await expect.poll(() => card.texts(".outdated")).toHaveLength(1);
      await expectHeight("a failure");
      await card.set({ proxyUrl: "/nothing" });
      await expect.poll(() => card.texts(".message .title")).toEqual(["No balance at this address"]);
      await expectHeight("an error");
    });
  }

  test("a card fills the height that its page gives it, and is never lower than its contents", async ({ open }) => {
    const card = await open();
    await card.setWidth(352);
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    const heightIn = async (css) => {
      await card.tab.evaluate((css) => void (document.querySelector("main").style.cssText += css), css);
      const [own, drawn] = [await card.box(), await card.box(".card")];
      expect(drawn.height, css).toBe(own.height);
      return own.height;
    };
    const usual = await heightIn("");
    expect(await heightIn("; display: grid; block-size: 300px")).toBe(300);
    expect(await heightIn("; grid-auto-rows: 50px; block-size: auto; align-items: start")).toBe(usual);
  });

  for (const locale of ["en", "de", "ar"]) {
    test(`nothing reaches out of the card in a column of any width: ${locale}`, async ({ open }) => {
      const card = await open({ options: ["--sandbox"] });
      await card.set({ locale, lowThreshold: "100000", creditLimit: "100000" });
      await expect.poll(() => card.texts(".of")).toHaveLength(1);
      await expect.poll(() => card.texts(".alert")).toHaveLength(1);
      for (const width of [600, 352, 240, 140, 100]) {
        await card.setWidth(width);
        expect(await overflowing(card), `${width} px`).toEqual([]);
      }
    });
  }

  test("a card whose column changes its width is as high as one that begins there", async ({ open }) => {
    const card = await open();
    await card.set({ lowThreshold: "300", creditLimit: "1000" });
    await expect.poll(() => card.texts(".of")).toHaveLength(1);
    await expect.poll(() => card.texts(".alert")).toHaveLength(1);
    for (const width of [352, 240, 140, 100, 140, 240]) {
      await card.setWidth(width);
      const { height } = await card.box();
      // A box that was not there is laid out anew.
      await card.tab.evaluate(() => void (document.querySelector("main").style.display = "none"));
      expect((await card.box()).height).toBe(0);
      await card.tab.evaluate(() => void (document.querySelector("main").style.display = ""));
      expect((await card.box()).height, `${width} px`).toBe(height);
    }
  });

  test("a card in Arabic runs from right to left, its line too", async ({ open }) => {
    const card = await open({ options: ["--sandbox"] });
    await card.setWidth(352);
    await card.set({ locale: "ar" });
    await expect.poll(() => card.texts("[part=trend]")).toHaveLength(1);
    await expect.poll(() => card.style(".card", "direction")).toBe("rtl");
    const [amount, line, refresh] = [await card.box(".amount bdi"), await card.box("[part=trend]"), await card.box("[part=refresh]")];
    expect(line.right, "the line is left of the amount").toBeLessThan(amount.left);
    expect(refresh.right, "the button is at the left").toBeLessThan(amount.left);
    expect(await card.style(".trend svg", "scale")).toBe("-1 1");
  });

  test("an inline card is one line", async ({ open }) => {
    const card = await open();
    await card.set({ variant: "inline" });
    await expect.poll(() => card.amounts()).toEqual(["$225.35"]);
    const { width, height } = await card.box();
    expect(height).toBeCloseTo(34, 0);
    expect(width).toBeLessThan(320);
  });
});
