// The plugin from its packed file to its last trace, as an administrator does it: WordPress' own pages, by their labels.

import { join } from "node:path";
import { Card, configure, countsOf, expect, isHere, signIn, Site, test } from "./fixtures.mjs";
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
    await expect(page.locator("#airalo_balance .hndle")).toHaveText("Airalo Balance");
    expect(await countsOf(standIn)).toEqual({ tokens: 1, balances: 1 });
    expect(Object.keys(site.stored()).length).toBeGreaterThan(0);

    // As a newer version is installed.
    await page.goto(`${site.url}wp-admin/plugin-install.php?tab=upload`);
    await page.locator("#pluginzip").setInputFiles(zip);
    await page.getByRole("button", { name: "Install Now" }).click();
    await page.getByRole("link", { name: "Replace current with uploaded" }).click();
    await expect(page.getByText("Plugin updated successfully.")).toBeVisible();
    await page.goto(settingsOf(site));
    await expect(page.getByLabel("Warn at", { exact: true })).toHaveValue("200");
    expect((await notices(page)).join()).toContain("Airalo answers");

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

test("saving asks Airalo anew, whatever it answered a moment ago, and the page says when that was", async ({ configured, page, standIn }) => {
  await standIn.play("address-refused");
  await signIn(page, configured);
  await page.goto(settingsOf(configured));
  const refusal = /Airalo refuses the network address of this server.* Airalo was asked at \d\d:\d\d:\d\d\. It is asked again from \d\d:\d\d:\d\d on, and whenever you save\./;
  expect((await notices(page)).join()).toMatch(refusal);
  // Somebody has put it right with Airalo. A page that is only opened does not ask before the minute is over.
  await standIn.play("normal");
  const counts = await countsOf(standIn);
  await page.goto(`${settingsOf(configured)}&settings-updated=true`);
  expect((await notices(page)).join()).toMatch(refusal);
  expect(await countsOf(standIn)).toEqual(counts);
  await save(page, {});
  expect((await notices(page)).join()).toMatch(/Airalo answers\. Available credit: USD 225\.35, as of \d\d:\d\d:\d\d\./);
  await standIn.play("error-500");
  await save(page, {});
  expect((await notices(page)).join()).toContain("Airalo could not be reached, or has a trouble of its own. Airalo was asked at");
  expect((await countsOf(standIn)).balances).toBe(counts.balances + 2);
  await page.reload();
  expect((await countsOf(standIn)).balances).toBe(counts.balances + 2);
});

test("saving obeys a Retry-After, and says until when", async ({ configured, page, standIn }) => {
  await standIn.play("rate-limited");
  await signIn(page, configured);
  await page.goto(settingsOf(configured));
  await standIn.play("normal");
  const counts = await countsOf(standIn);
  await save(page, {});
  expect((await notices(page)).join()).toMatch(/Airalo wants this site to wait\. Airalo was asked at [\d:]{8}, and wants to be left alone until [\d:]{8}\./);
  expect(await countsOf(standIn)).toEqual(counts);
  configured.php("set_transient('airalo_balance_state', array('not_before' => time()) + get_transient('airalo_balance_state'), 3600);");
  await save(page, {});
  expect((await notices(page)).join()).toContain("Airalo answers");
});

test("who saves while another process asks Airalo waits for it, and never asks beside it", async ({ admin, configured, standIn }) => {
  await admin.ask();
  // The other one has the lock for longer than anybody waits.
  const [notice, seconds] = configured.php(`
    require_once ABSPATH . 'wp-admin/includes/template.php';
    (new Airalo_Balance\\Lock(60))->acquire(0);
    $started  = microtime(true);
    $settings = new Airalo_Balance\\Settings();
    (new Airalo_Balance\\Account_Report($settings, new Airalo_Balance\\Balance($settings)))->add_notice(true);
    return array(get_settings_errors()[0]['message'], microtime(true) - $started);`);
  expect(notice).toBe("Another process is asking Airalo at this moment. Save again to see its answer.");
  expect(seconds).toBeLessThan(10);
  expect((await countsOf(standIn)).balances).toBe(1);
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
  expect(text).toContain("“<b>much</b>” was not saved, because it is not an amount");
  expect(text).toContain("has to begin with https:// or http://");
  expect(configured.php("return get_option('airalo_balance');")).toMatchObject(saved);
  await save(page, { "Warn at": "10" });
  expect((await notices(page)).join()).toContain("its amount should be the smaller one");
});

/** What becomes of an amount: what is stored, and what is said. */
const enter = (site, amounts) =>
  site.php(`$results = array();
    foreach (json_decode('${JSON.stringify(amounts)}') as $amount) {
      $GLOBALS['wp_settings_errors'] = array();
      $sanitizer = new Airalo_Balance\\Sanitizer(new Airalo_Balance\\Settings());
      $result = $sanitizer->sanitize(array('low_threshold' => $amount));
      // WordPress checks the first option twice.
      if ($sanitizer->sanitize($result) !== $result) $result = array('low_threshold' => 'not stable');
      $results[$amount] = array($result['low_threshold'] ?? '', html_entity_decode(implode(array_column(get_settings_errors(), 'message'))));
    }
    return $results;`);

test("an amount is saved as it was meant, or refused in the words in which it was entered", ({ plugin }) => {
  const right = { 200: "200", "49,50": "49.50", "49.5": "49.5", "1000.00": "1000.00", "0,125": "0.125", "1234.567": "1234.567", "1.2500": "1.2500" };
  for (const [entered, [stored, said]] of Object.entries(enter(plugin, Object.keys(right)))) expect([stored, said], entered).toEqual([right[entered], ""]);
  const refused = {
    "can be read in two ways": ["1,000", "1.000", "12.500", "123,456"],
    "is not an amount": ["1,000.00", "1.000,00", "1,000,000", "1.000.000", "1 000", "$200", "1e3", "007", ".5", "5.", "0.1234567890123456789", "9223372036854775808"],
    "has to be above zero": ["0", "0.00", "-5", "-49,50"],
  };
  for (const [reason, amounts] of Object.entries(refused)) {
    for (const [entered, [stored, said]] of Object.entries(enter(plugin, amounts))) {
      expect(stored, entered).toBe("");
      expect(said, entered).toContain(`“${entered}” was not saved, because it ${reason}`);
    }
  }
});

test("a thousand with a comma keeps the last amount, and each amount is shown as the card reads it", async ({ configured, page }) => {
  await signIn(page, configured);
  await page.goto(settingsOf(configured));
  await save(page, { "Warn at": "1000", "Warn urgently at": "49,5", "Credit limit": "1234567.125" });
  const saved = page.getByText(/^Saved:/);
  await expect(saved).toHaveText(["Saved: USD 1,000.00", "Saved: USD 49.50", "Saved: USD 1,234,567.125"]);
  await save(page, { "Warn at": "2,000" });
  expect((await notices(page)).join()).toContain("“2,000” was not saved, because it can be read in two ways");
  await expect(page.getByLabel("Warn at", { exact: true })).toHaveValue("1000");
  await expect(saved.first()).toHaveText("Saved: USD 1,000.00");
});

test("what the card cannot keep exactly is no balance on the settings page either", async ({ configured, page, standIn }) => {
  await standIn.play("too-precise");
  await signIn(page, configured);
  await expect(new Card(page).title).toHaveText("The answer can’t be read");
  await page.goto(settingsOf(configured));
  expect((await notices(page)).join()).toContain("Airalo answered with something that is not a balance");
  await standIn.play("long-amount");
  await save(page, {});
  expect((await notices(page)).join()).toContain("Available credit: USD 12,345,678,901,234,567.89, as of");
});

test("amounts are exact up to the limits of the card, and no further", ({ plugin }) => {
  const cases = {
    "1234.5": "1,234.50",
    "1e3": "1,000.00",
    "-0.5": "-0.50",
    "1E-18": "0.000000000000000001",
    "1e-19": null,
    "1.500000000000000000000000": "1.50",
    "0e99999999999999999999": "0.00",
    "1e99999999999999999999": null,
    "9223372036854775807": "9,223,372,036,854,775,807.00",
    "9223372036854775808": null,
    "-9223372036854775808": "-9,223,372,036,854,775,808.00",
    "-9223372036854775809": null,
    "0.12345678901234567890123": null,
    "12.": null,
    "01": null,
  };
  const formatted = plugin.php(`return array_map(fn($text) => Airalo_Balance\\Amount::parse($text)?->format(), json_decode('${JSON.stringify(Object.keys(cases))}'));`);
  expect(Object.fromEntries(Object.keys(cases).map((text, at) => [text, formatted[at]]))).toEqual(cases);
  // In French the thousands are parted by what WordPress has as an entity of HTML.
  expect(plugin.php(`$GLOBALS['wp_locale']->number_format = array('thousands_sep' => '&nbsp;', 'decimal_point' => ',');
    return Airalo_Balance\\Amount::parse('1234567.5')->format('EUR');`)).toBe("EUR 1\u00a0234\u00a0567,50");
});

test("a secret that was saved before is deleted where wp-config.php has one, and the page says so", async ({ configured, page, standIn }) => {
  const { id, secret } = standIn.secrets;
  configure(configured, { client_id: id, low_threshold: "7" });
  expect(configured.php("return get_option('airalo_balance');")).toHaveProperty("encrypted_secret");
  await configured.define({ AIRALO_BASE_URL: standIn.url, AIRALO_CLIENT_ID: id });
  await signIn(page, configured);
  // With one of the two alone, the saved one may be wanted again.
  await page.goto(settingsOf(configured));
  expect(configured.php("return get_option('airalo_balance');")).toHaveProperty("encrypted_secret");
  await configured.define({ AIRALO_BASE_URL: standIn.url, AIRALO_CLIENT_ID: id, AIRALO_CLIENT_SECRET: secret });
  await page.reload();
  const said = (await notices(page)).join();
  expect(said).toContain("The secret that was saved here has been deleted");
  expect(said).toContain("Airalo answers");
  expect(configured.php("return get_option('airalo_balance');")).toEqual({ client_id: id, low_threshold: "7" });
  expect(["no", "off"]).toContain(configured.stored().airalo_balance.autoload);
  await page.reload();
  expect((await notices(page)).join()).not.toContain("has been deleted");
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

test("an address with a path is refused for its path, and one without is named on the page", async ({ configured, page, standIn }) => {
  await signIn(page, configured);
  for (const url of [`${standIn.url.replace(/\/$/, "")}/v2`, "https://example.com/v2/", "https://example.com?a=b"]) {
    await configured.define({ AIRALO_BASE_URL: url });
    await page.goto(settingsOf(configured));
    expect((await notices(page)).join(), url).toContain("AIRALO_BASE_URL has to be an address without a path");
    await expect(page.getByText("asked instead of Airalo")).toHaveCount(0);
  }
  await configured.define({ AIRALO_BASE_URL: standIn.url });
  await page.reload();
  const address = standIn.url.replace(/\/$/, "");
  await expect(page.getByText("asked instead of Airalo")).toHaveText(`AIRALO_BASE_URL in wp-config.php has ${address} asked instead of Airalo.`);
  await page.goto(`${configured.url}wp-admin/index.php`);
  await expect(page.locator(".airalo-balance-settings")).toContainText(`Asked instead of Airalo: ${address}`);
});
