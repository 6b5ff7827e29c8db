// The pages of the standalone site, on a phone and in the dark. Those of the documentation are in
// `docs.spec.mjs`.

import { readFileSync } from "node:fs";
import { Card, expect, test } from "./stack.mjs";

const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const PAGES = [
  "",
  "card",
  "playground.html",
  "playground.html?locale=ar&width=960",
  "playground.html?scenario=long&variant=inline",
  "gallery.html?state=ready,long,several,low-missed",
  "gallery.html?state=ready,long,several,low-missed&locale=ar&theme=light,dark",
];

const scrollsSideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

/** The cards that have no balance yet, or have not failed yet where they show a failure. */
const unfinished = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("airalo-balance")]
      .filter(({ dataset, snapshot }) => snapshot?.state !== "ready" || (dataset.state === "low-missed" && !snapshot.error))
      .map(({ dataset }) => dataset.state ?? "the card"),
  );

for (const path of PAGES) {
  test(`nothing scrolls sideways at 360 px: /${path}`, async ({ page, server }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(server.url + path);
    await expect(new Card(page).amount.first()).toBeVisible();
    await expect.poll(() => unfinished(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
  });
}

test("the controls of the playground lie side by side on a phone, and the card in its stage", async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${server.url}playground.html`);
  await expect(new Card(page).amount).toBeVisible();
  const boxes = await page.evaluate(() => {
    const box = (element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { name: element.textContent.trim().slice(0, 12) || element.localName, left, right, top, bottom };
    };
    return [...document.querySelectorAll(".controls label :is(select, input), main > .stage, .snippet")].map(box);
  });
  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const found = boxes.flatMap((a, index) => boxes.slice(index + 1).filter((b) => overlap(a, b)).map((b) => `${a.name} and ${b.name}`));
  expect(found).toEqual([]);
  const [card, stage] = [await page.locator(".stage airalo-balance").boundingBox(), await page.locator("main > .stage").boundingBox()];
  expect(card.x).toBeGreaterThan(stage.x);
  expect(card.x + card.width).toBeLessThan(stage.x + stage.width);
});

const background = (locator) => locator.evaluate((element) => getComputedStyle(element).backgroundColor);

test("the stage of the playground is as dark as its card, until another background is chosen", async ({ page, server }) => {
  const stage = page.locator("main > .stage");
  const [dark, light] = ["rgb(16, 18, 21)", "rgb(245, 246, 248)"];
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${server.url}playground.html`);
  expect(await background(stage)).toBe(dark);
  await expect(page.getByLabel("Behind the card")).toHaveValue("#101215");
  await page.getByLabel("Theme").selectOption("light");
  expect(await background(stage)).toBe(light);
  await page.getByLabel("Theme").selectOption("auto");
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => background(stage)).toBe(light);
  expect(page.url()).not.toContain("background");

  await page.getByLabel("Behind the card").fill("#336699");
  expect(await background(stage)).toBe("rgb(51, 102, 153)");
  await page.goto(page.url());
  expect(await background(stage), "the address holds the choice").toBe("rgb(51, 102, 153)");
});

test("every snippet is copied by the button beside it", async ({ page, server, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  for (const [path, count] of [["", 3], ["playground.html", 1]]) {
    await page.goto(server.url + path);
    const snippets = page.locator(".snippet:visible");
    await expect(snippets).toHaveCount(count);
    for (const snippet of await snippets.all()) {
      const button = snippet.getByRole("button", { name: "Copy" });
      await button.click();
      await expect(snippet.getByRole("button", { name: "Copied" })).toBeVisible();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await snippet.locator("pre").textContent());
    }
  }
});

test("a copy that the browser refuses is not said to be one", async ({ page, server }) => {
  await page.goto(server.url);
  await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error("refused"))));
  await page.locator(".snippet button").first().click();
  await expect(page.locator(".snippet button").first()).toHaveText("Copying was refused");
});

test("the front page and the class name the version of Cargo.toml", async ({ page, server }) => {
  const [, version] = /^\[workspace\.package\]\nversion = "(.+)"/m.exec(source("Cargo.toml"));
  await page.goto(server.url);
  await expect(page.getByText(`Version ${version}`)).toBeVisible();
  await page.waitForFunction(() => customElements.get("airalo-balance"));
  expect(await page.evaluate(() => customElements.get("airalo-balance").version)).toBe(version);
});

test("the pages lead to each other", async ({ page, server }) => {
  for (const path of ["index.html", "playground.html", "gallery.html?state=ready", "history.html"]) {
    await page.goto(server.url + path);
    const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    // The history is kept by some servers only, whose front page leads there.
    const history = path === "history.html" ? ["History"] : [];
    await expect(links).toHaveText(["Airalo Balance", ...history, "Playground", "Gallery", "Documentation"]);
    const current = page.locator("nav [aria-current=page]");
    expect(await current.getAttribute("href")).toBe(`./${path.split("?")[0]}`);
  }
});

test("the gallery can be filtered, and the address holds the choice", async ({ page, server }) => {
  await page.goto(`${server.url}gallery.html?state=low,zero`);
  const rows = page.locator(".row");
  await expect(rows).toHaveCount(2);
  await page.getByLabel("State").selectOption({ label: "Zero" });
  await page.waitForURL("**/gallery.html?state=zero");
  await expect(rows).toHaveCount(1);
  await expect(page.locator("airalo-balance")).toHaveCount(3);
  await page.getByLabel("Variant").selectOption("inline");
  await page.waitForURL("**/gallery.html?state=zero&variant=inline");
  await expect(page.locator("airalo-balance")).toHaveCount(1);
  await expect(page.getByLabel("Variant")).toHaveValue("inline");
  await page.getByLabel("Theme").selectOption("both");
  await expect(page.locator("airalo-balance")).toHaveCount(2);
  await page.getByLabel("Language").selectOption("de");
  await expect(page.locator("airalo-balance section").first()).toHaveAttribute("lang", "de");
});

test("the contents of the gallery lead to every state, and are folded on a phone", async ({ page, server }) => {
  await page.setViewportSize({ width: 1280, height: 740 });
  await page.goto(`${server.url}gallery.html?variant=inline`);
  const links = page.getByRole("navigation", { name: "Contents" }).getByRole("link");
  const titles = await page.locator(".row h3").allTextContents();
  expect(titles.length).toBeGreaterThan(20);
  await expect(links).toHaveText(titles);
  await links.last().click();
  await expect(page.locator(".row").last()).toBeInViewport();

  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${server.url}gallery.html`);
  await expect(links.first()).toBeHidden();
  await page.getByText("Contents", { exact: true }).click();
  await links.nth(5).click();
  await expect(page.locator(".row").nth(5)).toBeInViewport();
});

for (const colorScheme of ["light", "dark"]) {
  test(`the header of the gallery belongs to its sheet: ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    for (const theme of ["", "light", "dark"]) {
      for (const width of [360, 900, 1280, 1600]) {
        await page.setViewportSize({ width, height: 740 });
        await page.goto(`${server.url}gallery.html?state=ready&theme=${theme}`);
        await expect(page.locator(".sheet")).toHaveCount(1);
        expect(await background(page.locator(".sheet"))).toBe(await background(page.locator("body")));
        const left = async (name) => (await page.locator(name).first().boundingBox()).x;
        expect(await left(".row"), `${width} px`).toBe(await left("h1"));
      }
    }
  });
}
