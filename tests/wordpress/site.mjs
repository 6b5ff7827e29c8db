// A WordPress of its own for the tests: Debian's files, MariaDB, and PHP's built-in server with several processes.

import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../e2e/stack.mjs";
import { Database, isHere as databaseIsHere } from "./database.mjs";

/** The files of WordPress, as a package of Debian has them. */
const wordpress = process.env.AIRALO_WORDPRESS ?? "/usr/share/wordpress";

const phpIsHere = () => spawnSync("php", ["-r", "exit(extension_loaded('mysqli') && extension_loaded('curl') ? 0 : 1);"]).status === 0;

export const isHere = () => existsSync(join(wordpress, "wp-settings.php")) && databaseIsHere() && phpIsHere();

/** What `cargo xtask package` makes. */
export const zip = process.env.AIRALO_WORDPRESS_ZIP ?? fileURLToPath(new URL("../../target/pkg/airalo-balance-wordpress.zip", import.meta.url));

const SALTS = ["AUTH_KEY", "SECURE_AUTH_KEY", "LOGGED_IN_KEY", "NONCE_KEY", "AUTH_SALT", "SECURE_AUTH_SALT", "LOGGED_IN_SALT", "NONCE_SALT"];

function expectTrue(value, message) {
  if (value !== true) throw new Error(message);
}

export class Site {
  static password = "correct horse battery";
  log = "";

  static async start() {
    const site = new Site();
    site.folder = await mkdtemp(join(tmpdir(), "airalo-wordpress-"));
    try {
      site.database = await Database.start(site.folder);
      await site.#unpack();
      await site.#serve();
      await site.#install();
    } catch (error) {
      await site.stop();
      throw error;
    }
    return site;
  }

  get root() {
    return join(this.folder, "wordpress");
  }

  async #unpack() {
    // The configuration of Debian's package is for its own server. Akismet speaks to another one.
    const isTaken = (path) => ![".htaccess", "wp-config.php", "akismet"].includes(basename(path));
    await cp(wordpress, this.root, { recursive: true, dereference: true, filter: isTaken });
    await mkdir(join(this.root, "wp-content/mu-plugins"), { recursive: true });
    await mkdir(join(this.root, "wp-content/languages/plugins"), { recursive: true });
    const salts = SALTS.map((name) => `define('${name}', '${randomBytes(32).toString("hex")}');`);
    const lines = [
      "<?php",
      "define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_CHARSET', 'utf8mb4');",
      `define('DB_HOST', 'localhost:${this.database.socket}'); define('DB_COLLATE', '');`,
      ...salts,
      "$table_prefix = 'wp_';",
      "define('WP_DEBUG', true); define('WP_DEBUG_DISPLAY', false); define('WP_DEBUG_LOG', '/dev/stderr');",
      // WordPress' own servers are not asked. This machine is no other one.
      "define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true); define('FS_METHOD', 'direct');",
      // What a test defines.
      "if (is_file(__DIR__ . '/constants.php')) { require __DIR__ . '/constants.php'; }",
      "if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }",
      "require_once ABSPATH . 'wp-settings.php';",
    ];
    await writeFile(join(this.root, "wp-config.php"), lines.join("\n"));
    this.#mysql("CREATE DATABASE wordpress");
  }

  async #serve() {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}/`;
    const settings = ["display_errors=0", "log_errors=1", "upload_max_filesize=8M", "opcache.enable_cli=1", "opcache.revalidate_freq=0"];
    this.child = spawn("php", [...settings.flatMap((one) => ["-d", one]), "-S", `127.0.0.1:${port}`, "-t", this.root], {
      env: { PATH: process.env.PATH, PHP_CLI_SERVER_WORKERS: "8" },
      // A group of its own, because the processes of PHP outlive the first one.
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on("data", (data) => (this.log += data));
    for (let attempt = 0; attempt < 400; attempt += 1) {
      if (await fetch(`${this.url}license.txt`).catch(() => undefined)) return;
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error(`PHP does not answer:\n${this.log}`);
  }

  /** As its own first page does. */
  async #install() {
    const form = { weblog_title: "Travel", user_name: "admin", admin_password: Site.password, admin_password2: Site.password };
    Object.assign(form, { pw_weak: "1", admin_email: "admin@example.com", language: "" });
    const response = await fetch(`${this.url}wp-admin/install.php?step=2`, { method: "POST", body: new URLSearchParams(form) });
    const page = await response.text();
    if (!page.includes("wp-login.php")) throw new Error(`WordPress is not installed:\n${page}\n${this.log}`);
  }

  /** Runs PHP with WordPress loaded; what it returns comes back. */
  php(code) {
    const script = `$_SERVER['HTTP_HOST'] = '${new URL(this.url).host}'; $_SERVER['REQUEST_METHOD'] = 'GET';
      define('WP_ADMIN', true); require '${this.root}/wp-load.php'; require_once ABSPATH . 'wp-admin/includes/admin.php';
      echo "\\0" . json_encode((function () { global $wpdb; ${code} })());`;
    const run = spawnSync("php", ["-d", "display_errors=stderr", "-r", script], { encoding: "utf8" });
    if (run.status !== 0 || !run.stdout.includes("\0")) throw new Error(`PHP has failed:\n${run.stdout}${run.stderr}`);
    return JSON.parse(run.stdout.split("\0").pop() || "null");
  }

  /** As WordPress does with an uploaded file. */
  unpackPlugin() {
    if (existsSync(join(this.root, "wp-content/plugins/airalo-balance"))) return;
    expectTrue(this.php(`WP_Filesystem(); return true === unzip_file('${zip}', WP_PLUGIN_DIR);`), `${zip} cannot be unpacked`);
  }

  /** Everything of the plugin in the table of options, by name. */
  stored() {
    const rows = this.php("return $wpdb->get_results(\"SELECT option_name, option_value, autoload FROM $wpdb->options WHERE option_name LIKE '%airalo%'\");");
    return Object.fromEntries(rows.map((row) => [row.option_name, row]));
  }

  /** Defines constants, as an operator does in wp-config.php. */
  async define(constants) {
    const lines = Object.entries(constants).map(([name, value]) => `define(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
    await writeFile(join(this.root, "constants.php"), `<?php\n${lines.join("\n")}\n`);
  }

  #mysql(statement) {
    const code = `$link = mysqli_connect(null, 'root', '', '', 0, '${this.database.socket}'); mysqli_query($link, '${statement}') || exit(1);`;
    const run = spawnSync("php", ["-r", code], { encoding: "utf8" });
    if (run.status !== 0) throw new Error(`${statement}: ${run.stdout}${run.stderr}`);
  }

  async stop() {
    if (this.child && this.child.exitCode === null) {
      const ended = once(this.child, "exit");
      process.kill(-this.child.pid, "SIGKILL");
      await ended;
    }
    await this.database?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
