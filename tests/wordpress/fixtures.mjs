// WordPress once for all tests, and for each of them the plugin as if it had just been installed.

import { test as base } from "../e2e/servers/servers.mjs";
import { Card, expect, stop } from "../e2e/stack.mjs";
import { isHere, Site } from "./site.mjs";

export { Card, expect, isHere, Site, stop };

/** What the card sends, besides the nonce. */
const CARD_HEADERS = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest", "X-Airalo-Widget": "1" };

/** Somebody who is signed in, without a browser. */
export class User {
  static async signIn(site, name, password = Site.password) {
    const user = new User();
    user.site = site;
    const form = new URLSearchParams({ log: name, pwd: password, testcookie: "1" });
    const headers = { Cookie: "wordpress_test_cookie=WP%20Cookie%20check" };
    const response = await fetch(`${site.url}wp-login.php`, { method: "POST", body: form, headers, redirect: "manual" });
    user.cookie = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
    user.nonce = (await (await user.open("wp-admin/admin-ajax.php?action=rest-nonce")).text()).trim();
    expect(user.nonce).toMatch(/^[0-9a-f]{10}$/);
    return user;
  }

  open(path, options = {}) {
    return fetch(this.site.url + path, { ...options, headers: { Cookie: this.cookie, ...options.headers } });
  }

  /** Asks as the card does. A header that is `undefined` is not sent. */
  async ask(headers = {}) {
    const sent = { ...CARD_HEADERS, Cookie: this.cookie, "X-WP-Nonce": this.nonce, ...headers };
    for (const name of Object.keys(sent)) if (sent[name] === undefined) delete sent[name];
    const response = await fetch(`${this.site.url}wp-json/airalo-balance/v1/balance`, { headers: sent });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

export const test = base.extend({
  site: [
    async ({}, use) => {
      const site = await Site.start();
      await use(site);
      await site.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],

  /** The site with the plugin unpacked, active and without settings; Airalo is the stand-in. */
  plugin: async ({ site, standIn }, use) => {
    await site.define({ AIRALO_BASE_URL: standIn.url });
    site.unpackPlugin();
    site.php(`
      $wpdb->query("DELETE FROM $wpdb->options WHERE option_name LIKE '%airalo\\_balance%'");
      activate_plugin('airalo-balance/airalo-balance.php');
      if (!username_exists('editor')) {
        wp_insert_user(array('user_login' => 'editor', 'user_pass' => '${Site.password}', 'role' => 'editor'));
      }
    `);
    site.log = "";
    await use(site);
    expect(site.log, "PHP has complained about the plugin").not.toMatch(/PHP [A-Z][\w ]*:.*airalo-balance/);
  },

  /** The same with the credentials of the stand-in. */
  configured: async ({ plugin, standIn }, use) => {
    configure(plugin, { client_id: standIn.secrets.id, client_secret: standIn.secrets.secret });
    await use(plugin);
  },

  /** An administrator of that site. */
  admin: async ({ configured }, use) => {
    await use(await User.signIn(configured, "admin"));
  },
});

/** Saves settings as the settings page does. */
export function configure(site, fields) {
  site.php(`$sanitizer = new Airalo_Balance\\Sanitizer(new Airalo_Balance\\Settings());
    update_option('airalo_balance', $sanitizer->sanitize(json_decode('${JSON.stringify(fields)}', true)), false);`);
}

/** Has Airalo be asked for the next answer, as if a minute had passed. */
export function expire(site) {
  site.php("set_transient('airalo_balance_state', array('due' => 0) + get_transient('airalo_balance_state'), 3600);");
}

/** Makes the last balance this many seconds older. */
export function age(site, seconds) {
  site.php(`$state = get_transient('airalo_balance_state');
    set_transient('airalo_balance_state', array('due' => 0, 'fetched_at' => $state['fetched_at'] - ${seconds}) + $state, 3600);`);
}

/** Signs in on WordPress' own page. */
export async function signIn(page, site, name = "admin") {
  await page.goto(`${site.url}wp-login.php`);
  await page.locator("#user_login").fill(name);
  await page.locator("#user_pass").fill(Site.password);
  await page.locator("#wp-submit").click();
  await page.waitForURL(/wp-admin/);
}

export const countsOf = async (standIn) => {
  const { token_requests: tokens, balance_requests: balances } = (await standIn.state()).counts;
  return { tokens, balances };
};
