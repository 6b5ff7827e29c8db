// How wide and how high the card is wherever a page may place it, and what it takes from the text
// around it. `undefined` is the element before its script has run, `loading` the skeleton.

import { Card, expect, test } from "./stack.mjs";

/** `fills`: as wide as its container. Everywhere else it is 20em wide, or as wide as there is room. */
const PLACES = {
  block: { fills: true },
  "flex row": { outer: "display: flex" },
  "flex column, align-items: center": { outer: "display: flex; flex-direction: column; align-items: center" },
  "inline-block": { inner: "display: inline-block" },
  "inline-block around it": { wrap: "display: inline-block" },
  float: { outer: "overflow: hidden", inner: "float: inline-start" },
  absolute: { outer: "position: relative; block-size: 500px", inner: "position: absolute" },
  "table cell": { wrap: "display: table-cell" },
  "auto grid column": { outer: "display: grid; grid-template-columns: auto; justify-content: start" },
  "max-content grid column": { outer: "display: grid; grid-template-columns: fit-content(100%)" },
  dialog: { dialog: true },
};

const FORMS = { card: "", compact: 'variant="compact"' };

const SIZES = [600, 300, 120];
const FONTS = [16, 24];

const place = ([name, { outer = "", wrap, inner = "", dialog }], width, attributes) => {
  const card = `<airalo-balance style="${inner}" ${attributes} proxy-url="/api/balance" refresh-interval="0">USD 225.35</airalo-balance>`;
  const wrapped = wrap ? `<div style="${wrap}">${card}</div>` : card;
  // A modal dialog has the width of the page to itself.
  const box = dialog ? `<dialog open style="position: static; margin: 0; border: 0; padding: 0; max-width: 100%">${card}</dialog>` : wrapped;
  return `<div class="box" data-name="${name}, ${width} px" style="inline-size: ${width}px; ${outer}">${box}</div>`;
};

const pageOf = (body, style) => `<!doctype html><html lang="en"><meta charset="utf-8">
<link rel="stylesheet" href="/airalo-balance.css">
<style>body { margin: 0; ${style} } .box { margin-block-end: 8px }</style>
<body>${body}</body>`;

/** Opens a page on which the script of the element has not been loaded yet. */
async function open(page, server, body, style = "") {
  await page.route(`${server.url}size`, (route) =>
    route.fulfill({ contentType: "text/html", body: pageOf(body, style) }),
  );
  await page.goto(`${server.url}size`);
}

/** Has the elements defined, and their WebAssembly wait for the returned function. */
async function define(page) {
  let arrive;
  const arrived = new Promise((resolve) => (arrive = resolve));
  await page.route("**/*.wasm", async (route) => {
    await arrived;
    await route.continue();
  });
  await page.addScriptTag({ type: "module", url: "/airalo-balance.js" });
  await expect(page.locator("airalo-balance .card.loading").first()).toBeAttached();
  return arrive;
}

const ready = (page) =>
  expect
    .poll(() => page.evaluate(() => [...document.querySelectorAll("airalo-balance")].every((card) => card.snapshot?.state === "ready")))
    .toBe(true);

/** The size of each card by the name of its box. */
const sizes = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll(".box")].map((box) => {
        const { width, height } = box.querySelector("airalo-balance").getBoundingClientRect();
        return [box.dataset.name, [Math.round(width), Math.round(height)]];
      }),
    ),
  );

/** What is wider than its card, or makes its box scroll. */
const overflowing = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".box")].flatMap((box) => {
      const card = box.querySelector("airalo-balance");
      const edge = card.getBoundingClientRect();
      const inside = [...(card.shadowRoot?.querySelectorAll(".card :not(.spoken):not(.spoken *):not(.details):not(.details *):not(slot)") ?? [])];
      const wide = inside
        .filter((element) => element.checkVisibility())
        .filter((element) => {
          const { left, right, width } = element.getBoundingClientRect();
          return width > 0 && (left < edge.left - 1 || right > edge.right + 1);
        })
        .map((element) => element.className);
      const found = box.scrollWidth > box.clientWidth ? ["the box", ...wide] : wide;
      return found.length ? [`${box.dataset.name}: ${found}`] : [];
    }),
  );

for (const [form, attributes] of Object.entries(FORMS)) {
  for (const font of FONTS) {
    test(`a ${form} is 20em wide, or as wide as there is room, from the first paint: text of ${font} px`, { tag: "@firefox" }, async ({ page, server, browserName }) => {
      const places = Object.entries(PLACES);
      const body = SIZES.flatMap((width) => places.map((one) => place(one, width, attributes))).join("");
      const wanted = Object.fromEntries(
        SIZES.flatMap((width) =>
          places.map(([name, { fills }]) => [`${name}, ${width} px`, fills ? width : Math.min(width, 20 * font)]),
        ),
      );
      await open(page, server, body, `font: ${font}px/1.5 sans-serif`);
      const widths = async () => Object.fromEntries(Object.entries(await sizes(page)).map(([name, [width]]) => [name, width]));
      const undefinedSizes = await sizes(page);
      const lineHeight = await page.evaluate(() => {
        const range = document.createRange();
        range.selectNodeContents(document.querySelector("airalo-balance"));
        return range.getBoundingClientRect().height;
      });
      // Firefox applies no `::first-line` below a float, so its text is smaller until the card is there.
      if (browserName === "chromium") expect.soft(lineHeight, "the text is as large as the amount").toBeGreaterThan((form === "card" ? 2 : 1.2) * font);
      expect.soft(await widths(), "undefined").toEqual(wanted);
      expect.soft(await overflowing(page), "undefined").toEqual([]);

      const arrive = await define(page);
      expect.soft(await widths(), "loading").toEqual(wanted);
      expect.soft(await overflowing(page), "loading").toEqual([]);

      arrive();
      await ready(page);
      expect.soft(await widths(), "ready").toEqual(wanted);
      expect.soft(await overflowing(page), "ready").toEqual([]);

      // In a narrow column the title may need a second line.
      const roomy = Object.entries(await sizes(page)).filter(([, [width]]) => width >= 17 * font);
      const before = roomy.map(([name]) => [name, undefinedSizes[name]]);
      expect(roomy, "the same height as before it was defined").toEqual(before);
    });
  }
}

test("a card keeps its place whatever its padding is, and without a frame", async ({ page, server }) => {
  const looks = { wide: 'style="--airalo-balance-padding: 2rem"', narrow: 'style="--airalo-balance-padding: 4px"', flush: 'class="airalo-balance-flush"' };
  const forms = { ...FORMS, limit: 'credit-limit="800"', inline: 'variant="inline"' };
  const boxes = Object.entries(looks).flatMap(([look, attribute]) =>
    Object.entries(forms).map(([form, attributes]) => {
      const card = `<airalo-balance ${attribute} ${attributes} proxy-url="/api/balance">USD 225.35</airalo-balance>`;
      return `<div class="box" data-name="${look} ${form}" style="inline-size: 400px">${card}</div>`;
    }),
  );
  await open(page, server, boxes.join(""), "font: 16px/1.5 sans-serif");
  const heights = async () => Object.fromEntries(Object.entries(await sizes(page)).map(([name, [, height]]) => [name, height]));
  const before = await heights();
  const arrive = await define(page);
  expect.soft(await heights(), "loading").toEqual(before);
  arrive();
  await ready(page);
  expect(await heights(), "ready").toEqual(before);
  const frame = await page.locator(".airalo-balance-flush [part=base]").first().evaluate((base) => {
    const { borderTopWidth, paddingTop, backgroundColor } = getComputedStyle(base);
    return [borderTopWidth, paddingTop, backgroundColor];
  });
  expect(frame).toEqual(["0px", "0px", "rgba(0, 0, 0, 0)"]);
});

test("a card shares a row with others, and gives way to 140 px, but no further", async ({ page, server }) => {
  const card = '<airalo-balance proxy-url="/api/balance"></airalo-balance>';
  const row = (name, width, other) =>
    `<div class="box" data-name="${name}" style="display: flex; inline-size: ${width}px">${card}<div style="flex: none; inline-size: ${other}px">x</div></div>`;
  await open(page, server, row("roomy", 600, 100) + row("full", 400, 200) + row("crowded", 300, 250));
  (await define(page))();
  await ready(page);
  const widths = Object.fromEntries(Object.entries(await sizes(page)).map(([name, [width]]) => [name, width]));
  expect(widths).toEqual({ roomy: 320, full: 200, crowded: 140 });
});

test("a wide table that scrolls does not squeeze the card to nothing", async ({ page, server }) => {
  const card = '<airalo-balance proxy-url="/api/balance"></airalo-balance>';
  const text = `<td style="white-space: nowrap">${"a long row of words ".repeat(20)}</td>`;
  await open(page, server, `<div class="box" data-name="table" style="inline-size: 300px; overflow-x: auto"><table><tr><td>${card}</td>${text}</tr></table></div>`);
  (await define(page))();
  await ready(page);
  expect((await sizes(page)).table[0]).toBeGreaterThanOrEqual(64);
});

/** Inherited properties that a page sets for its own text; a card is the same with each of them. */
const INHERITED = `
  white-space: nowrap; text-indent: 3em; text-transform: uppercase; letter-spacing: 0.2em; word-spacing: 1em;
  text-align: center; text-align-last: center; line-height: 3; hyphens: auto; word-break: break-all;
  overflow-wrap: anywhere; text-wrap: balance; text-shadow: 1px 1px red; tab-size: 2; cursor: crosshair;
  list-style: square; quotes: "<" ">"; direction: rtl; font-style: italic; font-weight: 900;
  font-variant: small-caps; color: red; -webkit-text-fill-color: red; -webkit-text-stroke: 1px red;
  stroke-dasharray: 1; fill: red; text-underline-offset: 9px; text-emphasis: dot; border-collapse: collapse;
  text-orientation: upright; line-break: anywhere;`;

for (const variant of ["card", "compact", "inline"]) {
  test(`the text around it changes nothing on a card: ${variant}`, { tag: "@firefox" }, async ({ page, server }) => {
    const card = `<airalo-balance variant="${variant}" lang="en" proxy-url="/api/balance" refresh-interval="0" low-threshold="300" credit-limit="800"></airalo-balance>`;
    const box = (name, style) => `<div class="box" data-name="${name}" style="inline-size: 400px; ${style}">${card}</div>`;
    await open(page, server, box("plain", "") + box("styled", INHERITED), "font: 16px/1.5 sans-serif; padding: 20px");
    const styles = (part) =>
      page.evaluate(
        ([part]) =>
          [...document.querySelectorAll("airalo-balance")].map((card) => {
            const outer = card.getBoundingClientRect();
            return [...card.shadowRoot.querySelectorAll(part)].map((element) => {
              const { x, y, width, height } = element.getBoundingClientRect();
              // In text from right to left an inline card lies at the other end of its line.
              const style = Object.fromEntries([...getComputedStyle(element)].map((name) => [name, getComputedStyle(element)[name]]));
              const box = width + height > 0 ? [x - outer.x, y - outer.y, width, height].map(Math.round) : [];
              return { name: element.className, box, style };
            });
          }),
        [part],
      );
    const expectSame = async () => {
      const [plain, styled] = await styles(".card, .card :not(.spoken)");
      for (const [index, { name, box, style }] of styled.entries()) {
        expect(box, `the box of ${name}`).toEqual(plain[index].box);
        expect(style, `the style of ${name}`).toEqual(plain[index].style);
      }
    };
    const arrive = await define(page);
    await expectSame();
    arrive();
    await ready(page);
    await expectSame();
  });
}

test("a card keeps the font of its page, its size and what hides it", async ({ page, server }) => {
  const card = '<airalo-balance proxy-url="/api/balance"></airalo-balance>';
  const style = "font: 20px Georgia; color-scheme: dark; visibility: hidden; pointer-events: none";
  await open(page, server, `<div class="box" style="${style}">${card}</div>`);
  (await define(page))();
  await ready(page);
  const read = (name) =>
    page.evaluate((name) => {
      const element = document.querySelector("airalo-balance").shadowRoot.querySelector(".card");
      return getComputedStyle(element)[name];
    }, name);
  expect(await read("fontFamily")).toBe("Georgia");
  expect(await read("fontSize")).toBe("17.5px");
  expect(await read("visibility")).toBe("hidden");
  expect(await read("pointerEvents")).toBe("none");
  expect(await read("backgroundColor")).toBe("rgb(25, 28, 32)");
  const { host } = new Card(page);
  await host.evaluate((element) => element.style.setProperty("--airalo-balance-font", "italic 700 24px Verdana"));
  expect([await read("fontFamily"), await read("fontSize"), await read("fontWeight"), await read("fontStyle")]).toEqual(["Verdana", "21px", "700", "italic"]);
});

const AMOUNTS = [[225.35, "BHD"], ["12345678901234567.89", "USD"], ["1234567.89", "USD"], [225.35, "USD"], [120500, "JPY"]];

test("an amount in a narrow card breaks after a group of digits or not at all, before and with its WebAssembly", async ({ page, server }) => {
  const cards = AMOUNTS.flatMap(([amount, currency], index) =>
    [140, 160, 180, 220, 260, 300].map(
      (width) => `<div class="box" data-name="${amount} ${currency}, ${width} px" style="inline-size: ${width}px"><airalo-balance proxy-url="/api/balance?${index}"></airalo-balance></div>`,
    ),
  );
  await page.route("**/api/balance?*", (route) => {
    const [amount, currency] = AMOUNTS[Number(new URL(route.request().url()).search.slice(1))];
    return route.fulfill({ json: { data: { balances: [{ name: "balance", availableBalance: { amount, currency } }] }, meta: { message: "success" } } });
  });
  await open(page, server, cards.join(""), "font: 16px/1.5 sans-serif");
  /** The lines of each amount. */
  const lines = () =>
    page.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll(".box")].flatMap((box) => {
          const money = box.firstChild.shadowRoot?.querySelector(".item:not([hidden]) .amount bdi");
          if (!money) return [];
          const texts = document.createTreeWalker(money, NodeFilter.SHOW_TEXT);
          const lines = new Map();
          while (texts.nextNode()) {
            for (const [offset, character] of [...texts.currentNode.data].entries()) {
              const range = document.createRange();
              range.setStart(texts.currentNode, offset);
              range.setEnd(texts.currentNode, offset + 1);
              const top = Math.round(range.getBoundingClientRect().top);
              lines.set(top, (lines.get(top) ?? "") + character);
            }
          }
          return [[box.dataset.name, [...lines.values()]]];
        }),
      ),
    );
  const arrive = await define(page);
  await expect.poll(async () => Object.keys(await lines()).length, "all but the long amount").toBe(24);
  const before = await lines();
  arrive();
  await ready(page);
  const after = await lines();
  expect(after).toMatchObject(before);
  expect(Object.values(after).filter((all) => all.length > 1).length).toBeGreaterThan(1);
  for (const [name, all] of Object.entries(after)) for (const line of all.slice(0, -1)) expect.soft(line, name).toMatch(/\D$/);
});

test("a notice of two lines lies inside a card without a frame", async ({ page, server }) => {
  const card = (attributes) => `<airalo-balance ${attributes} proxy-url="/api/balance?lost" low-threshold="300" refresh-interval="0"></airalo-balance>`;
  const boxes = { flush: card('class="airalo-balance-flush"'), "flush compact": card('class="airalo-balance-flush" variant="compact"') };
  const all = Object.entries(boxes).map(([name, card]) => `<div class="box" data-name="${name}" style="inline-size: 300px">${card}</div>`);
  await open(page, server, all.join(""), "font: 16px/1.5 sans-serif");
  (await define(page))();
  await ready(page);
  await page.route("**/api/balance?lost", (route) => route.abort());
  await page.evaluate(() => Promise.all([...document.querySelectorAll("airalo-balance")].map((card) => card.refresh())));
  await expect(page.locator(".outdated").first()).toBeVisible();
  const spaces = await page.evaluate(() =>
    [...document.querySelectorAll("airalo-balance")].map((card) => {
      const notice = card.shadowRoot.querySelector(".notice");
      const lines = notice.getBoundingClientRect().height / parseFloat(getComputedStyle(notice).lineHeight);
      return [Math.round(lines) > 1, Math.round(card.getBoundingClientRect().bottom - notice.getBoundingClientRect().bottom)];
    }),
  );
  for (const [isHigh] of spaces) expect(isHigh).toBe(true);
  expect(spaces.map(([, space]) => Math.min(space, 0)), "outside").toEqual([0, 0]);
});

test("in the compact form a row of several balances is no higher than in the ordinary one", async ({ page, server }) => {
  const box = (name, attributes) => `<div class="box" data-name="${name}" style="inline-size: 400px"><airalo-balance ${attributes} proxy-url="/api/balance?several"></airalo-balance></div>`;
  const balance = (name) => ({ name, availableBalance: { amount: 225.35, currency: "USD" } });
  await page.route("**/api/balance?several", (route) => route.fulfill({ json: { data: { balances: [balance("Main"), balance("Other")] }, meta: { message: "success" } } }));
  await open(page, server, box("ordinary", "") + box("compact", 'variant="compact"'));
  (await define(page))();
  await ready(page);
  const rows = await page.evaluate(() =>
    [...document.querySelectorAll("airalo-balance")].map((card) => card.shadowRoot.querySelectorAll(".item:not([hidden])")[1].getBoundingClientRect().height),
  );
  expect(rows[1]).toBeLessThanOrEqual(rows[0]);
});
