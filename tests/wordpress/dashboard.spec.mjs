// The card on WordPress' dashboard, in a browser.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { age, Card, configure, countsOf, expect, expire, isHere, signIn, test } from "./fixtures.mjs";

test.skip(!isHere(), "WordPress, MariaDB or PHP is not on this machine; `cargo xtask test wordpress` installs them");

const axe = readFileSync(createRequire(new URL("../e2e/stack.mjs", import.meta.url)).resolve("axe-core/axe.min.js"), "utf8");

const widget = (page) => page.locator("#airalo_balance");

/** Where a picture is written for somebody to look at, if there is such a folder. */
async function picture(page, name) {
  const folder = process.env.AIRALO_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `wordpress-${name}.png`), fullPage: true });
}

test("an administrator sees the balance, and the secret is in no page", async ({ configured, page, standIn }) => {
  const bodies = [];
  page.on("response", async (response) => bodies.push(await response.text().catch(() => "")));
  await signIn(page, configured);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  expect(await card.snapshot()).toMatchObject({ state: "ready", stale: false, error: null });
  await page.goto(`${configured.url}wp-admin/options-general.php?page=airalo-balance`);
  await expect(page.locator("#airalo-balance-client-id")).toHaveValue(standIn.secrets.id);
  await expect(page.locator("#airalo-balance-client-secret")).toHaveValue("");
  await page.goto(`${configured.url}wp-admin/options.php`);
  await page.goto(configured.url);
  const { encrypted_secret: encrypted } = configured.php("return get_option('airalo_balance');");
  expect(encrypted.length).toBeGreaterThan(40);
  const told = bodies.join("\n");
  expect(told).toContain("airalo-balance");
  for (const secret of [standIn.secrets.secret, encrypted]) expect(told).not.toContain(secret);
  expect(told).not.toMatch(/stand-in-[0-9a-f]/);
});

test("the last balance is on the dashboard at once, before anybody asks", async ({ configured, page, standIn }) => {
  await signIn(page, configured);
  await expect(new Card(page).amount).toHaveText("$225.35");
  const counts = await countsOf(standIn);
  const asked = [];
  page.on("request", (request) => request.url().includes("airalo-balance/v1") && asked.push(request.url()));
  await page.reload();
  await expect(new Card(page).amount).toHaveText("$225.35");
  expect(asked).toEqual([]);
  expect(await countsOf(standIn)).toEqual(counts);
});

test("the dashboard asks anew as it is opened where the balance is older than a minute", async ({ configured, page, standIn }) => {
  await signIn(page, configured);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await standIn.setBalance("80");
  // Beyond the jitter of the card's interval.
  age(configured, 70);
  await page.reload();
  await expect(card.amount).toHaveText("$80.00");
  expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 2 });
});

test("an editor sees no widget, and no file of the card is loaded", async ({ configured, page }) => {
  const urls = [];
  page.on("request", (request) => urls.push(request.url()));
  await signIn(page, configured, "editor");
  await page.goto(`${configured.url}wp-admin/index.php`);
  await expect(page.locator("#dashboard-widgets")).toBeVisible();
  await expect(widget(page)).toHaveCount(0);
  expect(urls.filter((url) => url.includes("airalo"))).toEqual([]);
  const response = await page.goto(`${configured.url}wp-admin/options-general.php?page=airalo-balance`);
  expect(response.status()).toBe(403);
});

test("without credentials the widget leads to the settings", async ({ plugin, page }) => {
  await signIn(page, plugin);
  await expect(page.locator("airalo-balance")).toHaveCount(0);
  await widget(page).getByRole("link", { name: "Set the credentials" }).click();
  await expect(page.getByRole("heading", { name: "Airalo Balance" })).toBeVisible();
});

test("the filter has others see the balance, but neither the settings nor what only administrators can do", async ({ configured, page, standIn }) => {
  const filter = join(configured.root, "wp-content/mu-plugins/capability.php");
  await writeFile(filter, "<?php add_filter('airalo_balance_capability', fn () => 'edit_others_posts');");
  try {
    await signIn(page, configured, "editor");
    await page.goto(`${configured.url}wp-admin/index.php`);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await expect(page.locator(".airalo-balance-settings")).toHaveCount(0);
    expect((await page.goto(`${configured.url}wp-admin/options-general.php?page=airalo-balance`)).status()).toBe(403);
    await standIn.play("credentials-refused");
    configured.php("delete_transient('airalo_balance_state'); delete_transient('airalo_balance_token');");
    await page.goto(`${configured.url}wp-admin/index.php`);
    await expect(card.advice).toHaveText("Ask your administrator to check the client ID and secret on the server.");
    configured.php("delete_option('airalo_balance');");
    await page.reload();
    await expect(widget(page)).toContainText("appears here once the credentials");
    await expect(widget(page).getByRole("link")).toHaveCount(0);
  } finally {
    await writeFile(filter, "");
  }
});

test("a site without pretty addresses has the balance too", async ({ configured, page }) => {
  configured.php("update_option('permalink_structure', '');");
  try {
    await signIn(page, configured);
    await expect(page.locator("airalo-balance")).toHaveAttribute("proxy-url", /rest_route=/);
    await expect(new Card(page).amount).toHaveText("$225.35");
  } finally {
    configured.php("update_option('permalink_structure', '/%year%/%postname%/');");
  }
});

test("refused credentials are said on the card", async ({ configured, page, standIn }) => {
  await standIn.play("credentials-refused");
  await signIn(page, configured);
  await expect(new Card(page).title).toBeVisible();
  await expect(new Card(page).advice).toHaveText("Check the client ID and secret in Settings.");
  expect((await new Card(page).snapshot()).error).toMatchObject({ code: "upstream", status: 502, retryable: false });
  const { id, secret } = standIn.secrets;
  await configured.define({ AIRALO_BASE_URL: standIn.url, AIRALO_CLIENT_ID: id, AIRALO_CLIENT_SECRET: secret });
  await page.reload();
  await expect(new Card(page).advice).toHaveText("Check the client ID and secret in wp-config.php.");
});

test("a refused address is said on the card, with what an administrator does", async ({ configured, page, standIn }) => {
  await standIn.play("address-refused");
  await signIn(page, configured);
  await expect(new Card(page).advice).toHaveText("Add it to the IP allowlist in the Airalo console. Your host knows it.");
});

test("Airalo's 429 keeps the balance, and the card says that it is old", async ({ configured, page, standIn }) => {
  await signIn(page, configured);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await standIn.play("rate-limited");
  expire(configured);
  await card.refreshButton.click();
  await expect(card.outdated).toContainText("Too many requests");
  await expect(card.amount).toHaveText("$225.35");
});

/** Has the page use a nonce that WordPress does not know, as after a night. */
const forgetNonce = (page) => page.evaluate(() => (window.wpApiSettings.nonce = "0123456789"));

test("after its nonce has expired the card gets a new one by itself", async ({ configured, page, standIn }) => {
  await signIn(page, configured);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await forgetNonce(page);
  await standIn.setBalance("80");
  expire(configured);
  const statuses = [];
  page.on("response", (response) => response.url().includes("airalo-balance/v1") && statuses.push(response.status()));
  await card.refreshButton.click();
  await expect(card.amount).toHaveText("$80.00");
  expect(statuses).toEqual([401, 200]);
  expect((await card.snapshot()).error).toBeNull();
});

test("a nonce that WordPress' heartbeat has renewed is used", async ({ configured, page }) => {
  // The nonces of pages are in the second half of their life, in which WordPress renews them.
  await writeFile(join(configured.root, "wp-content/mu-plugins/nonces.php"), `<?php
    function wp_nonce_tick() { return ceil(time() / (DAY_IN_SECONDS / 2)) - (wp_doing_ajax() || wp_is_json_request() ? 0 : 1); }`);
  try {
    await signIn(page, configured);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await forgetNonce(page);
    // The tab cannot reach what gives out nonces, as where the user has to sign in first.
    await page.route("**/admin-ajax.php?action=rest-nonce", (route) => route.fulfill({ status: 400, body: "0" }));
    await card.refreshButton.click();
    await expect.poll(async () => (await card.snapshot()).error?.code).toBe("unauthorized");
    await page.evaluate(() => window.wp.heartbeat.connectNow());
    await expect.poll(() => page.evaluate(() => window.wpApiSettings.nonce)).not.toBe("0123456789");
    await card.refreshButton.or(card.retryButton).first().click();
    await expect.poll(async () => (await card.snapshot()).error).toBeNull();
  } finally {
    await writeFile(join(configured.root, "wp-content/mu-plugins/nonces.php"), "");
  }
});

test("whoever has signed out is asked to sign in, and keeps the last balance", async ({ configured, page, context }) => {
  await signIn(page, configured);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  await context.clearCookies();
  await card.refreshButton.click();
  await expect.poll(async () => (await card.snapshot()).error?.code).toBe("unauthorized");
  await expect(card.amount).toHaveText("$225.35");
});

test("the settings are the card's: thresholds, limit and address", async ({ configured, page, standIn }) => {
  const { id: client_id } = standIn.secrets;
  configure(configured, { client_id, low_threshold: "300", critical_threshold: "49,50", credit_limit: "1000", top_up_url: "https://example.com/top-up?a=1&b=2" });
  await signIn(page, configured);
  const card = new Card(page);
  await expect(card.amount).toHaveText("$225.35");
  expect((await card.snapshot()).level).toBe("low");
  await expect(card.topUp).toHaveAttribute("href", "https://example.com/top-up?a=1&b=2");
  await expect(page.locator("airalo-balance")).toHaveAttribute("critical-threshold", "49.50");
  await expect(card.host.locator(".limit")).toContainText("$1,000.00");
});

test("the card speaks the language of its administrator", async ({ configured, page, standIn }) => {
  await writeFile(join(configured.root, "wp-content/languages/de_DE.mo"), "");
  configured.php("update_user_meta(1, 'locale', 'de_DE');");
  try {
    await signIn(page, configured);
    await expect(new Card(page).amount).toHaveText("225,35 $");
    await expect(new Card(page).host.locator(".label")).toHaveText("Verfügbares Guthaben");
    // The plugin has no German here, so the card says it in its own.
    await standIn.play("credentials-refused");
    configured.php("delete_transient('airalo_balance_state'); delete_transient('airalo_balance_token');");
    await page.reload();
    const { "credentials-refused-advice": advice } = JSON.parse(readFileSync(new URL("../../www/words/de.json", import.meta.url), "utf8"));
    await expect(new Card(page).advice).toHaveText(advice);
  } finally {
    configured.php("update_user_meta(1, 'locale', '');");
  }
});

/** A plugin that makes the admin dark, by rules of its own as such plugins do. */
const DARK = `<?php add_action('admin_head', function () { echo '<style>
  body, #wpcontent { background: #101517; color: #c3c4c7; }
  .postbox { background: #1d2327; border-color: #3c434a; color: #c3c4c7; }
  .postbox a { color: #72aee6; } .postbox .hndle, .wrap h1 { color: #f0f0f1 !important; }
</style>'; });`;

const SCHEMES = ["fresh", "light", "modern", "blue", "coffee", "ectoplasm", "midnight", "ocean", "sunrise"];

/** A plugin that follows the system, and whose colours change bit by bit. */
const FOLLOWING = `<?php add_action('admin_head', function () { echo '<style>
  .postbox { transition: background-color .3s; } .postbox a { transition: color .3s; }
  @media (prefers-color-scheme: dark) { .postbox { background: #1d2327; color: #c3c4c7; } .postbox a { color: #72aee6; } }
  .night .postbox { background: #101517; } .night .postbox a { color: #f0b849; }
</style>'; });`;

test("the card follows the colours of its widget while they change bit by bit", async ({ configured, page, standIn }) => {
  await writeFile(join(configured.root, "wp-content/mu-plugins/dark.php"), FOLLOWING);
  try {
    configure(configured, { client_id: standIn.secrets.id, low_threshold: "300" });
    await signIn(page, configured);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    const colours = () =>
      card.host.evaluate((element) => {
        const { style } = element;
        const [background, accent] = ["background", "accent"].map((name) => style.getPropertyValue(`--airalo-balance-${name}`));
        return { theme: element.getAttribute("theme"), background, accent };
      });
    const light = { theme: "light", background: "rgb(255, 255, 255)", accent: "rgb(34, 113, 177)" };
    const dark = { theme: "dark", background: "rgb(29, 35, 39)", accent: "rgb(114, 174, 230)" };
    await expect.poll(colours).toEqual(light);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(colours).toEqual(dark);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run("#airalo_balance airalo-balance"));
    expect(violations).toEqual([]);
    await picture(page, "dark-system");
    await page.evaluate(() => document.body.classList.add("night"));
    await expect.poll(colours).toEqual({ theme: "dark", background: "rgb(16, 21, 23)", accent: "rgb(240, 184, 73)" });
    await page.evaluate(() => document.body.classList.remove("night"));
    await page.emulateMedia({ colorScheme: "light" });
    await expect.poll(colours).toEqual(light);
    // A style sheet that a plugin adds later is noticed by the links of the widget.
    await page.addStyleTag({ content: ".postbox { background: #1d2327; } .postbox a { color: #72aee6; }" });
    await expect.poll(colours).toEqual(dark);
  } finally {
    await writeFile(join(configured.root, "wp-content/mu-plugins/dark.php"), "");
  }
});

for (const [name, scheme, isDark] of [...SCHEMES.map((scheme) => [scheme, scheme, false]), ["dark plugin", "midnight", true]]) {
  test(`the card is a part of its widget, and can be read, with ${name}`, async ({ configured, page, standIn }) => {
    await writeFile(join(configured.root, "wp-content/mu-plugins/dark.php"), isDark ? DARK : "");
    configured.php(`update_user_meta(1, "admin_color", "${scheme}"); update_user_meta(1, "show_welcome_panel", 0);`);
    configure(configured, { client_id: standIn.secrets.id, low_threshold: "300" });
    await signIn(page, configured);
    const card = new Card(page);
    await expect(card.amount).toHaveText("$225.35");
    await expect(card.host).toHaveAttribute("theme", isDark ? "dark" : "light");
    const [behind, own] = await card.host.evaluate((element) => [
      getComputedStyle(element.closest(".postbox")).backgroundColor,
      getComputedStyle(element.shadowRoot.querySelector("[part=base]")).backgroundColor,
    ]);
    expect(own).toBe(behind);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run("#airalo_balance airalo-balance"));
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id} at ${target.flat().join(" ")}: ${any[0]?.message}`))).toEqual([]);
    await picture(page, name.replace(" ", "-"));
  });
}
