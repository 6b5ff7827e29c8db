// The last step of `trunk build` and `trunk serve`: a hook of Trunk.toml.
//
// Trunk has compiled the card, run wasm-bindgen and wasm-opt, and copied the files that pages load
// as they are. This step bundles the class of the element, gives the WebAssembly an address that
// changes with its contents, and in release mode compresses what is sent often.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const www = fileURLToPath(new URL(".", import.meta.url));
const stylesheet = fileURLToPath(new URL("../src/components/card.css", import.meta.url));
const staging = process.env.TRUNK_STAGING_DIR;
// Only published files are minified: readable ones help while working on the card.
const release = process.env.TRUNK_PROFILE === "release";

const ENTRIES = ["airalo-balance.js", "airalo-balance-element.js", "airalo-balance-history.js", "airalo-balance.css"];
const COMPRESSED = [".js", ".wasm", ".css", ".html", ".json", ".svg"];

function stop(problem) {
  console.error(`www/build.mjs: ${problem}`);
  process.exit(1);
}

/** Loads esbuild; installs it from the lock file first where it is missing. */
async function loadEsbuild() {
  if (!existsSync(join(www, "node_modules/esbuild"))) {
    console.log("www/build.mjs: esbuild is missing; running `npm ci --prefix www`");
    // On Windows npm is a script, which only a shell can start.
    const npm = spawnSync("npm", ["ci"], { cwd: www, stdio: "inherit", shell: process.platform === "win32" });
    if (npm.status !== 0) stop("esbuild cannot be installed; run `npm ci --prefix www` and build again");
  }
  return import("esbuild");
}

/** The one version of the card, the proxy and the element. */
async function readVersion() {
  const manifest = await readFile(join(www, "../Cargo.toml"), "utf8");
  const version = /^\[workspace\.package\]\nversion = "([^"]+)"/m.exec(manifest)?.[1];
  return version ?? stop("Cargo.toml names no version in [workspace.package]");
}

/** The oldest supported browsers, which the README names. esbuild rewrites what is too new for one of them. */
const target = ["chrome125", "edge125", "firefox126", "safari17.5"];

const common = { bundle: true, format: "esm", target, charset: "utf8", logLevel: "warning", minify: release };

/** Bundles the glue of wasm-bindgen with its snippets, without the exports that the class never imports. */
async function bundleGlue(esbuild) {
  const contents = `export { default, knownSnapshot, mount, mountHistory, stopAll } from "./airalo-balance.js";`;
  const stdin = { contents, resolveDir: join(staging, "card"), sourcefile: "glue.js" };
  // Put in the place of globals that a page may have replaced.
  const inject = [join(www, "glue/classes.js")];
  const { outputFiles } = await esbuild.build({ ...common, stdin, inject, write: false });
  return outputFiles[0].contents;
}

/** Bundles what the class loads only where the card cannot run. */
async function bundleFallback(esbuild) {
  const entryPoints = [join(www, "element/fallback.js")];
  const { outputFiles } = await esbuild.build({ ...common, entryPoints, write: false });
  return outputFiles[0].contents;
}

/**
 * Moves what the class loads to `card/<16 hex digits of its contents>/`. Servers can let browsers
 * keep what has such an address for ever, and a page never loads a file of another version.
 */
async function moveCard(glue, fallback) {
  const wasm = await readFile(join(staging, "card/airalo-balance_bg.wasm"));
  const digits = createHash("sha256").update(glue).update(wasm).update(fallback).digest("hex").slice(0, 16);
  await rm(join(staging, "card"), { recursive: true });
  const folder = join(staging, "card", digits);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "airalo-balance.js"), glue);
  await writeFile(join(folder, "airalo-balance_bg.wasm"), wasm);
  await writeFile(join(folder, "fallback.js"), fallback);
  return `./card/${digits}/`;
}

/** Has `import css from "…/card.css"` give the text of the stylesheet, which a shadow root needs. */
const stylesheetAsText = (esbuild) => ({
  name: "stylesheet-as-text",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]components[\\/]card\.css$/ }, async ({ path }) => {
      const options = { loader: "css", target, charset: "utf8", minify: release };
      const { code } = await esbuild.transform(await readFile(path, "utf8"), options);
      return { contents: code.trim(), loader: "text", watchFiles: [stylesheet] };
    });
  },
});

async function bundleElement(esbuild, cardFolder, version) {
  await esbuild.build({
    ...common,
    entryPoints: ENTRIES.map((name) => join(www, "element", name)),
    outdir: staging,
    define: { CARD_FOLDER: JSON.stringify(cardFolder), VERSION: JSON.stringify(version) },
    plugins: [stylesheetAsText(esbuild)],
  });
}

/** Names the card's folder in the hints of a page and its version, and removes the tags that are only for Trunk. */
async function finishPage(name, cardFolder, version) {
  const path = join(staging, name);
  const page = await readFile(path, "utf8");
  const finished = page
    .replaceAll("./card/airalo-balance", `${cardFolder}airalo-balance`)
    .replaceAll("<!-- version -->", version)
    .replace(/<link data-trunk\b[^>]*>/g, "")
    .replace(/\n(?:[ \t]*\n){2,}/g, "\n\n");
  await writeFile(path, finished);
}

/** Writes `.br` and `.gz` beside each file, so that a server sends them without any work. */
async function compressAll() {
  const entries = await readdir(staging, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && COMPRESSED.includes(extname(entry.name)));
  const compress = async ({ parentPath, path, name }) => {
    const file = join(parentPath ?? path, name);
    const bytes = await readFile(file);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, { params }));
    await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
  };
  await Promise.all(files.map(compress));
}

if (!staging) stop("TRUNK_STAGING_DIR is not set; run `trunk build`, which calls this step");
try {
  const esbuild = await loadEsbuild();
  const cardFolder = await moveCard(await bundleGlue(esbuild), await bundleFallback(esbuild));
  const version = await readVersion();
  await bundleElement(esbuild, cardFolder, version);
  for (const name of ["index.html", "card.html", "history.html"]) await finishPage(name, cardFolder, version);
  if (release) await compressAll();
} catch (error) {
  stop(error.errors ? "esbuild cannot bundle the files; its messages are above" : error.stack);
}
