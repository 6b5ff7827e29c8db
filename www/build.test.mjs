// The hook of the build, called as Trunk calls it, on files that stand for what Trunk has staged.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

const hook = fileURLToPath(new URL("build.mjs", import.meta.url));
const folders = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const PAGE = `<head>
    <link rel="modulepreload" href="./card/airalo-balance.js" />

    <link data-trunk rel="rust" href="Cargo.toml"
          data-type="main" />
    
    
  </head>
  <p>Version <!-- version --></p>
`;

const PAGES = ["index.html", "card.html", "history.html"];

const GLUE = `import { add } from "./snippets/add.js";
export default function init() { return add(1, 2); }
export function mount(value) { return value instanceof Window; }
export function knownSnapshot() {}
export function mountHistory() {}
export function stopAll() {}
export function initSync() { return "never imported"; }
`;

/** The version in Cargo.toml. */
async function version() {
  const manifest = await readFile(new URL("../Cargo.toml", import.meta.url), "utf8");
  return /^\[workspace\.package\]\nversion = "(.+)"/m.exec(manifest)[1];
}

/** Stages a build, runs the hook on it, and returns how to read what it has left there. */
async function build({ wasm = "wasm", profile = "release" } = {}) {
  const staging = await mkdtemp(join(tmpdir(), "airalo-balance-"));
  folders.push(staging);
  await mkdir(join(staging, "card/snippets"), { recursive: true });
  for (const page of PAGES) await writeFile(join(staging, page), PAGE);
  await writeFile(join(staging, "card/airalo-balance.js"), GLUE);
  await writeFile(join(staging, "card/airalo-balance_bg.wasm"), wasm);
  await writeFile(join(staging, "card/snippets/add.js"), "export const add = (a, b) => a + b;");
  const env = { ...process.env, TRUNK_STAGING_DIR: staging, TRUNK_PROFILE: profile };
  const { status, stderr } = spawnSync(process.execPath, [hook], { env, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const [digits] = await readdir(join(staging, "card"));
  const bytes = (path) => readFile(join(staging, path));
  return { digits, bytes, text: async (path) => String(await bytes(path)), load: (path) => load(staging, path) };
}

/** Imports a file as Node does; without a package around it, only `.mjs` is a module there. */
async function load(staging, path) {
  const copy = join(staging, `${path}.mjs`);
  await copyFile(join(staging, path), copy);
  return import(pathToFileURL(copy));
}

test("the folder of the card is named after its contents, and both entries and the pages name it", async () => {
  const [one, again, other] = [await build(), await build(), await build({ wasm: "other" })];
  assert.match(one.digits, /^[0-9a-f]{16}$/);
  assert.equal(again.digits, one.digits);
  assert.notEqual(other.digits, one.digits);
  for (const file of ["airalo-balance.js", "airalo-balance-element.js", "airalo-balance-history.js", ...PAGES]) {
    assert.ok((await one.text(file)).includes(`./card/${one.digits}/`), file);
  }
  assert.equal(await one.text(`card/${one.digits}/airalo-balance_bg.wasm`), "wasm");
});

test("the page keeps its hints and loses the tags for Trunk", async () => {
  const { digits, text } = await build();
  assert.equal(
    await text("index.html"),
    `<head>\n    <link rel="modulepreload" href="./card/${digits}/airalo-balance.js" />\n\n  </head>\n  <p>Version ${await version()}</p>\n`,
  );
});

test("the class and the page name the version of Cargo.toml", async () => {
  const { load, text } = await build();
  assert.equal((await load("airalo-balance-element.js")).AiraloBalanceElement.version, await version());
  assert.ok((await text("index.html")).includes(`<p>Version ${await version()}</p>`));
});

test("the glue has its snippets inside and nothing that the class never imports", async () => {
  const { digits, text, load } = await build();
  const path = `card/${digits}/airalo-balance.js`;
  const glue = await text(path);
  assert.ok(!glue.includes("snippets") && !glue.includes("never imported"));
  const module = await load(path);
  assert.deepEqual(Object.keys(module).sort(), ["default", "knownSnapshot", "mount", "mountHistory", "stopAll"]);
  assert.equal(module.default(), 3);
});

test("the glue knows the window where a page has a Window of its own", async () => {
  const { digits, load } = await build();
  const { mount } = await load(`card/${digits}/airalo-balance.js`);
  globalThis.Window = class {};
  assert.equal(mount(globalThis), true);
  assert.equal(mount({}), false);
  delete globalThis.Window;
});

test("the fallback is a file of its own beside the glue, and the class has none of it", async () => {
  const { digits, text, load } = await build();
  const fallback = `card/${digits}/fallback.js`;
  const advice = "your browser or a rule of this page blocks WebAssembly";
  assert.ok((await text(fallback)).includes(advice));
  assert.deepEqual(Object.keys(await load(fallback)).sort(), ["explain", "render"]);
  for (const entry of ["airalo-balance.js", "airalo-balance-element.js"]) {
    assert.ok(!(await text(entry)).includes(advice), entry);
  }
});

test("each entry is one file with the stylesheet inside, and does nothing in Node", async () => {
  const { text, load } = await build();
  for (const [file, names] of [
    ["airalo-balance.js", []],
    ["airalo-balance-element.js", ["AiraloBalanceElement", "define", "mount"]],
  ]) {
    const source = await text(file);
    assert.doesNotMatch(source, /\bimport\s*["{]/, file);
    assert.ok(source.includes(":host"), file);
    assert.deepEqual(Object.keys(await load(file)).sort(), names);
  }
});

test("the module for the history is one file and does nothing in Node", async () => {
  const { text, load } = await build();
  assert.doesNotMatch(await text("airalo-balance-history.js"), /\bimport\s*["{]/);
  assert.deepEqual(Object.keys(await load("airalo-balance-history.js")), ["mountHistory"]);
});

test("a release has compressed copies that hold the same bytes", async () => {
  const { bytes } = await build();
  const original = await bytes("airalo-balance.js");
  assert.deepEqual(brotliDecompressSync(await bytes("airalo-balance.js.br")), original);
  assert.deepEqual(gunzipSync(await bytes("airalo-balance.js.gz")), original);
});

test("a debug build can be read and has no compressed copies", async () => {
  const { bytes, text } = await build({ profile: "debug" });
  assert.match(await text("airalo-balance-element.js"), /\n {2}attributeChangedCallback\(/);
  await assert.rejects(bytes("airalo-balance.js.br"));
});

test("outside Trunk the hook names what to run", () => {
  const env = { ...process.env, TRUNK_STAGING_DIR: "" };
  const { status, stderr } = spawnSync(process.execPath, [hook], { env, encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /run `trunk build`/);
});
