// A program of each bundler that imports the package, or a vendored copy of the built card, shows a
// balance.

import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { AMOUNT, copyWasm, expectCards, expectRecovery, install, isOneClass, open, pageWith, run, serve, start } from "./project.mjs";

const module = (src) => `<script type="module" src="${src}"></script>`;
const classic = (src) => `<script src="${src}" defer></script>`;
const ASSETS = { assetBase: "/assets" };

/** Writes pages beside what was built: their names, scripts and the folder of the WebAssembly. */
async function publish(folder, pages) {
  for (const [name, script, options] of pages) await writeFile(join(folder, "dist", name), pageWith(script, options));
}

test("Vite builds the package and a vendored copy, and files that failed are loaded again", async () => {
  const folder = await install("vite");
  await run(folder, "npx", "vite", "build");
  // Its minifier takes `light-dark()` apart, and the colours would be lost where a page has no `color-scheme`.
  const [style] = (await readdir(join(folder, "dist/assets"))).filter((name) => name.endsWith(".css"));
  assert.doesNotMatch(await readFile(join(folder, "dist/assets", style), "utf8"), /var\(--lightningcss/);
  const url = await serve(join(folder, "dist"));
  assert.equal(await isOneClass(await expectCards(url)), true);
  await expectCards(`${url}vendored.html`);
  await expectRecovery(url, /\/assets\/(airalo-balance|fallback)-.*\.js$/);
});

test("Vite's server for development serves the package and a vendored copy", async () => {
  const folder = await install("vite");
  const url = await serve(await start(folder, "vite/bin/vite.js", (port) => ["--port", port, "--strictPort", "--host", "127.0.0.1"]));
  assert.equal(await isOneClass(await expectCards(url)), true);
  await expectCards(`${url}vendored.html`);
});

test("webpack builds the package and a vendored copy, warns of nothing, and files that failed are loaded again", async () => {
  const folder = await install("webpack");
  const output = await run(folder, "npx", "webpack");
  assert.doesNotMatch(output, /warning/i);
  await publish(folder, [
    ["index.html", module("main.js")],
    ["vendored.html", module("vendored.js")],
  ]);
  const url = await serve(join(folder, "dist"));
  assert.equal(await isOneClass(await expectCards(url)), true);
  await expectCards(`${url}vendored.html`);
  await expectRecovery(url, /\/\d+\.js$/);
});

test("esbuild builds modules, whose page names the folder of the WebAssembly", async () => {
  const folder = await install("esbuild");
  const options = ["--bundle", "--format=esm", "--splitting", "--outdir=dist", "--minify"];
  const output = await run(folder, "npx", "esbuild", "main.js", "vendored.js", ...options);
  assert.doesNotMatch(output, /warning/i);
  await publish(folder, [
    ["index.html", module("main.js"), ASSETS],
    ["vendored.html", module("vendored.js"), ASSETS],
  ]);
  await copyWasm(folder, join(folder, "dist/assets"));
  const url = await serve(join(folder, "dist"));
  assert.equal(await isOneClass(await expectCards(url)), true);
  await expectCards(`${url}vendored.html`);
});

test("a card whose WebAssembly a bundler has left behind names the remedy", async () => {
  const folder = await install("esbuild");
  await run(folder, "npx", "esbuild", "main.js", "--bundle", "--format=esm", "--splitting", "--outdir=dist");
  await publish(folder, [["without.html", module("main.js")]]);
  const page = await open(`${await serve(join(folder, "dist"))}without.html`);
  await page.locator("airalo-balance .outdated").first().waitFor();
  const told = page.problems.filter((text) => text.includes("<airalo-balance>"));
  assert.equal(told.length, 1);
  assert.match(told[0], /airalo-balance_bg\.wasm was answered with status 404\. .*asset-base/);
});

test("esbuild builds one classic script, with that folder in an attribute or in `configure`", async () => {
  const folder = await install("esbuild");
  await run(folder, "npx", "esbuild", "classic.js", "--bundle", "--format=iife", "--outdir=dist", "--minify");
  await run(folder, "npx", "esbuild", "vendored.js", "--bundle", "--format=iife", "--outfile=dist/vendored-classic.js");
  await publish(folder, [
    ["classic.html", classic("classic.js")],
    ["vendored-classic.html", classic("vendored-classic.js"), ASSETS],
  ]);
  await copyWasm(folder, join(folder, "dist/assets"));
  await expectCards(`${await serve(join(folder, "dist"))}vendored-classic.html`);
  const page = await expectCards(`${await serve(join(folder, "dist"))}classic.html`);
  const card = page.locator("airalo-balance").first();

  // The program, the class and the glue are one file. An error of the program is none of the card.
  await page.evaluate(() => window.failLater());
  await page.waitForFunction(() => window.seen === 1);
  assert.match(page.problems.pop(), /of the panel/);
  assert.equal((await card.evaluate((element) => element.snapshot)).error, null);

  // An error in the card is, and a card that comes later gets a new instance.
  await card.evaluate((element) => {
    window.createTextNode = Document.prototype.createTextNode;
    Document.prototype.createTextNode = () => {
      throw new Error("not here");
    };
    element.label = "Other";
  });
  await page.locator("airalo-balance .outdated").first().waitFor();
  await page.evaluate(() => {
    Document.prototype.createTextNode = window.createTextNode;
    document.body.replaceChildren(Object.assign(document.createElement("airalo-balance"), { proxyUrl: "/api/balance" }));
  });
  await page.locator(`airalo-balance ${AMOUNT}`).waitFor();
  assert.equal((await card.evaluate((element) => element.snapshot)).error, null);
});

test("Rollup follows the WebAssembly with a plugin, and without it the page names its folder", async () => {
  const folder = await install("rollup");
  const output = await run(folder, "npx", "rollup", "--config");
  assert.doesNotMatch(output, /\(!\)|warn/i);
  await publish(folder, [
    ["index.html", module("main.js")],
    ["vendored.html", module("vendored.js")],
    ["plain.html", module("plain/main.js"), ASSETS],
  ]);
  await copyWasm(folder, join(folder, "dist/assets"));
  const url = await serve(join(folder, "dist"));
  assert.equal(await isOneClass(await expectCards(url)), true);
  await expectCards(`${url}vendored.html`);
  await expectCards(`${url}plain.html`);
});

test("Parcel builds the package and a vendored copy", async () => {
  const folder = await install("parcel");
  await run(folder, "npx", "parcel", "build", "index.html", "vendored.html", "--no-cache", "--no-source-maps");
  const url = await serve(join(folder, "dist"));
  assert.equal(await isOneClass(await expectCards(url)), true);
  await expectCards(`${url}vendored.html`);
});

for (const [bundler, option] of [["Turbopack", "--turbopack"], ["webpack", "--webpack"]]) {
  test(`Next renders the pages on the server and builds them with ${bundler}`, async () => {
    const folder = await install("next");
    await run(folder, "npx", "next", "build", option);
    const url = await serve(await start(folder, "next/dist/bin/next", (port) => ["start", "--port", port, "--hostname", "127.0.0.1"]));
    assert.match(await (await fetch(url)).text(), /<airalo-balance proxy-url="\/api\/balance"><\/airalo-balance>/);
    await expectCards(url);
    await expectCards(`${url}vendored`);
    const rendered = await (await fetch(`${url}component`)).text();
    assert.match(rendered, /<airalo-balance proxy-url="\/api\/balance">USD 225.35<\/airalo-balance>/);
    await expectCards(`${url}component`);
  });
}
