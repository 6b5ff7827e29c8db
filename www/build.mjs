// The last step of `trunk build` and `trunk serve`: a hook of Trunk.toml.
//
// Trunk has compiled the card, run wasm-bindgen and wasm-opt, and copied the files that pages load
// as they are. This step bundles the class of the element, gives the WebAssembly an address that
// changes with its contents, and in release mode compresses what is sent often.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { bundleClass, COMMON, loadEsbuild, readVersion, STYLESHEETS, www } from "./bundle.mjs";
import { PINNED_ENTRY, writeIntegrity } from "./integrity.mjs";

const staging = process.env.TRUNK_STAGING_DIR;
// Only published files are minified: readable ones help while working on the card.
const release = process.env.TRUNK_PROFILE === "release";

const ENTRIES = ["airalo-balance.js", "airalo-balance-element.js", "airalo-balance-history.js", ...STYLESHEETS];
const PAGES = ["index.html", "card.html", "history.html"];
const COMPRESSED = [".js", ".wasm", ".css", ".html", ".json", ".svg"];

function stop(problem) {
  console.error(`www/build.mjs: ${problem}`);
  process.exit(1);
}

const common = { ...COMMON, minify: release };

/**
 * Bundles the glue of wasm-bindgen with its snippets, without the exports that the class never uses.
 * It keeps its instance in variables of the module. As a function it makes an instance with each call,
 * in whatever file a bundler puts it.
 */
async function bundleGlue(esbuild) {
  const names = "knownSnapshot, mount, mountHistory, stopAll";
  const contents = `import start, { ${names} } from "./airalo-balance.js"; Object.assign(glue, { start, ${names} });`;
  const stdin = { contents, resolveDir: join(staging, "card"), sourcefile: "glue.js" };
  // Put in the place of globals that a page may have replaced, or that the class has to know more of.
  const inject = ["classes.js", "web-assembly.js"].map((name) => join(www, "glue", name));
  // The class passes the WebAssembly, so the glue never looks for it; a bundler would.
  const define = { "import.meta.url": "undefined" };
  const options = { ...common, format: "iife", stdin, inject, define, write: false };
  const [{ text }] = (await esbuild.build(options)).outputFiles;
  return `export const shared={};export function createGlue(){const glue={thrown:new WeakSet,users:new Set};${text.trim()}return glue}\n`;
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
  return digits;
}

/** Makes a module of each file of messages. */
async function writeWords() {
  const folder = join(staging, "words");
  const words = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  for (const name of words) {
    const messages = JSON.parse(await readFile(join(folder, name), "utf8"));
    await writeFile(join(folder, name.replace(/json$/, "js")), `export default ${JSON.stringify(messages)};\n`);
    await rm(join(folder, name));
  }
}

/** Names the card's folder in the hints of a page and its version, and removes the tags that are only for Trunk. */
async function finishPage(name, { digits, version }) {
  const path = join(staging, name);
  const page = await readFile(path, "utf8");
  const finished = page
    .replaceAll("./card/airalo-balance", `./card/${digits}/airalo-balance`)
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
  const digits = await moveCard(await bundleGlue(esbuild), await bundleFallback(esbuild));
  await writeWords();
  const sources = (names) => names.map((name) => join(www, "element", name));
  await bundleClass(esbuild, digits, { entryPoints: sources(ENTRIES), outdir: staging, minify: release });
  await bundleClass(esbuild, digits, { entryPoints: sources([PINNED_ENTRY]), outdir: staging, minify: release }, { isWhole: true });
  const version = await readVersion();
  const { [PINNED_ENTRY]: integrity } = await writeIntegrity(staging, [...ENTRIES, PINNED_ENTRY]);
  for (const name of PAGES) await finishPage(name, { digits, version });
  // Its packages may have been installed just now.
  const { writeDocs } = await import("./docs.mjs");
  const { writePanels } = await import("./docs/panels.mjs");
  await writeDocs(staging, version, (page) => page.replaceAll("integrity=&quot;sha384-…", `integrity=&quot;${integrity}`));
  await writePanels(staging);
  if (release) await compressAll();
} catch (error) {
  stop(error.errors ? "esbuild cannot bundle the files; its messages are above" : error.stack);
}
