// How the class of the element is bundled: for the pages that load it (`build.mjs`) and for the npm
// package (`package.mjs`).

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { integrityOf } from "./integrity.mjs";

/** The stylesheets that give the card the looks of a panel, one for each. */
export const PRESETS = ["adminlte", "bootstrap", "coreui", "tabler"].map((name) => `presets/${name}.css`);

/** Every stylesheet for pages. */
export const STYLESHEETS = ["airalo-balance.css", "airalo-balance-history.css", ...PRESETS];

export const www = fileURLToPath(new URL(".", import.meta.url));
const stylesheet = fileURLToPath(new URL("../src/components/card.css", import.meta.url));

/** What a build needs of `package.json`. */
const PACKAGES = ["esbuild", "marked", "github-slugger", "admin-lte", "@tabler/core", "@coreui/coreui"];

/** Loads esbuild; installs the packages from the lock file first where one is missing. */
export async function loadEsbuild() {
  const missing = PACKAGES.filter((name) => !existsSync(join(www, "node_modules", name)));
  if (missing.length > 0) {
    console.log(`missing: ${missing.join(", ")}; running \`npm ci --omit=dev --prefix www\``);
    // On Windows npm is a script, which only a shell can start.
    const npm = spawnSync("npm", ["ci", "--omit=dev"], { cwd: www, stdio: "inherit", shell: process.platform === "win32" });
    if (npm.status !== 0) throw new Error("they cannot be installed; run `npm ci --omit=dev --prefix www` and build again");
  }
  return import("esbuild");
}

/** The one version of the card, the proxy and the element. */
export async function readVersion() {
  const manifest = await readFile(join(www, "../Cargo.toml"), "utf8");
  const version = /^\[workspace\.package\]\nversion = "([^"]+)"/m.exec(manifest)?.[1];
  if (!version) throw new Error("Cargo.toml names no version in [workspace.package]");
  return version;
}

/** The oldest supported browsers, which the README names. esbuild rewrites what is too new for one of them. */
const target = ["chrome125", "edge125", "firefox126", "safari17.5"];

export const COMMON = { bundle: true, format: "esm", target, charset: "utf8", logLevel: "warning" };

/** Has `import css from "…/card.css"` give the text of the stylesheet, which a shadow root needs. */
const stylesheetAsText = (esbuild, minify) => ({
  name: "stylesheet-as-text",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]components[\\/]card\.css$/ }, async ({ path }) => {
      const options = { loader: "css", target, charset: "utf8", minify };
      const { code } = await esbuild.transform(await readFile(path, "utf8"), options);
      return { contents: code.trim(), loader: "text", watchFiles: [stylesheet] };
    });
  },
});

/** Leaves what the class loads later in its files: each literal `import()` names the address of one. */
const addressesOfFiles = (cardFolder) => ({
  name: "addresses-of-files",
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ path, kind }) => {
      if (kind !== "dynamic-import") return undefined;
      const name = basename(path);
      const address = path.startsWith("../words/") ? `./words/${name.replace(/json$/, "js")}` : `${cardFolder}${name}`;
      return { path: address, external: true };
    });
  },
});

/** Takes all of it along, but for the WebAssembly. The glue is no file of the sources. */
const filesInside = (folder) => ({
  name: "files-inside",
  setup(build) {
    build.onResolve({ filter: /^\.\/card\/airalo-balance\.js$/ }, () => ({ path: join(folder, "airalo-balance.js") }));
  },
});

/** esbuild removes the comments by which other bundlers leave an `import()` to the browser. */
const withComments = (script) =>
  script.replace(/\bimport\((?=[\w$])/g, "import(/* @vite-ignore *//* webpackIgnore: true */");

/**
 * Bundles entries of the class, whose files lie in `card/<digits>/` and `words/` beside it. The options
 * are those of esbuild: entryPoints, outdir, minify and what else differs. With `isWhole` each entry is
 * one file, for which only the WebAssembly lies there.
 */
export async function bundleClass(esbuild, digits, { plugins: others = [], ...options }, { isWhole = false } = {}) {
  const cardFolder = `./card/${digits}/`;
  const built = join(options.outdir, cardFolder);
  const constants = {
    VERSION: await readVersion(),
    BUILD: digits,
    GLUE_FILE: `${cardFolder}airalo-balance.js`,
    WASM_FILE: `${cardFolder}airalo-balance_bg.wasm`,
    WASM_INTEGRITY: integrityOf(await readFile(join(built, "airalo-balance_bg.wasm"))),
  };
  const define = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]));
  const files = isWhole ? filesInside(built) : addressesOfFiles(cardFolder);
  const plugins = [stylesheetAsText(esbuild, options.minify), files, ...others];
  const { outputFiles } = await esbuild.build({ ...COMMON, write: false, define, plugins, ...options });
  for (const { path, text } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, withComments(text));
  }
}
