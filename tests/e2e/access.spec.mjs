// Accessibility: axe-core, the keyboard alone, and what screen readers announce.

import { findings } from "./axe.mjs";
import { openGallery, THEMES, VARIANTS } from "./canned.mjs";
import { Card, expect, holdWebAssembly, test } from "./stack.mjs";

// The gallery shows many cards with the same label.
const ON_THE_SHEET = { "landmark-unique": { enabled: false } };

for (const theme of THEMES) {
  for (const variant of VARIANTS) {
    test(`axe-core finds nothing in any state of ${variant}, ${theme}`, async ({ page, server }) => {
      await openGallery(page, server, { theme, variant });
      expect(await page.locator("airalo-balance").count()).toBeGreaterThan(20);
      const { violations, undecided } = await findings(page, { rules: ON_THE_SHEET });
      expect(violations).toEqual([]);
      expect(undecided).toEqual([]);
    });
  }
}

for (const colorScheme of THEMES) {
  test(`axe-core finds nothing on the other pages of the site, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 740 });
      for (const path of ["", "playground.html", "history.html"]) {
        await page.goto(server.url + path);
        if (path === "history.html") await expect(page.locator(".message")).toBeVisible();
        else await expect(new Card(page).amount).toBeVisible();
        expect((await findings(page)).violations, `${path}, ${width} px`).toEqual([]);
      }
    }
  });
}

for (const colorScheme of THEMES) {
  test(`axe-core finds nothing where the card cannot run, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await page.route("**/*.wasm", (route) => route.fulfill({ status: 404, body: "gone" }));
    await page.goto(server.url);
    await expect(new Card(page).outdated).toHaveText("Can’t be refreshed here");
    expect((await findings(page)).violations).toEqual([]);
    await page.route("**/api/balance", (route) => route.abort());
    // Longer than the proxy's page holds the balance.
    await page.waitForTimeout(1_100);
    await page.goto(server.url);
    await expect(new Card(page).title).toHaveText("The card can’t run here");
    expect((await findings(page)).violations).toEqual([]);
  });
}

test("axe-core finds errors inside a card", async ({ page, server }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toBeVisible();
  await card.host.evaluate((element) => element.shadowRoot.querySelector(".refresh").removeAttribute("aria-label"));
  await card.host.evaluate((element) => element.shadowRoot.querySelector(".refresh").removeAttribute("title"));
  await card.host.evaluate((element) => (element.shadowRoot.querySelector(".status").style.color = "#ccc"));
  const { violations } = await findings(page);
  const rules = violations.map((text) => text.split(" ")[0]);
  expect(rules).toContain("button-name");
  expect(rules).toContain("color-contrast");
});

/** The part that has the focus, inside any number of shadow roots. */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("part");
  });

test("everything on a card works with the keyboard alone", async ({ page, server, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openGallery(page, server, { theme: "light", variant: "card", state: "address-refused" });
  const { host } = new Card(page);
  await host.locator("[part=refresh]").focus();
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("more");

  await page.keyboard.press("Enter");
  const details = host.locator("[part=details]");
  await expect(details).toBeVisible();
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("copy");
  await page.keyboard.press("Space");
  await expect(host.getByRole("button", { name: "Copied" })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("code: forbidden\nproblem: address-refused\nstatus: 502\n");
  await page.keyboard.press("Escape");
  await expect(details).toBeHidden();
  expect(await focused(page)).toBe("more");

  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("retry");
  const errors = (await page.cardEvents("error")).length;
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await page.cardEvents("error")).length).toBe(errors + 1);
});

test("a balance is refreshed and topped up with the keyboard alone", async ({ page, server, standIn, context }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await card.host.evaluate((element) => (element.topUpUrl = "/gallery.html?state=ready"));
  await standIn.setBalance("190.00");
  await card.refreshButton.focus();
  await page.keyboard.press("Enter");
  await expect(card.amount).toHaveText("$190.00");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("top-up");
  const opened = context.waitForEvent("page");
  await page.keyboard.press("Enter");
  await (await opened).waitForURL(`${server.url}gallery.html?state=ready`);
});

test("where nothing may move, a button that was pressed is faint until the answer is there", async ({ page, server }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toBeVisible();
  const icon = card.refreshButton.locator("svg");
  await expect(icon).toHaveCSS("opacity", "1");
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/api/balance", async (route) => {
    await held;
    await route.abort();
  });
  await card.refreshButton.click();
  await expect(icon).toHaveCSS("opacity", "0.4");
  release();
  await expect(icon).toHaveCSS("opacity", "1");
});

test("the details for support contain no secret", async ({ page, server }) => {
  await page.route("**/refused?**", (route) => route.fulfill({ status: 403, body: "{}" }));
  await page.goto(server.url);
  const card = new Card(page);
  await card.host.evaluate((element) => {
    element.headers = { Authorization: "Bearer s3cret" };
    element.proxyUrl = "/refused?token=s3cret#s3cret";
  });
  await expect(card.title).toHaveText("No permission to see the balance");
  await card.host.locator("[part=more]").click();
  const detail = await card.host.locator(".support").textContent();
  expect(detail).toMatch(/code: forbidden\nstatus: 403\nurl: \/refused\ntime: 20\S+Z\ncard: \d/);
  expect(detail).not.toContain("s3cret");
});

const HEAD = `
    - region "Available credit":
      - text: Available credit
      - button "Refresh"`;

/** The accessibility tree of the main states. */
const TREES = {
  loading: `
    - status
    - region "Available credit"`,
  ready: `
    - status
    ${HEAD}
      - text: 225.35 US dollars As of 10:42 AM · now
      - link "Top up"`,
  low: `
    - status: Running low
    ${HEAD}
      - text: 225.35 US dollars As of 10:42 AM · now Running low
      - link "Top up"`,
  zero: `
    - status: "No credit left: orders will fail"
    ${HEAD}
      - text: "0.00 US dollars As of 10:42 AM · now No credit left: orders will fail"
      - link "Top up"`,
  history: `
    - status
    ${HEAD}
      - text: 225.35 US dollars
      - "button \\"History · 30 days: from $342.72 to $225.35, lowest $9.99 · Top-ups and refunds: 2\\""
      - text: As of 10:42 AM · now About 6 days left (3–11)
      - link "Top up"`,
  limit: `
    - status
    ${HEAD}
      - text: 225.35 US dollars As of 10:42 AM · now
      - meter "Available credit"
      - text: of $800.00
      - link "Top up"`,
  several: `
    - status
    ${HEAD}
      - list:
        - listitem: Main 1,234.50 US dollars
        - listitem: Europe 980.00 euros
        - listitem: Japan 120,500 Japanese yen
      - text: As of 10:42 AM · now
      - link "Top up"`,
  empty: `
    - status: No account
    ${HEAD}
      - strong: No account
      - text: Airalo has no balance for these credentials. Ask your contact at Airalo.
      - link "Top up"`,
  missed: `
    - status: Airalo can’t be reached
    ${HEAD}
      - text: 225.35 US dollars As of 10:42 AM · now Airalo can’t be reached
      - button "Details"
      - link "Top up"`,
  "address-refused": `
    - status: Airalo refused the server’s address
    ${HEAD}
      - strong: Airalo refused the server’s address
      - text: Ask your administrator to add it to the IP allowlist in the Airalo console.
      - button "Details"
      - button "Try again"`,
};

test("the accessibility tree of the main states is what it should be", async ({ page, server }) => {
  await openGallery(page, server, { theme: "light", variant: "card" });
  for (const [name, tree] of Object.entries(TREES)) {
    // The default matches a tree that contains more.
    const whole = `\n    - /children: deep-equal${tree}`;
    await expect(page.locator(`airalo-balance[data-state=${name}]`), name).toMatchAriaSnapshot(whole);
  }
});

test("the meter has a text that describes its value", async ({ page, server }) => {
  await openGallery(page, server, { theme: "light", variant: "card", state: "limit" });
  const meter = page.getByRole("meter");
  await expect(meter).toHaveAttribute("aria-valuetext", "$225.35 of $800.00");
  await expect(meter).toHaveAttribute("aria-valuenow", "28");
});

/** Records the announcements of the live region, in order. */
async function recordAnnouncements(card) {
  await card.host.evaluate((element) => {
    const region = element.shadowRoot.querySelector("[role=status]");
    window.announcements = [];
    const record = () => window.announcements.push(region.textContent);
    new MutationObserver(record).observe(region, { childList: true, characterData: true, subtree: true });
  });
  return () => card.host.page().evaluate(() => window.announcements);
}

test("the live region exists before the card is mounted, and stays the same node", async ({ page, server }) => {
  const release = await holdWebAssembly(page);
  await page.goto(server.url);
  const { host, amount } = new Card(page);
  const region = await host.evaluateHandle((element) => element.shadowRoot.querySelector("[role=status]"));
  expect(await region.evaluate((region) => region?.isConnected)).toBe(true);
  release();
  await expect(amount).toBeVisible();
  const same = await host.evaluate(
    (element, region) => [...element.shadowRoot.querySelectorAll("[role=status],[aria-live]")].every((one) => one === region),
    region,
  );
  expect(same).toBe(true);
});

test("a level, a failure and a recovery are announced, and nothing else", async ({ page, server, standIn }) => {
  await page.goto(server.url);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await card.host.evaluate((element) => Object.assign(element, { refreshInterval: 0, lowThreshold: "200" }));
  const announcements = await recordAnnouncements(card);
  const refresh = () => card.host.evaluate((element) => element.refresh());
  const expectNothingBut = async (...expected) => {
    await expect.poll(announcements).toEqual(expected);
    await page.waitForTimeout(500);
    expect(await announcements()).toEqual(expected);
  };

  await refresh();
  await standIn.setBalance("210.00");
  await refresh();
  await expect(card.amount).toHaveText("$210.00");
  await expectNothingBut();

  await standIn.setBalance("150.00");
  await refresh();
  await standIn.setBalance("140.00");
  await refresh();
  await expect(card.amount).toHaveText("$140.00");
  await expectNothingBut("Running low");

  await standIn.setBalance("500.00");
  await refresh();
  await expectNothingBut("Running low", "Enough credit again");
  await page.route("**/api/balance", (route) => route.abort());
  await refresh();
  await refresh();
  await expectNothingBut("Running low", "Enough credit again", "The server can’t be reached");
  await page.unroute("**/api/balance");
  await refresh();
  await expectNothingBut("Running low", "Enough credit again", "The server can’t be reached", "Up to date again");
});

/** Elements that overflow their card. */
const overflowing = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("airalo-balance")].flatMap((card) => {
      const edge = card.getBoundingClientRect();
      const inside = [...card.shadowRoot.querySelectorAll(".card :not(.spoken):not(.spoken *):not(.details):not(.details *):not(slot)")];
      return inside
        .filter((element) => element.checkVisibility())
        .filter((element) => {
          const { left, right, bottom, width } = element.getBoundingClientRect();
          return width > 0 && (left < edge.left - 1 || right > edge.right + 1 || bottom > edge.bottom + 1);
        })
        .map((element) => `${card.dataset.state} ${card.variant}: ${element.className}`);
    }),
  );

for (const locale of ["en", "de", "ar"]) {
  test(`nothing overflows in a column of 140 px, of 100 px, or with text of twice the size: ${locale}`, async ({ page, server }) => {
    await openGallery(page, server, { theme: "light", variant: "card,compact", width: 140, locale });
    expect(await overflowing(page)).toEqual([]);
    await page.evaluate(() => document.querySelector(".sheet").style.setProperty("--width", "100px"));
    expect(await overflowing(page), "in 100 px").toEqual([]);
    await page.evaluate(() => document.querySelector(".sheet").style.setProperty("--width", "300px"));
    await page.evaluate(() => (document.documentElement.style.fontSize = "32px"));
    expect(await overflowing(page)).toEqual([]);
    const sizes = await page.evaluate(() => {
      const card = document.querySelector("airalo-balance").shadowRoot;
      return [".label", ".status", ".button"].map((name) => Number.parseFloat(getComputedStyle(card.querySelector(name)).fontSize));
    });
    expect(Math.min(...sizes), "the text of the card grows with the page's").toBeGreaterThan(24);
  });
}
