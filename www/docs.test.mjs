// The documentation says what the source says, and none of its links leads nowhere.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { outdated, pages, read, renderSite, writeDocs } from "./docs.mjs";
import { messages, updateMessageTypes, variables } from "./docs/generated.mjs";
import { render } from "./docs/markdown.mjs";
import { NAVIGATION } from "./docs/navigation.mjs";
import { PANELS, panelPage, writePanels } from "./docs/panels.mjs";
import { extract, sourceOf, updateBlocks } from "./docs/snippets.mjs";

const project = fileURLToPath(new URL("..", import.meta.url));
const all = await pages();
const { html } = await renderSite("1.2.3");
const inMenu = NAVIGATION.flatMap(([, names]) => names);

test("code of examples and tables of the source are on the pages as they are there", async () => {
  const files = (await outdated()).map(({ file }) => file);
  assert.deepEqual(files, [], "run `node www/docs.mjs --update`");
});

test("every page is in the menu", async () => {
  const names = (await readdir(join(project, "docs"))).filter((name) => name.endsWith(".md"));
  for (const name of names) assert.ok(inMenu.includes(name.replace(/\.md$/, "")), `www/docs/navigation.mjs lacks ${name}`);
});

/** The links of Markdown, without those in code. */
const linksOf = (markdown) => {
  const text = markdown.replace(/^```[^]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, href]) => href);
};

test("every link of the Markdown leads to a file and a heading", async () => {
  const files = ["README.md", "CONTRIBUTING.md", ...all.map(({ file }) => file)];
  const anchors = async (file) => render((await read(file)).replace(/^<[^]*?>$/gm, ""), file).headings.map(({ id }) => id);
  for (const file of files) {
    for (const href of linksOf(await read(file))) {
      if (/^[a-z]+:/.test(href)) continue;
      const [path, anchor] = href.split("#");
      const target = path ? posix.normalize(posix.join(posix.dirname(file), path)) : file;
      assert.ok(existsSync(join(project, target)), `${file} leads to ${href}`);
      if (anchor) assert.ok((await anchors(target)).includes(anchor), `${file} leads to ${href}`);
    }
  }
});

test("every link of a page leads to a page, a file and a heading of the site", async () => {
  const folder = await mkdtemp(join(tmpdir(), "airalo-balance-docs-"));
  try {
    await writeDocs(folder, "1.2.3", (page) => page);
    await writePanels(folder);
    const ids = new Map();
    for (const [name, text] of html) ids.set(name, [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const [name, text] of html) {
      assert.equal(new Set(ids.get(name)).size, ids.get(name).length, `${name} has an id twice`);
      for (const [, href] of text.matchAll(/(?:href|src)="([^"]+)"/g)) {
        if (/^[a-z]+:/.test(href)) continue;
        const [path, anchor] = href.split("#");
        const target = posix.normalize(path || name);
        const ofSite = target === "../index.html" ? "index.html" : `www/site/${target.slice("../".length)}`;
        const isWritten = !target.startsWith("../") || target.startsWith("../panels/");
        const there = existsSync(isWritten ? join(folder, "docs", target) : join(project, ofSite));
        assert.ok(there, `${name} leads to ${href}`);
        if (anchor) assert.ok(ids.get(target)?.includes(anchor), `${name} leads to ${href}`);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("every link of the front page into the documentation leads to a page and a heading, or a file", async () => {
  const { files } = await renderSite("1.2.3");
  const links = [...(await read("index.html")).matchAll(/href="\.\/docs\/([^"#]+)#?([^"]*)"/g)];
  assert.ok(links.length > 3);
  for (const [, path, anchor] of links) {
    const file = /^files\/(.*)\.txt$/.exec(path)?.[1];
    assert.ok(file ? files.has(file) : html.has(path), `the front page leads to ${path}`);
    if (anchor) assert.ok(html.get(path).includes(` id="${anchor}"`), `the front page leads to ${path}#${anchor}`);
  }
});

/** The files beside an example that it imports, requires or reads. */
const neededBy = (text) =>
  [/from "(\.[^"]+)"/g, /__DIR__ \. '(\/[^']+)'/g, /"proxyConfig": "([^"]+)"/g, /new URL\("(\.[^"]+)"/g]
    .flatMap((pattern) => [...text.matchAll(pattern)].map(([, path]) => path.replace(/^\//, "./")))
    .filter((path) => /\.\w+$/.test(path) && !path.startsWith("./dist-server/"));

test("an example that comes with the documentation comes with what it needs, and without what is installed", async () => {
  const { files } = await renderSite("1.2.3");
  for (const file of ["hosts/serve.mjs", "hosts/package.json", "servers/node/package.json", "servers/python/requirements.txt"]) {
    assert.ok(files.has(`examples/${file}`), file);
  }
  let needed = 0;
  for (const file of files) {
    assert.doesNotMatch(file, /node_modules|package-lock|__pycache__|\/dist\/|\/\./);
    if (!/^examples\/(?:hosts|servers)\//.test(file)) continue;
    for (const path of neededBy(await read(file))) {
      needed += 1;
      assert.ok(files.has(posix.join(posix.dirname(file), path)), `${file} needs ${path}`);
    }
  }
  assert.ok(needed > 15, `only ${needed} are looked at`);
});

test("a panel of the site is its example, with the versions of its stylesheets", async () => {
  const packages = async (file) => JSON.parse(await read(file)).dependencies;
  const [ofSite, ofExamples] = [await packages("www/package.json"), await packages("examples/hosts/package.json")];
  for (const [name, { stylesheet }] of Object.entries(PANELS)) {
    const [, library] = /^((?:@\w+\/)?[\w-]+)\//.exec(stylesheet);
    assert.equal(ofSite[library], ofExamples[library], library);
    const example = await read(`examples/hosts/${name}/index.html`);
    const page = panelPage(example, name);
    assert.doesNotMatch(page, /(?:href|src)="\/|\/api\/|docs:/, name);
    assert.ok(page.includes('proxy-url="../canned/history"') && page.includes("Sold today"), name);
    assert.throws(() => panelPage(example.replaceAll("/api/balance", "/api/other"), name), /has no/);
  }
});

test("a page has its version, needs nothing of another server, and no script or style is in it", () => {
  for (const [name, text] of html) {
    assert.ok(text.includes("Version 1.2.3"), name);
    assert.doesNotMatch(text, /<(?:link|script|img|iframe)\b[^>]*(?:href|src)="(?:https?:|\/)/, name);
    assert.doesNotMatch(text, /<style|<script(?![^>]* src=)| style="| on[a-z]+="/, name);
  }
});

test("a block is the region of its file, without the indentation that all lines have", async () => {
  const file = "a\n  <!-- docs:card -->\n  <b>\n    1\n  </b>\n  <!-- docs:end -->\n  // docs:more\n  x\n  // docs:end\n  # docs:card\n\n  last\n  # docs:end\n";
  assert.equal(extract(file, "card"), "<b>\n  1\n</b>\n\n\nlast");
  assert.equal(extract(file), "a\n  <b>\n    1\n  </b>\n  x\n\n  last");
  assert.throws(() => extract(file, "car"), /no region car/);
  assert.deepEqual(sourceOf("html a/b.html#card"), { path: "a/b.html", region: "card" });
  assert.equal(sourceOf("html"), null);
  const page = "```js a.js#more\nold\n```\n\n```js\nkept\n```\n";
  assert.equal(await updateBlocks(page, async () => file), page.replace("old", "x"));
});

test("a page that says something else than its source is found", async () => {
  const page = await read("docs/react.md");
  assert.notEqual(await updateBlocks(page.replace("lowThreshold={200}", "lowThreshold={300}"), read), page.replace("lowThreshold={200}", "lowThreshold={300}"));
});

test("every variable of the proxy is in the table, in the order of its help", async () => {
  const source = await read("proxy/src/config/variables.rs");
  const named = [...source.matchAll(/^    name: "(.*)",$/gm)].map(([, name]) => name);
  const listed = variables(source).map(({ name }) => name);
  assert.deepEqual([...listed].sort(), [...named].sort());
  const rows = [...(await read("docs/variables.md")).matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(rows, listed);
  for (const { name, description, expected } of variables(source)) {
    assert.ok(description, name);
    assert.equal(expected === "", ["NO_PROXY", "RUST_LOG"].includes(name), name);
  }
});

test("every message of the card is in the reference, with its English text", async () => {
  const source = await read("src/model/text.rs");
  const told = [...messages(source)];
  assert.ok(told.length > 60);
  const [, table] = (await read("docs/reference.md")).split("<!-- generated: messages -->\n| key | in English |\n");
  const rows = [...table.split("<!-- end -->")[0].matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, ...row]) => row);
  assert.deepEqual(rows, told);
  assert.deepEqual(messages('    Two = "two-words", "Say \\"{word}\\"";\n'), [["two-words", 'Say "{word}"']]);
});

test("a new message changes the types, in which editors show its text", async () => {
  const types = await read("www/element/types.d.ts");
  const changed = updateMessageTypes(types, `${await read("src/model/text.rs")}    Extra = "extra-one", "An extra {one}";\n`);
  assert.ok(changed.includes('  /** “An extra {one}” */\n  readonly "extra-one"?: string;\n};\n'));
  assert.equal(changed.replace(/  [^\n]*\n  readonly "extra-one".*\n/, ""), types);
});

/** The third-level headings below one of the second level, each with its text. */
function entries(markdown, heading) {
  const section = markdown.split(`\n## ${heading}\n`)[1].split("\n## ")[0];
  return new Map(section.split("\n### ").slice(1).map((entry) => [/^`(.*)`/.exec(entry)[1], entry]));
}

test("troubleshooting has every code of the card, with words that the card has", async () => {
  const told = entries(await read("docs/troubleshooting.md"), "What the card says");
  const codes = (await read("src/model/error.rs")).split("pub enum Problem")[0].matchAll(/=> "([a-z-]+)"/g);
  assert.deepEqual([...told.keys()].sort(), [...codes].map(([, code]) => code).sort());
  const texts = await read("src/model/text.rs");
  for (const [code, entry] of told) {
    const seen = [.../\*\*Seen:\*\*(.*)/.exec(entry)[1].matchAll(/“([^”]+)”/g)].map(([, words]) => words);
    assert.ok(seen.length > 0, code);
    for (const words of seen) assert.ok(texts.includes(`"${words}"`), `${code}: the card does not say “${words}”`);
  }
});

test("the page of the plugin for WordPress quotes the card as it speaks", async () => {
  const [, table] = (await read("docs/wordpress.md")).split("| the card says | what to do |");
  const said = [...table.matchAll(/^\| “([^”]+)”/gm)].map(([, words]) => words);
  assert.ok(said.length > 8);
  const texts = await read("src/model/text.rs");
  for (const words of said) assert.ok(texts.includes(`"${words}"`), `the card does not say “${words}”`);
});

test("troubleshooting has every problem of the contract, with its status and its title", async () => {
  const told = entries(await read("docs/troubleshooting.md"), "What the proxy answers");
  const names = (await readdir(join(project, "contract"))).filter((name) => name.startsWith("problem-"));
  const problems = await Promise.all(names.map(async (name) => JSON.parse(await read(`contract/${name}`))));
  assert.deepEqual([...told.keys()].sort(), problems.map(({ code }) => code).sort());
  for (const { code, status, title } of problems) {
    assert.ok(told.get(code).includes(`\n${status}, “${title}”.`), `${code} is ${status}, “${title}”`);
  }
});

test("operating has every metric of the proxy", async () => {
  const rows = (await read("docs/operating.md")).split("| metric | |")[1].split("\n\n")[0];
  const told = [...rows.matchAll(/`((?:airalo|http)_[a-z_]+?)(?:_total)?(?:\{[^}]*\})?`/g)].map(([, name]) => name);
  const folder = join(project, "proxy/src/metrics");
  const files = ["proxy/src/metrics.rs", ...(await readdir(folder)).map((name) => `proxy/src/metrics/${name}`)];
  const source = (await Promise.all(files.map(async (file) => (await read(file)).split("#[cfg(test)]")[0]))).join("\n");
  const names = new Set([...source.matchAll(/"((?:airalo|http)_[a-z_]+?)"/g)].map(([, name]) => name));
  // The library adds `_total` to a counter.
  assert.deepEqual(told.sort(), [...names].sort());
});
