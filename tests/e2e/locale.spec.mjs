// One locale for the words, the amounts and the times of a card.

import { readFileSync } from "node:fs";
import { Card, expect, test } from "./stack.mjs";

const words = (language) => JSON.parse(readFileSync(new URL(`../../www/words/${language}.json`, import.meta.url)));

/** Opens a page of this language with one card. */
async function openIn(page, server, lang, attributes = "", script = "") {
  const body = `<!doctype html><html lang="${lang}"><meta charset="utf-8">
    <script src="/page.js"></script><script type="module" src="/airalo-balance.js"></script>
    <main><airalo-balance proxy-url="/api/balance" ${attributes}></airalo-balance></main>`;
  await page.route(`${server.url}page.js`, (route) => route.fulfill({ contentType: "text/javascript", body: script }));
  await page.route(`${server.url}panel`, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${server.url}panel`);
  return new Card(page);
}

/** The amount in a locale, without the marks that keep its parts in place. */
const money = (page, locale) =>
  page.evaluate((locale) => new Intl.NumberFormat(locale, { style: "currency", currency: "USD" }).format("225.35"), locale);

const plain = (text) => text.replace(/[\u200e\u200f]/g, "");

/** What the card speaks: words, amount, time, and how it is marked. */
async function expectSpoken(page, card, { label, locale, lang }) {
  await expect(card.host.locator(".label")).toHaveText(label);
  const [amount, status, numbers] = await Promise.all([card.amount.textContent(), card.status.textContent(), money(page, locale)]);
  expect(plain(amount)).toBe(plain(numbers));
  const now = await page.evaluate((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(0, "second"), locale);
  expect(status).toContain(now);
  await expect(card.host.locator("section")).toHaveAttribute("lang", lang);
}

const ENGLISH = { label: "Available credit", locale: "en", lang: "en" };
const spoken = (language, locale = language) => ({ label: words(language).label, locale, lang: language });

const SPOKEN = [
  ["de_CH", "", spoken("de", "de-CH")],
  ["pt_BR", "", spoken("pt-BR")],
  ["pt-PT", "", spoken("pt-BR", "pt-PT")],
  ["zh_Hans_SG", "", spoken("zh-Hans", "zh-Hans-SG")],
  ["fr_CA.UTF-8", "", spoken("fr", "fr-CA")],
  ["ar-u-nu-latn", "", spoken("ar", "ar-u-nu-latn")],
  ["en_GB", "", { ...ENGLISH, locale: "en-GB" }],
  // Without words of ours.
  ["pl", "", ENGLISH],
  ["pl_PL", "", ENGLISH],
  ["zh_Hant_TW", "", ENGLISH],
  ["zh-TW", "", ENGLISH],
  // The attribute comes first, for both.
  ["de", 'locale="fr_CA"', spoken("fr", "fr-CA")],
  ["de", 'locale="pl"', ENGLISH],
  ["pl", 'locale="de"', spoken("de")],
  // An invalid tag counts as none.
  ["de", 'locale="not a language"', spoken("de")],
  ["de__AT", "", ENGLISH],
  ["", "", ENGLISH],
];
for (const [lang, attributes, expected] of SPOKEN) {
  test(`<html lang="${lang}"> ${attributes}: words, amounts and times in ${expected.locale}`, { tag: "@firefox" }, async ({ page, server }) => {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route("**/*.wasm", (route) => held.then(() => route.continue()));
    const card = await openIn(page, server, lang, attributes);
    const preview = await card.preview.textContent();
    release();
    await expect(card.amount).toBeVisible();
    await expectSpoken(page, card, expected);
    expect(await card.amount.textContent(), "the amount before the card is the card's").toBe(preview);
  });
}

test("the live region is marked as English where the card speaks English", async ({ page, server, standIn }) => {
  const card = await openIn(page, server, "pl", 'low-threshold="200"');
  await expect(card.amount).toHaveText("$225.35");
  await standIn.setBalance("150.00");
  await page.waitForTimeout(2_100);
  await card.refreshButton.click();
  const region = card.host.locator("> .spoken, .spoken[role=status]").first();
  await expect(region).toHaveText("Running low");
  await expect(region).toHaveAttribute("lang", "en");
});

test("a page that changes its language is followed", { tag: "@firefox" }, async ({ page, server }) => {
  const card = await openIn(page, server, "en");
  await expect(card.amount).toHaveText("$225.35");
  for (const [lang, expected] of [["de_AT", spoken("de", "de-AT")], ["pl", ENGLISH], ["ja", spoken("ja")], ["en", ENGLISH]]) {
    await page.evaluate((lang) => (document.documentElement.lang = lang), lang);
    await expect(card.host.locator("section")).toHaveAttribute("lang", expected.lang);
    await expectSpoken(page, card, expected);
  }
});

test("so is any element around the card, outside its shadow root and after a move", async ({ page, server }) => {
  const card = await openIn(page, server, "en");
  await expect(card.amount).toHaveText("$225.35");
  await page.evaluate(() => {
    window.outer = document.createElement("div");
    const inner = document.createElement("p");
    window.outer.attachShadow({ mode: "open" }).append(inner);
    document.body.append(window.outer);
    inner.append(document.querySelector("airalo-balance"));
    window.inner = inner;
  });
  const label = card.host.locator(".label");
  for (const [change, language] of [
    [() => (window.outer.lang = "fr"), "fr"],
    [() => (window.inner.lang = "it"), "it"],
    [() => window.inner.removeAttribute("lang"), "fr"],
    [() => (window.inner.firstChild.lang = "es"), "es"],
  ]) {
    await page.evaluate(change);
    await expect(label).toHaveText(words(language).label);
  }
});

test("a language that the page sets before the card is there is the card's", async ({ page, server }) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/*.wasm", (route) => held.then(() => route.continue()));
  const card = await openIn(page, server, "en");
  await expect(card.preview).toHaveText("$225.35");
  await page.evaluate(() => (document.documentElement.lang = "de"));
  await expect(card.preview).toHaveText(/225,35\s\$/);
  await expect(card.host.locator(".label")).toHaveText(words("de").label);
  release();
  await expect(card.amount).toBeVisible();
  await expectSpoken(page, card, spoken("de"));
});

test("a hundred cards share one observer, which ends with the last of them", async ({ page, server }) => {
  const script = `
    window.observers = new Set();
    window.MutationObserver = class extends MutationObserver {
      observe(node, options) {
        if (options.attributeFilter?.includes("lang")) window.observers.add(this);
        super.observe(node, options);
      }
      disconnect() {
        window.observers.delete(this);
        super.disconnect();
      }
    };`;
  const card = await openIn(page, server, "en", "", script);
  await expect(card.amount).toHaveText("$225.35");
  await page.evaluate(() => {
    const element = document.querySelector("airalo-balance");
    document.querySelector("main").append(...Array.from({ length: 99 }, () => element.cloneNode()));
  });
  await expect(page.locator("airalo-balance .item .amount bdi[aria-hidden]")).toHaveCount(100);
  const observers = () => page.evaluate(() => window.observers.size);
  expect(await observers()).toBe(1);
  await page.evaluate(() => (document.documentElement.lang = "de"));
  await expect(page.locator("airalo-balance .label", { hasText: words("de").label })).toHaveCount(100);
  await page.evaluate(() => document.querySelector("main").replaceChildren());
  await expect.poll(observers).toBe(0);
});

test("a page with messages of its own speaks the language of its tag", async ({ page, server }) => {
  const script = `addEventListener("DOMContentLoaded", () => {
    document.querySelector("airalo-balance").messages = { label: "اعتبار موجود" };
  });`;
  const card = await openIn(page, server, "fa", "", script);
  await expect(card.amount).toBeVisible();
  await expectSpoken(page, card, { label: "اعتبار موجود", locale: "fa", lang: "fa" });
  await expect(card.host.locator("section")).toHaveAttribute("dir", "rtl");
  await card.host.evaluate((element) => (element.messages = {}));
  await expectSpoken(page, card, ENGLISH);
});

test("where the words cannot be loaded, amounts and times are English too", async ({ page, server }) => {
  await page.route("**/words/de.js", (route) => route.fulfill({ status: 404 }));
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/*.wasm", (route) => held.then(() => route.continue()));
  const card = await openIn(page, server, "de");
  await expect(card.preview).toHaveText("$225.35");
  release();
  await expect(card.amount).toBeVisible();
  await expectSpoken(page, card, ENGLISH);
});

test("where the card cannot run, it says so in its language and direction", async ({ page, server }) => {
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 404, body: "gone" }));
  const card = await openIn(page, server, "ar");
  await expect(card.outdated).toHaveText(words("ar")["cannot-refresh"]);
  const section = card.host.locator("section");
  await expect(section).toHaveAttribute("lang", "ar");
  await expect(section).toHaveAttribute("dir", "rtl");
});

test("no tag makes the card fail", async ({ page, server }) => {
  const card = await openIn(page, server, "en");
  await expect(card.amount).toHaveText("$225.35");
  for (const tag of ["-", "_", "a", "x", "x-y", "de-", "_de", "de--CH", "i-klingon", "de-u-nu-", "en-US-POSIX", "C", "\u{1f600}", "a-".repeat(5_000)]) {
    await page.evaluate(async (tag) => {
      document.documentElement.lang = tag;
      document.querySelector("airalo-balance").locale = tag;
      await new Promise((next) => setTimeout(next, 20));
    }, tag);
    await expect(card.amount).toContainText("225");
  }
});
