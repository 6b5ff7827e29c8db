// The hook of the build, called as Trunk calls it, on files that stand for what Trunk has staged.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
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
let instance, calls = 0;
export default async function init(bytes) {
  ({ instance } = await WebAssembly.instantiate(bytes, { url: bytes ?? new URL("airalo-balance_bg.wasm", import.meta.url) }));
  return add(1, 2);
}
export function mount(value) { return value instanceof Window; }
export function knownSnapshot() { return instance.exports.trap(); }
export function mountHistory() {}
export function stopAll() { return (calls += 1); }
export function initSync() { return "never used"; }
`;

/** A WebAssembly whose only function is `trap`, of type () → (), with the body `unreachable`. */
const TRAP = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
  ...[7, 8, 1, 4, 0x74, 0x72, 0x61, 0x70, 0, 0, 10, 5, 1, 3, 0, 0, 0x0b],
);

/** The version in Cargo.toml. */
async function version() {
  const manifest = await readFile(new URL("../Cargo.toml", import.meta.url), "utf8");
  return /^\[workspace\.package\]\nversion = "(.+)"/m.exec(manifest)[1];
}

/** The hashes that a build has written. */
const hashes = async (text) => JSON.parse(await text("integrity.json"));

/** Stages a build, runs the hook on it, and returns how to read what it has left there. */
async function build({ wasm = "wasm", profile = "release" } = {}) {
  const staging = await mkdtemp(join(tmpdir(), "airalo-balance-"));
  folders.push(staging);
  await mkdir(join(staging, "card/snippets"), { recursive: true });
  for (const page of PAGES) await writeFile(join(staging, page), PAGE);
  await mkdir(join(staging, "words"));
  await writeFile(join(staging, "words/de.json"), '{"label":"Verfügbares Guthaben"}');
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

test("the glue makes instances, has its snippets inside and nothing that the class never uses", async () => {
  const { digits, text, load } = await build();
  const path = `card/${digits}/airalo-balance.js`;
  const glue = await text(path);
  assert.ok(!glue.includes("snippets") && !glue.includes("never used"));
  const module = await load(path);
  assert.deepEqual(Object.keys(module), ["createGlue", "shared"]);
  const [one, other] = [module.createGlue(), module.createGlue()];
  assert.deepEqual(Object.keys(one).sort(), ["knownSnapshot", "mount", "mountHistory", "start", "stopAll", "thrown", "users"]);
  assert.deepEqual([await one.start(TRAP), one.stopAll(), one.stopAll(), other.stopAll()], [3, 1, 2, 1]);
});

test("the glue names no file for a bundler to look for", async () => {
  const { digits, text } = await build();
  assert.doesNotMatch(await text(`card/${digits}/airalo-balance.js`), /import\.meta/);
});

test("an instance notes what is thrown out of its WebAssembly, and throws it on", async () => {
  const { digits, load } = await build();
  const { createGlue } = await load(`card/${digits}/airalo-balance.js`);
  const [one, other] = [createGlue(), createGlue()];
  await Promise.all([one.start(TRAP), other.start(TRAP)]);
  const isNoted = (error) => error instanceof WebAssembly.RuntimeError && one.thrown.has(error) && !other.thrown.has(error);
  assert.throws(() => one.knownSnapshot(), isNoted);
});

test("the glue knows the window where a page has a Window of its own", async () => {
  const { digits, load } = await build();
  const { createGlue } = await load(`card/${digits}/airalo-balance.js`);
  const { mount } = createGlue();
  globalThis.Window = class {};
  assert.equal(mount(globalThis), true);
  assert.equal(mount({}), false);
  delete globalThis.Window;
});

test("every language is a module whose default export is its messages", async () => {
  const { load } = await build();
  assert.deepEqual((await load("words/de.js")).default, { label: "Verfügbares Guthaben" });
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
    ["airalo-balance.js", ["configure"]],
    ["airalo-balance-element.js", ["AiraloBalanceElement", "configure", "define", "mount"]],
  ]) {
    const source = await text(file);
    assert.doesNotMatch(source, /\bimport\s*["{]/, file);
    assert.ok(source.includes(":host"), file);
    assert.deepEqual(Object.keys(await load(file)).sort(), names);
  }
});

test("bundlers find every file that the class loads, and leave the one import to the browser that is no literal", async () => {
  const { digits, text } = await build();
  for (const entry of ["airalo-balance.js", "airalo-balance-element.js", "airalo-balance-history.js"]) {
    const source = await text(entry);
    const imports = [...source.matchAll(/\bimport\(([^)]*)\)/g)].map(([, argument]) => argument);
    for (const file of ["airalo-balance.js", "fallback.js"]) assert.ok(imports.includes(`"./card/${digits}/${file}"`), `${entry} ${file}`);
    assert.ok(imports.includes('"./words/de.js"'), entry);
    assert.ok(source.includes(`new URL("./card/${digits}/airalo-balance_bg.wasm",import.meta.url)`), entry);
    const others = imports.filter((argument) => !/^"\.\//.test(argument));
    assert.equal(others.length, 1, entry);
    assert.match(others[0], /@vite-ignore.*webpackIgnore: true/, entry);
  }
});

test("the module for the history is one file and does nothing in Node", async () => {
  const { text, load } = await build();
  assert.doesNotMatch(await text("airalo-balance-history.js"), /\bimport\s*["{]/);
  assert.deepEqual(Object.keys(await load("airalo-balance-history.js")), ["configure", "mountHistory"]);
});

test("the pinned entry is one file with everything inside but the WebAssembly, whose hash it has", async () => {
  const { digits, text, load } = await build();
  const file = "airalo-balance-pinned.js";
  const source = await text(file);
  assert.doesNotMatch(source, /\bimport\s*["{]|\bimport\("/);
  for (const inside of ["createGlue", "Verfügbares Guthaben", "blocks WebAssembly"]) assert.ok(source.includes(inside), inside);
  assert.ok(source.includes((await hashes(text))[`card/${digits}/airalo-balance_bg.wasm`]));
  const names = ["AiraloBalanceElement", "configure", "define", "mount", "mountHistory"];
  assert.deepEqual(Object.keys(await load(file)).sort(), names);
});

test("the documentation is built with the version, and with the hash of the script of this build alone", async () => {
  const { text } = await build();
  assert.ok((await text("docs/index.html")).includes(`Version ${await version()}`));
  const hash = (await hashes(text))["airalo-balance-pinned.js"];
  const page = await text("docs/security.html");
  assert.ok(page.includes(`airalo-balance-pinned.js&quot; integrity=&quot;${hash}&quot;`));
  assert.equal(page.split(hash).length, 2);
});

test("integrity.json has the hash of every file that a page may load for the card, and of no other", async () => {
  const { digits, bytes, text } = await build();
  const written = await hashes(text);
  const entries = ["airalo-balance-element.js", "airalo-balance-history.css", "airalo-balance-history.js", "airalo-balance-pinned.js", "airalo-balance.css", "airalo-balance.js"];
  const files = ["airalo-balance.js", "airalo-balance_bg.wasm", "fallback.js"].map((name) => `card/${digits}/${name}`);
  const presets = ["adminlte", "bootstrap", "coreui", "tabler"].map((name) => `presets/${name}.css`);
  assert.deepEqual(Object.keys(written), [...entries, ...files, ...presets, "words/de.js"]);
  for (const [path, hash] of Object.entries(written)) {
    assert.equal(hash, `sha384-${createHash("sha384").update(await bytes(path)).digest("base64")}`, path);
  }
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
