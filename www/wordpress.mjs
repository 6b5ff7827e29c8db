// The plugin for WordPress, with the built card in it: `node www/wordpress.mjs`, which `cargo xtask package` calls.
// It writes `pkg/airalo-balance-wordpress.zip`, as WordPress' own page “Upload Plugin” wants it.

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { readVersion } from "./bundle.mjs";
import { writeZip } from "./zip.mjs";

const project = fileURLToPath(new URL("..", import.meta.url));
const [out = join(project, "pkg"), dist = join(project, "dist")] = process.argv.slice(2);
const plugin = join(project, "examples/wordpress/airalo-balance");

/** What of `dist/` the card on the dashboard loads. */
const CARD = ["airalo-balance.js", "airalo-balance.css", "card", "words"];

/** The copies that a server sends compressed are left out. */
const isOriginal = (path) => !/\.(br|gz)$/.test(path);

/** The files of a folder, or the file itself, by their paths below `base`. */
async function filesOf(path, base) {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  const files = entries ? entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name)) : [path];
  return files.filter(isOriginal).map((file) => [relative(base, file).split(sep).join("/"), file]);
}

if (!existsSync(join(dist, "airalo-balance.js"))) throw new Error(`${dist} holds no card; run \`cargo xtask build\``);
const card = (await Promise.all(CARD.map((name) => filesOf(join(dist, name), dist)))).flat();
const files = [
  ...(await filesOf(plugin, plugin)),
  ...card.map(([name, file]) => [`card/${name}`, file]),
  ...["LICENSE-APACHE", "LICENSE-MIT"].map((name) => [name, join(project, name)]),
];

const version = await readVersion();
const contents = {};
for (const [name, file] of files.sort()) contents[`airalo-balance/${name}`] = await readFile(file);
const header = contents["airalo-balance/airalo-balance.php"].toString();
for (const stated of [` * Version:           ${version}\n`, `const VERSION     = '${version}';`]) {
  if (!header.includes(stated)) throw new Error(`airalo-balance.php does not state the version ${version}, as Cargo.toml does`);
}
console.log(await writeZip(out, "airalo-balance-wordpress.zip", contents));
