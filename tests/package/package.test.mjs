// The packed file itself: what is in it, and that it does what a package should.

import assert from "node:assert/strict";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { expectCards, install, open, run, serve, tarball, pageWith } from "./project.mjs";

const PRESETS = ["adminlte", "bootstrap", "coreui", "tabler"].map((name) => `presets/${name}.css`);
const STYLESHEETS = ["airalo-balance.css", "airalo-balance-history.css", ...PRESETS];

let project;
let folder;

before(async () => {
  project = await install("lint");
  folder = join(project, "node_modules/airalo-balance");
});

const manifest = async () => JSON.parse(await readFile(join(folder, "package.json"), "utf8"));

/** The address of a page of the project with two cards and these scripts. */
async function publish(name, scripts) {
  await writeFile(join(project, name), pageWith(scripts));
  return `${await serve(project)}${name}`;
}

test("nothing is in it that a page or a program does not load, and each file once", async () => {
  const files = (await run(project, "tar", "-tzf", tarball)).trim().split("\n").map((path) => path.replace(/^package\//, ""));
  const [digits] = files.map((path) => /^card\/([0-9a-f]{16})\//.exec(path)?.[1]).filter(Boolean);
  const left = files.filter((path) => !/^words\/[\w-]+\.js$|^airalo-balance-[A-Z2-7]{8}\.js$|\.d\.ts$/.test(path));
  const expected = [
    ...["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", ...STYLESHEETS],
    ...["airalo-balance.js", "airalo-balance-pinned.js", "element.js", "history.js", "index.js", "integrity.json"],
    ...["airalo-balance.js", "airalo-balance_bg.wasm", "fallback.js"].map((name) => `card/${digits}/${name}`),
  ];
  for (const path of expected) assert.ok(left.includes(path), path);
  const others = left.filter((path) => !expected.includes(path) && !["custom-elements.json", "react.js"].includes(path));
  assert.deepEqual(others, []);
});

test("everything that it exports is there", async () => {
  const { exports } = await manifest();
  const targets = Object.values(exports).flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)));
  for (const target of targets) assert.ok(existsSync(join(folder, target)), target);
});

test("importing any module in Node does nothing and throws nothing", async () => {
  const { exports } = await manifest();
  const isModule = ([, target]) => /\.js$/.test(target.default ?? target);
  const modules = Object.entries(exports).filter(isModule).map(([path]) => `airalo-balance${path.slice(1)}`);
  assert.ok(modules.length >= 5);
  const script = `
    const before = Reflect.ownKeys(globalThis).length;
    for (const name of ${JSON.stringify(modules)}) {
      const module = await import(name);
      module.configure?.({ assetBase: "/assets" });
      module.define?.();
    }
    console.log(Reflect.ownKeys(globalThis).length - before, process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate|TCP/.test(name)).length);`;
  await writeFile(join(project, "import.mjs"), script);
  assert.equal((await run(project, process.execPath, "import.mjs")).trim(), "0 0");
});

test("a program that does not use the class has none of it, and one that registers it has", async () => {
  const esbuild = join(await install("esbuild"), "node_modules/.bin/esbuild");
  const bundle = async (source) => {
    await writeFile(join(project, "program.mjs"), source);
    return run(project, esbuild, "program.mjs", "--bundle", "--format=esm", "--tree-shaking=true", "--log-level=warning");
  };
  assert.doesNotMatch(await bundle('import { mount } from "airalo-balance/element";'), /attachShadow/);
  assert.match(await bundle('import "airalo-balance";'), /attachShadow/);
});

test("as one script it runs from any folder of a server, as the package's own README says", async () => {
  await expectCards(await publish("script.html", '<script type="module" src="/node_modules/airalo-balance/airalo-balance.js"></script>'));
});

test("copied alone the script says that its files are not there", async () => {
  await mkdir(join(project, "alone"), { recursive: true });
  await cp(join(folder, "airalo-balance.js"), join(project, "alone/airalo-balance.js"));
  const page = await open(await publish("alone.html", '<script type="module" src="/alone/airalo-balance.js"></script>'));
  await page.waitForFunction(() => document.querySelector("airalo-balance").snapshot?.error?.code === "unsupported");
  const said = page.problems.filter((text) => text.includes("<airalo-balance> cannot run here"));
  assert.equal(said.length, 1, page.problems.join("\n"));
  const [digits] = await readdir(join(folder, "card"));
  assert.ok(said[0].includes(`/alone/card/${digits}/airalo-balance.js does not load. It is not there, or script-src of the page's policy forbids it.`), said[0]);
  assert.ok(said[0].includes("The script needs its whole folder, with card/ and words/."), said[0]);
});

test("its modules run in a browser without a bundler, by an import map", async () => {
  const map = JSON.stringify({ imports: { "airalo-balance": "/node_modules/airalo-balance/index.js" } });
  await expectCards(await publish("map.html", `<script type="importmap">${map}</script><script type="module">import "airalo-balance";</script>`));
});

test("the history has its looks from the stylesheet of the package", async () => {
  const map = JSON.stringify({ imports: { "airalo-balance/history": "/node_modules/airalo-balance/history.js" } });
  const { exports } = await manifest();
  const stylesheet = exports["./airalo-balance-history.css"].default;
  const scripts = `<link rel="stylesheet" href="/node_modules/airalo-balance/${stylesheet}"><script type="importmap">${map}</script>
    <main></main><script type="module">
      import { mountHistory } from "airalo-balance/history";
      await mountHistory("main", { url: "/api/balance/history?days=30" });
    </script>`;
  await writeFile(join(project, "history.html"), `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">${scripts}`);
  const page = await open(`${await serve(project)}history.html`);
  await page.locator(".bars").waitFor();
  const looks = await page.evaluate(() => {
    const fill = (selector) => getComputedStyle(document.querySelector(`main ${selector}`)).fill;
    const drawings = [...document.querySelectorAll("main svg")].map((svg) => svg.getBoundingClientRect());
    return {
      fills: [".area", ".line", ".credits", ".bars"].map(fill),
      heights: drawings.map(({ height }) => height),
      scrolls: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    };
  });
  assert.equal(looks.scrolls, false);
  assert.deepEqual(looks.heights, [208, 112]);
  const [area, line, credits, bars] = looks.fills;
  assert.deepEqual([line, credits, bars], ["none", "none", "rgb(47, 91, 234)"]);
  assert.match(area, / \/ 0\.12\)$/);
  assert.deepEqual(page.problems, []);
});

test("publint finds nothing", async () => {
  assert.match(await run(project, "npx", "publint", "run", folder, "--strict"), /All good!/);
});

test("the types are right for every way to resolve them", async () => {
  // What pages load, or other programs read, but no module imports.
  const files = ["airalo-balance_bg.wasm", "airalo-balance.js", "airalo-balance-pinned.js", "custom-elements.json", ...STYLESHEETS];
  // A package of modules cannot be required by Node before 20.19; nothing else is left out.
  await run(project, "npx", "attw", tarball, "--profile", "esm-only", "--format", "table-flipped", "--exclude-entrypoints", ...files);
});
