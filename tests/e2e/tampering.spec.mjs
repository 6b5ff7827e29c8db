// Translators and browser extensions: they wrap, replace and remove what is in the card. Whatever
// changes afterwards still reaches the reader.

import { Card, expect, test } from "./stack.mjs";

const MINUTE = 60_000;

const SETTINGS = {
  proxyUrl: "/api/balance",
  refreshInterval: 86_400,
  lowThreshold: "200",
  criticalThreshold: "50",
  creditLimit: "800",
};

/** Balances as `{name: amount}`; a number is the status of an error. */
const respond = (page, answer) =>
  page.route("**/api/balance", (route) => {
    if (typeof answer === "number") return route.fulfill({ status: answer, body: "{}" });
    const balances = Object.entries(answer).map(([name, amount]) => ({ name, availableBalance: { amount, currency: "USD" } }));
    return route.fulfill({ json: { data: { balances }, meta: { message: "success" } } });
  });

/** Opens a page whose only cards are made by the test, with a clock that the test advances. */
async function open(page, server, { count = 1, ...settings } = {}) {
  await page.clock.install();
  await page.addInitScript(() => {
    /** The text nodes of a card, or those of them that may be translated. */
    window.textsOf = ({ shadowRoot }, mayBeTranslated = () => true) => {
      const walker = document.createTreeWalker(shadowRoot, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walker.nextNode()) texts.push(walker.currentNode);
      return texts.filter(({ data, parentElement }) => data.trim() && mayBeTranslated(parentElement));
    };
    window.translated = (text) => `«${text}»`;
    /** A text in two elements, as Google Translate writes it. */
    window.inFonts = (text) => {
      const fonts = [document.createElement("font"), document.createElement("font")];
      fonts[0].append(fonts[1]);
      fonts[1].append(text);
      return fonts[0];
    };
  });
  await respond(page, { Main: 225.35 });
  await page.goto(server.url);
  await page.evaluate(
    ([count, settings]) => {
      const cards = Array.from({ length: count }, () => Object.assign(document.createElement("airalo-balance"), settings));
      document.querySelector("main, body").replaceChildren(...cards);
    },
    [count, { ...SETTINGS, ...settings }],
  );
  return new Card(page);
}

/** Requests the balance anew; cards with one URL share the request. */
async function refresh(page, answer) {
  await respond(page, answer);
  // Two requests are at least two seconds apart.
  await page.clock.runFor(2_500);
  await page.evaluate(() => Promise.all([...document.querySelectorAll("airalo-balance")].map((card) => card.refresh())).then(() => {}));
}

/** A card that has failed reports `unsupported`. */
const failures = async (page) => (await page.cardEvents("error")).filter(({ detail }) => detail.code === "unsupported");

const TRANSLATORS = {
  "writes a translation into <font> elements": (card) =>
    window.textsOf(card).forEach((text) => text.replaceWith(window.inFonts(window.translated(text.data)))),
  "moves every text into <font> elements": (card) =>
    window.textsOf(card).forEach((text) => {
      const fonts = window.inFonts("");
      text.replaceWith(fonts);
      fonts.firstChild.append(text);
      text.data = window.translated(text.data);
    }),
  "puts another text in place of every text": (card) =>
    window.textsOf(card).forEach((text) => text.replaceWith(window.translated(text.data))),
  "changes every text": (card) => window.textsOf(card).forEach((text) => (text.data = window.translated(text.data))),
  "splits every text": (card) => window.textsOf(card).forEach((text) => text.splitText(1)),
  "removes every text": (card) => window.textsOf(card).forEach((text) => text.remove()),
  "adds a translation to every text": (card) =>
    window.textsOf(card).forEach((text) => text.after(window.inFonts(window.translated(text.data)))),
  "translates every attribute": (card) => {
    for (const name of ["title", "aria-label", "aria-valuetext"]) {
      for (const element of card.shadowRoot.querySelectorAll(`[${name}]`)) {
        element.setAttribute(name, window.translated(element.getAttribute(name)));
      }
    }
  },
};

for (const [name, translate] of Object.entries(TRANSLATORS)) {
  test(`every change arrives after a translator that ${name}`, { tag: "@firefox" }, async ({ page, server, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const card = await open(page, server);
    const { host } = card;
    const line = (selector) => host.locator(selector);
    await expect(card.amount).toHaveText("$225.35");
    await expect(line(".age")).toHaveText("now");

    await host.evaluate(translate);
    await refresh(page, { Main: -5 });
    await expect(card.amount).toHaveText("-$5.00");
    await expect(line(".amount .spoken")).toHaveText("-5.00 US dollars");
    await expect(line(".alert")).toHaveText("No credit left: orders will fail");
    await expect(line("[role=status]")).toHaveText("No credit left: orders will fail");
    await expect(host.getByRole("meter")).toHaveAttribute("aria-valuetext", "-$5.00 of $800.00");
    await expect(host).toMatchAriaSnapshot(`- text: /-5\\.00 US dollars/`);

    await host.evaluate(translate);
    await page.clock.runFor(60 * MINUTE);
    await expect(line(".age")).toHaveText("1 hour ago");

    await host.evaluate(translate);
    await refresh(page, 503);
    await expect(card.outdated).toHaveText("The server has a problem");
    await expect(line(".notice .next-try")).toHaveText(/^Trying again (shortly|in .*)$/);
    await expect(line(".details .title")).toHaveText("The server has a problem");
    await expect(line(".details .advice")).toHaveText("Try again in a moment.");
    await expect(line(".support")).toHaveText(/^code: upstream\nstatus: 503\n/);
    await line(".more").click();
    await line("[part=copy]").click();
    await expect(line("[part=copy]")).toHaveText("Copied");
    expect(await host.evaluate(({ shadowRoot }) => shadowRoot.activeElement?.part.value)).toBe("copy");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^code: upstream\nstatus: 503\n/);

    await host.evaluate(translate);
    await page.clock.runFor(4_000);
    await expect(line("[part=copy]")).toHaveText("Copy");

    await host.evaluate(translate);
    await host.evaluate((card) => (card.locale = "de"));
    await expect(line(".label")).toHaveText("Verfügbares Guthaben");
    await expect(card.amount).toHaveText("-5,00 $");
    await expect(line(".amount .spoken")).toHaveText("-5,00 US-Dollar");
    await expect(line(".as-of:not([hidden])")).toHaveText(/^Stand: /);
    await expect(line(".age")).toHaveText("vor 1 Stunde");
    await expect(line(".of")).toHaveText("von 800,00 $");
    await expect(line(".top-up")).toHaveText("Aufladen");
    await expect(line(".more")).toHaveText("Mehr dazu");
    await expect(line("[part=copy]")).toHaveText("Kopieren");
    await expect(line("[part=retry]")).toHaveText("Noch einmal");
    for (const attribute of ["title", "aria-label"]) {
      await expect(line(".refresh")).toHaveAttribute(attribute, "Aktualisieren");
    }
    await expect(line("section")).toHaveAttribute("aria-label", "Verfügbares Guthaben");
    await expect(host.getByRole("meter")).toHaveAttribute("aria-label", "Verfügbares Guthaben");
    expect(await failures(page)).toEqual([]);
  });
}

test("a message in place of the balance arrives in translated elements", async ({ page, server }) => {
  const card = await open(page, server);
  await expect(card.amount).toHaveText("$225.35");
  await refresh(page, {});
  await expect(card.title).toHaveText("No account");
  await card.host.evaluate(TRANSLATORS["writes a translation into <font> elements"]);
  await card.host.evaluate((card) => (card.locale = "de"));
  await expect(card.title).toHaveText("Kein Konto");
  await expect(card.advice).toHaveText(/^Airalo /);
  await card.host.evaluate((card) => (card.proxyUrl = "ftp://example.com/"));
  await expect(card.title).not.toHaveText("Kein Konto");
  await expect(card.title).not.toContainText("«");
});

test("a translator that heeds translate=no changes no amount and no code", async ({ page, server }) => {
  const card = await open(page, server);
  await expect(card.amount).toHaveText("$225.35");
  await refresh(page, { Main: 150, USD: 20 });
  await refresh(page, 503);
  await expect(card.outdated).toBeVisible();
  const seen = await card.host.evaluate((card) => {
    const mayBeTranslated = (element) => !element.closest("[translate=no]");
    for (const text of window.textsOf(card, mayBeTranslated)) text.replaceWith(window.inFonts(window.translated(text.data)));
    return window.textsOf(card).map(({ data }) => data);
  });
  const [kept, translated] = [seen.filter((text) => !text.startsWith("«")), seen.filter((text) => text.startsWith("«"))];
  expect(kept.slice(0, 6)).toEqual(["Main", "$150.00", "150.00 US dollars", "USD", "$20.00", "20.00 US dollars"]);
  expect(kept.slice(6)).toEqual([expect.stringMatching(/^code: upstream\n/)]);
  expect(translated).toEqual(expect.arrayContaining(["«Available credit»", "«The server has a problem»", "«Top up»"]));
  await refresh(page, { Main: 149 });
  await expect(card.amount).toHaveText("$149.00");
});

test("the details are copied and closed although an extension has rewritten what is around them", async ({ page, server, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const card = await open(page, server);
  await expect(card.amount).toHaveText("$225.35");
  await refresh(page, 503);
  await card.host.locator(".more").click();
  await card.host.evaluate(({ shadowRoot }) => {
    shadowRoot.querySelector("[part=copy]").before(document.createElement("div"));
    shadowRoot.querySelector(".more").remove();
  });
  await card.host.locator("[part=copy]").click();
  await expect(card.host.locator("[part=copy]")).toHaveText("Copied");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^code: upstream\n/);
  await page.keyboard.press("Escape");
  await expect(card.host.locator(".details")).toBeHidden();
  await refresh(page, { Main: 7 });
  await expect(card.amount).toHaveText("$7.00");
});

test("the skeleton is rewritten, and the amount and the title arrive all the same", async ({ page, server }) => {
  const held = { wasm: undefined, words: undefined };
  for (const [name, pattern] of [["wasm", "**/*.wasm"], ["words", "**/words/*"]]) {
    const released = new Promise((resolve) => (held[name] = resolve));
    await page.route(pattern, (route) => released.then(() => route.continue()));
  }
  const card = await open(page, server, { locale: "de" });
  const translate = TRANSLATORS["writes a translation into <font> elements"];
  await expect(card.preview).toHaveText("225,35 $");
  expect(await card.preview.evaluate((amount) => amount.closest("[translate=no]") !== null)).toBe(true);
  await card.host.evaluate(translate);
  held.words();
  await expect(card.host.locator(".label")).toHaveText("Verfügbares Guthaben");
  await card.host.evaluate(translate);
  held.wasm();
  await expect(card.amount).toHaveText("225,35 $");
  await expect(card.host.locator(".label")).toHaveText("Verfügbares Guthaben");
});

test("an element is removed from the skeleton, and the card follows all the same", async ({ page, server }) => {
  let answer;
  const answered = new Promise((resolve) => (answer = resolve));
  await page.route("**/api/slow", async (route) => {
    await answered;
    const balances = { name: "Main", availableBalance: { amount: 225.35, currency: "USD" } };
    await route.fulfill({ json: { data: { balances }, meta: { message: "success" } } });
  });
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route("**/*.wasm", (route) => released.then(() => route.continue()));
  await page.goto(server.url);
  await page.evaluate(() => {
    const card = Object.assign(document.createElement("airalo-balance"), { proxyUrl: "/api/slow" });
    document.querySelector("main, body").replaceChildren(card);
    for (const gone of card.shadowRoot.querySelectorAll(".amount, .label")) gone.remove();
  });
  answer();
  await page.waitForTimeout(300);
  release();
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await expect(card.host.locator(".label")).toHaveText("Available credit");
});

/** The lines of a card: selector and text of every element that shows one. */
const linesOf = (page) =>
  page.evaluate(() => {
    const names = [".label", ".amount bdi", ".amount .spoken", ".message .title", ".message .advice", ".as-of:not([hidden])", ".age"];
    names.push(".of", ".alert > span:not(:empty)", ".outdated", ".notice .next-try", ".top-up", "[part=retry]", ".more");
    names.push(".details .title", ".details .advice", ".details .next-try", ".support", "[part=copy]");
    const texts = ({ shadowRoot }, name) => [...shadowRoot.querySelectorAll(name)].map((line) => line.textContent);
    return [...document.querySelectorAll("airalo-balance")].map((card) =>
      names.flatMap((name) => texts(card, name).map((text) => `${name}: ${text}`)),
    );
  });

/** Takes all cards through the states in which every line has a text that it has not had before. */
async function goThroughStates(page) {
  for (const answer of [{ Main: 150, Europe: 20, Asia: 3 }, {}, { Main: 40, Europe: 2 }, 404, { Main: -5 }]) await refresh(page, answer);
  await page.clock.fastForward(60 * MINUTE);
  await refresh(page, 503);
  await page.evaluate(() => document.querySelectorAll("airalo-balance").forEach((card) => (card.locale = "de")));
  await expect(page.locator("airalo-balance .label").first()).toHaveText("Verfügbares Guthaben");
}

/** Rewrites every element somewhere: a few of them, far apart, in each card but the first. */
async function rewriteAll(page, server, rewrite) {
  const card = await open(page, server);
  await expect(card.amount).toHaveText("$225.35");
  const elements = await card.host.evaluate(({ shadowRoot }) => shadowRoot.querySelectorAll("*").length);
  expect(elements).toBeGreaterThan(50);
  const count = Math.ceil(elements / 4);
  await page.evaluate(
    ([settings, count]) => {
      const cards = Array.from({ length: count }, () => Object.assign(document.createElement("airalo-balance"), settings));
      document.querySelector("airalo-balance").after(...cards);
    },
    [SETTINGS, count],
  );
  await expect(page.locator("airalo-balance .amount bdi[aria-hidden]")).toHaveCount(count + 1);
  await page.evaluate(`for (const [number, card] of [...document.querySelectorAll("airalo-balance")].slice(1).entries()) {
    for (const [index, element] of card.shadowRoot.querySelectorAll("*").entries()) {
      if (index % ${count} === number) (${rewrite})(element, index);
    }
  }`);
}

test("elements are removed, and every line of the card that is left goes on", { tag: "@firefox" }, async ({ page, server }) => {
  await rewriteAll(page, server, (element) => element.remove());
  await goThroughStates(page);
  const [untouched, ...rewritten] = await linesOf(page);
  expect(untouched).toEqual(expect.arrayContaining([".age: vor 1 Stunde", ".outdated: Der Server hat ein Problem"]));
  // What has lost its own text says nothing.
  const isWrong = (line) => !line.endsWith(": ") && !untouched.includes(line);
  for (const lines of rewritten) expect(lines.filter(isWrong)).toEqual([]);
  const missing = untouched.filter((line) => !rewritten.some((lines) => lines.includes(line)));
  expect(missing, "every line was left on some card").toEqual([]);
  expect(await failures(page)).toEqual([]);
});

test("elements are wrapped, moved, copied or filled with copies, and no card fails", async ({ page, server }) => {
  await rewriteAll(page, server, (element, index) => {
    const rewritings = [
      () => {
        const span = document.createElement("span");
        element.replaceWith(span);
        span.append(element);
      },
      () => element.getRootNode().append(element),
      () => element.replaceWith(element.cloneNode(true)),
      () => element.replaceChildren(...element.cloneNode(true).childNodes),
    ];
    rewritings[index % rewritings.length]();
  });
  await goThroughStates(page);
  const [untouched] = await linesOf(page);
  expect(untouched).toContain(".age: vor 1 Stunde");
  const states = await page.evaluate(() => [...document.querySelectorAll("airalo-balance")].map((card) => card.snapshot.balances[0]?.amount));
  expect(new Set(states)).toEqual(new Set(["-5"]));
  expect(await failures(page)).toEqual([]);
});

const NEIGHBOURS = {
  "every element gets neighbours": (element) => {
    element.before(document.createElement("span"));
    element.after(document.createElement("span"));
    element.prepend(document.createElement("span"));
    element.append(document.createElement("span"));
  },
  "the children of every element are reversed": (element) => element.append(...[...element.children].reverse()),
};

for (const [name, rewrite] of Object.entries(NEIGHBOURS)) {
  test(`${name}, and every line of the card goes on`, async ({ page, server }) => {
    const card = await open(page, server, { count: 2 });
    await expect(card.amount).toHaveText("$225.35");
    await page.evaluate(`[...document.querySelectorAll("airalo-balance")][1].shadowRoot.querySelectorAll("*").forEach(${rewrite})`);
    await goThroughStates(page);
    const [untouched, rewritten] = await linesOf(page);
    expect(untouched).toContain(".age: vor 1 Stunde");
    expect(rewritten.toSorted()).toEqual(untouched.toSorted());
    expect(await failures(page)).toEqual([]);
  });
}
