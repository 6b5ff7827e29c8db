// The plugin from its packed file to its last trace, as an administrator does it: WordPress' own pages, by their labels.

import { join } from "node:path";
import { Card, countsOf, expect, isHere, signIn, Site, test } from "./fixtures.mjs";
import { zip } from "./site.mjs";

test.skip(!isHere(), "WordPress, MariaDB or PHP is not on this machine; `cargo xtask test wordpress` installs them");

const picture = async (page, name) => {
  const folder = process.env.AIRALO_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `wordpress-${name}.png`), fullPage: true });
};

const settingsOf = (site) => `${site.url}wp-admin/options-general.php?page=airalo-balance`;

async function save(page, fields) {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  // WordPress takes `settings-updated` from the address again, so that cannot be waited for.
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Save Changes" }).click();
  await loaded;
  await expect(page.locator(".settings-error").first()).toBeVisible();
}

const notices = (page) => page.locator(".settings-error").allInnerTexts();

test("installed, activated and given the credentials it shows the balance; deleted it leaves nothing", async ({ page, standIn }) => {
  const site = await Site.start();
  try {
    await site.define({ AIRALO_BASE_URL: standIn.url });
    const before = site.php("return array_map('intval', $wpdb->get_col(\"SELECT option_id FROM $wpdb->options\"));");
    await signIn(page, site);
    await page.goto(`${site.url}wp-admin/plugin-install.php?tab=upload`);
    await page.locator("#pluginzip").setInputFiles(zip);
    await page.getByRole("button", { name: "Install Now" }).click();
    await page.getByRole("link", { name: "Activate Plugin" }).click();

    const row = page.locator("tr[data-slug=airalo-balance]");
    await row.getByRole("link", { name: "Settings" }).click();
    await save(page, { "Client ID": standIn.secrets.id, "Client secret": standIn.secrets.secret, "Warn at": "200" });
    expect(await notices(page)).toEqual(expect.arrayContaining([expect.stringContaining("Airalo answers. Available credit: USD 225.35")]));
    expect(await page.content()).not.toContain(standIn.secrets.secret);
    await picture(page, "settings");
    await page.goto(`${site.url}wp-admin/index.php`);
    await expect(new Card(page).amount).toHaveText("$225.35");
    expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 1 });
    expect(Object.keys(site.stored()).length).toBeGreaterThan(0);

    await page.goto(`${site.url}wp-admin/plugins.php`);
    await row.getByRole("link", { name: "Deactivate" }).click();
    page.on("dialog", (dialog) => dialog.accept());
    await row.getByRole("link", { name: "Delete" }).click();
    await expect(page.locator("tr.deleted, tr[data-slug=airalo-balance]:visible")).toHaveCount(1);
    await expect.poll(() => Object.keys(site.stored()).filter((name) => name.includes("airalo_balance"))).toEqual([]);
    const left = site.php("return $wpdb->get_results(\"SELECT option_id, option_name, option_value FROM $wpdb->options\");");
    // WordPress notes by itself which plugins there are and were.
    const ofOthers = ["active_plugins", "recently_activated", "uninstall_plugins"];
    const ours = left.filter(({ option_name: name, option_value: value }) => !ofOthers.includes(name) && !/update_plugins|plugin_slugs/.test(name) && /airalo/i.test(name + value));
    expect(ours.filter(({ option_id: id }) => !before.includes(Number(id)))).toEqual([]);
    expect(site.log).not.toMatch(/PHP [A-Z][\w ]*:.*airalo-balance/);
  } finally {
    await site.stop();
  }
});

test("refused credentials are said on the settings page, with the remedy, and asked for once", async ({ plugin, page, standIn }) => {
  await signIn(page, plugin);
  await page.goto(settingsOf(plugin));
  expect(await notices(page)).toEqual([]);
  await save(page, { "Client ID": standIn.secrets.id, "Client secret": "wrong" });
  expect((await notices(page)).join()).toContain("Airalo refuses these credentials. Compare the client ID and the client secret");
  await page.reload();
  expect((await notices(page)).join()).toContain("Airalo refuses these credentials");
  expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 0 });
  // The right ones are tried at once.
  await save(page, { "Client secret": standIn.secrets.secret });
  expect((await notices(page)).join()).toContain("Airalo answers");
});

test("a refused address and a 429 are told apart on the settings page", async ({ configured, page, standIn }) => {
  await standIn.play("address-refused");
  await signIn(page, configured);
  await page.goto(settingsOf(configured));
  expect((await notices(page)).join()).toContain("Airalo refuses the network address of this server");
  configured.php("delete_transient('airalo_balance_state');");
  await standIn.play("rate-limited");
  await page.reload();
  expect((await notices(page)).join()).toContain("Airalo wants this site to wait");
});

test("a secret that is left empty stays, and goes with the client ID", async ({ configured, page, standIn }) => {
  await signIn(page, configured);
  await page.goto(settingsOf(configured));
  await save(page, { "Warn at": "1000" });
  expect((await notices(page)).join()).toContain("Airalo answers");
  expect(configured.php("return (new Airalo_Balance\\Settings())->client_secret();")).toBe(standIn.secrets.secret);
  await save(page, { "Client ID": "" });
  expect(configured.php("return get_option('airalo_balance');")).toEqual({ low_threshold: "1000" });
});

test("what cannot be an amount or an address is not saved, and the page says so", async ({ configured, page }) => {
  await signIn(page, configured);
  await page.goto(settingsOf(configured));
  await save(page, { "Warn at": "200", "Warn urgently at": "49,50", "Address for top-ups": "https://example.com/a?b=1&c=2" });
  const saved = { low_threshold: "200", critical_threshold: "49.50", top_up_url: "https://example.com/a?b=1&c=2" };
  expect(configured.php("return get_option('airalo_balance');")).toMatchObject(saved);
  await page.locator("form[action='options.php']").evaluate((form) => (form.noValidate = true));
  await save(page, { "Warn at": "<b>much</b>", "Address for top-ups": "javascript:alert(1)" });
  const text = (await notices(page)).join("\n");
  expect(text).toContain("“<b>much</b>” is not an amount");
  expect(text).toContain("has to begin with https:// or http://");
  expect(configured.php("return get_option('airalo_balance');")).toMatchObject(saved);
  await save(page, { "Warn at": "10" });
  expect((await notices(page)).join()).toContain("its amount should be the smaller one");
});

test("constants in wp-config.php take the place of what is saved", async ({ configured, page, standIn }) => {
  const constants = { AIRALO_BASE_URL: standIn.url, AIRALO_CLIENT_ID: standIn.secrets.id };
  configured.php("update_option('airalo_balance', array('client_id' => 'saved', 'low_threshold' => '7'), false);");
  await configured.define(constants);
  await signIn(page, configured);
  await page.goto(settingsOf(configured));
  expect((await notices(page)).join()).toContain("has to define both AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET");
  await configured.define({ ...constants, AIRALO_CLIENT_SECRET: standIn.secrets.secret });
  await page.reload();
  expect((await notices(page)).join()).toContain("Airalo answers");
  expect(await page.content()).not.toContain(standIn.secrets.secret);
  await expect(page.getByLabel("Client ID")).toBeDisabled();
  await save(page, { "Warn at": "8" });
  expect(configured.php("return get_option('airalo_balance');")).toEqual({ client_id: "saved", low_threshold: "8" });
});

test("after other salts the page asks for the secret again", async ({ configured, page }) => {
  configured.php("$option = get_option('airalo_balance'); $option['encrypted_secret'] = Airalo_Balance\\Secret_Box::encrypt('x', 'another'); update_option('airalo_balance', $option);");
  await signIn(page, configured);
  await page.goto(settingsOf(configured));
  expect((await notices(page)).join()).toContain("The saved secret cannot be read any more");
});

test("an address at which the secret would be unencrypted is refused on the settings page", async ({ configured, page }) => {
  await configured.define({ AIRALO_BASE_URL: "http://airalo.example.com" });
  await signIn(page, configured);
  await page.goto(settingsOf(configured));
  expect((await notices(page)).join()).toContain("AIRALO_BASE_URL has to be an https address");
});
