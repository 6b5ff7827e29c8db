// The manifest says of the element what its source, its stylesheet and its documents say.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import Ajv from "ajv";
import { ATTRIBUTES } from "./element/attributes.js";
import { manifest } from "./manifest.mjs";

const read = (path) => readFile(new URL(`../${path}`, import.meta.url), "utf8");
const sorted = (names) => [...new Set(names)].sort();
const namesOf = (entries) => sorted(entries.map(({ name }) => name));
const matches = (text, pattern) => sorted([...text.matchAll(pattern)].map(([, name]) => name));

const document = await manifest();
const { declarations } = document.modules[0];
const element = declarations.find(({ customElement }) => customElement);
const [readme, reference] = await Promise.all([read("README.md"), read("www/site/reference.html")]);

/** The names between two headings of the reference. */
function referenceOf(id, pattern = /<dt[^>]*><code>([^<]+)<\/code>/g) {
  const section = new RegExp(`<section aria-labelledby="${id}">.*?</section>`, "s").exec(reference)[0];
  return matches(section, pattern);
}

/** The words in backticks of a row of the README whose first cell is this. */
function readmeRow(cell) {
  const row = readme.split("\n").find((line) => line.startsWith(`| ${cell} |`));
  return row.split("|").slice(2).join("|");
}

/** The markup of the card. */
async function components() {
  const folder = new URL("../src/components/", import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".rs"));
  const sources = await Promise.all(names.map((name) => readFile(new URL(name, folder), "utf8")));
  return sources.join("\n");
}

const words = (text) => matches(text, /`([a-z][a-z-]*)`/g);

test("the manifest follows its schema", async () => {
  const schema = JSON.parse(await readFile(createRequire(import.meta.url).resolve("custom-elements-manifest/schema.json")));
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
  const plain = JSON.parse(JSON.stringify(document));
  assert.ok(validate(plain), JSON.stringify(validate.errors, null, 1));
});

test("everything in it has a description, and what has a value its type", () => {
  const lists = ["members", "attributes", "events", "slots", "cssParts", "cssProperties", "cssStates"];
  for (const entry of [...declarations, ...lists.flatMap((list) => element[list])]) {
    assert.ok(entry.description, JSON.stringify(entry));
  }
  const fields = element.members.filter(({ kind }) => kind === "field");
  for (const entry of [...fields, ...element.attributes, ...element.events]) assert.ok(entry.type?.text, JSON.stringify(entry));
  for (const { parameters = [] } of declarations.filter(({ kind }) => kind === "function")) {
    for (const parameter of parameters) assert.ok(parameter.type?.text, JSON.stringify(parameter));
  }
});

test("its attributes are those of the class, the reference and the README", () => {
  assert.deepEqual(namesOf(element.attributes), sorted(ATTRIBUTES));
  assert.deepEqual(referenceOf("attributes"), sorted(ATTRIBUTES));
  for (const name of ATTRIBUTES) assert.ok(readme.includes(`\`${name}\``), `the README lacks ${name}`);
});

test("its defaults are those of the reference", () => {
  const told = new Map([...reference.matchAll(/id="attribute-([^"]+)"><code>[^<]*<\/code> <span class="note">default: (\d+|[a-z-]+)[<,]/g)].map(([, name, value]) => [name, value]));
  for (const { name, default: value } of element.attributes) {
    if (value === undefined || value === "false") continue;
    assert.equal(told.get(name), JSON.parse(value).toString(), name);
  }
});

test("its members are the properties, the methods and what is known of a class", () => {
  const ofAttributes = element.attributes.map(({ fieldName }) => fieldName);
  const others = element.members.filter(({ name }) => !ofAttributes.includes(name));
  assert.deepEqual(namesOf(others), ["build", "headers", "messages", "refresh", "reset", "snapshot", "version"]);
  assert.deepEqual(referenceOf("properties"), ["headers", "messages", "snapshot"]);
  assert.deepEqual(referenceOf("methods", /<dt><code>(\w+)\(/g), ["refresh", "reset"]);
});

test("its events are those of the reference and the README", () => {
  const names = namesOf(element.events);
  assert.deepEqual(referenceOf("events", /<dt><code>(airalo-balance-[a-z-]+)<\/code>/g), names);
  assert.deepEqual(matches(readme, /^\| `(airalo-balance-[a-z-]+)` \|/gm), names);
});

test("its parts are those of the card, the reference and the README", async () => {
  assert.deepEqual(namesOf(element.cssParts), matches(await components(), /part="([a-z-]+)"/g));
  assert.deepEqual(namesOf(element.cssParts), referenceOf("parts"));
  assert.deepEqual(namesOf(element.cssParts), words(readmeRow("one part").split("`::part(…)`")[1]));
});

test("its custom properties are those of the stylesheet, the reference and the README", async () => {
  const names = namesOf(element.cssProperties);
  assert.deepEqual(matches(await read("src/components/card.css"), /var\((--airalo-balance-[a-z-]+)/g), names);
  assert.deepEqual(referenceOf("custom-properties"), names);
  const rows = `${readmeRow("colours")}${readmeRow("measures and font")}`.replaceAll("`--airalo-balance-`", "");
  assert.deepEqual(words(rows).map((name) => `--airalo-balance-${name}`), names);
});

test("its states are those of the class, the reference and the README", async () => {
  const source = await read("www/element/states.js");
  const [list] = /SNAPSHOT_STATES = \[[^\]]*\]/.exec(source);
  assert.deepEqual(namesOf(element.cssStates), sorted([...matches(list, /"([a-z]+)"/g), ...matches(source, /#toggle\("([a-z]+)"/g)]));
  assert.deepEqual(namesOf(element.cssStates), referenceOf("states"));
  assert.deepEqual(namesOf(element.cssStates), words(readmeRow("by state").split("`:state(…)`")[1]));
});

test("its slots are those of the card, the reference and the README", async () => {
  const names = namesOf(element.slots).filter(Boolean);
  assert.deepEqual(matches(await components(), /<slot name="([a-z]+)"/g), names);
  assert.deepEqual(referenceOf("slots"), names);
  assert.deepEqual(words(readmeRow("its content")), names);
});
