// The texts of the plugin can be translated as those of every plugin are.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { Card, configure, expect, isHere, signIn, test } from "./fixtures.mjs";

const plugin = fileURLToPath(new URL("../../examples/wordpress/airalo-balance/", import.meta.url));

test("every text of the plugin is in the template for translators, and no other one", () => {
  const files = readdirSync(plugin, { recursive: true }).filter((name) => name.endsWith(".php"));
  const code = files.map((name) => readFileSync(join(plugin, name), "utf8")).join("\n");
  const texts = [...code.matchAll(/\b(?:esc_html)?__\(\s*'((?:[^'\\]|\\.)*)', 'airalo-balance' \)/g)].map(([, text]) => text);
  const template = readFileSync(join(plugin, "languages/airalo-balance.pot"), "utf8");
  const entries = [...template.matchAll(/^msgid ((?:".*"\n)+)/gm)].map(([, lines]) => lines.replace(/^"|"$/gm, "").replaceAll("\n", ""));
  expect(entries.filter(Boolean).sort()).toEqual([...new Set(texts)].sort());
  expect(code.match(/__\(/g).length, "a text without the domain").toBe(texts.length);
});

test("a translation is used for whoever has its language", async ({ plugin, page, standIn }) => {
  test.skip(!isHere(), "WordPress, MariaDB or PHP is not on this machine; `cargo xtask test wordpress` installs them");
  plugin.php(`
    require_once ABSPATH . WPINC . '/pomo/mo.php';
    file_put_contents(WP_LANG_DIR . '/de_DE.mo', '');
    $mo = new MO();
    $mo->add_entry(new Translation_Entry(array('singular' => 'Set the credentials', 'translations' => array('Zugangsdaten eintragen'))));
    $mo->add_entry(new Translation_Entry(array('singular' => 'Check the client ID and secret in Settings.', 'translations' => array('In den Einstellungen prüfen.'))));
    $mo->export_to_file(WP_LANG_DIR . '/plugins/airalo-balance-de_DE.mo');
    update_user_meta(1, 'locale', 'de_DE');`);
  try {
    await signIn(page, plugin);
    await expect(page.getByRole("link", { name: "Zugangsdaten eintragen" })).toBeVisible();
    // The card says it too.
    await standIn.play("credentials-refused");
    configure(plugin, { client_id: standIn.secrets.id, client_secret: "wrong" });
    await page.reload();
    await expect(new Card(page).advice).toHaveText("In den Einstellungen prüfen.");
  } finally {
    plugin.php("update_user_meta(1, 'locale', '');");
  }
});
