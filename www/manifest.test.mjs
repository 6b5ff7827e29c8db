// The manifest says of the element what its source and its stylesheet say. The reference is made from it
// (`docs.test.mjs`).

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import Ajv from "ajv";
import { ATTRIBUTES, DEFAULTS } from "./element/attributes.js";
import { manifest } from "./manifest.mjs";

const read = (path) => readFile(new URL(`../${path}`, import.meta.url), "utf8");
const sorted = (names) => [...new Set(names)].sort();
const namesOf = (entries) => sorted(entries.map(({ name }) => name));
const matches = (text, pattern) => sorted([...text.matchAll(pattern)].map(([, name]) => name));

const document = await manifest();
const { declarations } = document.modules[0];
const element = declarations.find(({ customElement }) => customElement);
/** The markup of the card. */
async function components() {
  const folder = new URL("../src/components/", import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".rs"));
  const sources = await Promise.all(names.map((name) => readFile(new URL(name, folder), "utf8")));
  return sources.join("\n");
}

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

test("its attributes are those of the class, with their defaults", () => {
  assert.deepEqual(namesOf(element.attributes), sorted(ATTRIBUTES));
  for (const { name, default: value } of element.attributes) {
    assert.equal(value, DEFAULTS[name] === "" ? undefined : JSON.stringify(DEFAULTS[name]), name);
  }
});

test("its members are the properties, the methods and what is known of a class", () => {
  const ofAttributes = element.attributes.map(({ fieldName }) => fieldName);
  const others = element.members.filter(({ name }) => !ofAttributes.includes(name));
  assert.deepEqual(namesOf(others), ["build", "headers", "messages", "refresh", "reset", "snapshot", "version"]);
});

test("its module exports what the entry for programs exports", async () => {
  const exported = matches(await read("www/element/airalo-balance-element.js"), /\b(configure|define|mount|AiraloBalanceElement)\b(?=[, }])/g);
  assert.deepEqual(namesOf(declarations), exported);
});

test("its events are those of the types", async () => {
  assert.deepEqual(namesOf(element.events), matches(await read("www/element/types.d.ts"), /"(airalo-balance-[a-z-]+)": CustomEvent/g));
});

test("its parts are those of the card", async () => {
  assert.deepEqual(namesOf(element.cssParts), matches(await components(), /part="([a-z-]+)"/g));
});

test("its custom properties are those of the stylesheet", async () => {
  assert.deepEqual(namesOf(element.cssProperties), matches(await read("src/components/card.css"), /var\((--airalo-balance-[a-z-]+)/g));
});

test("its states are those of the class", async () => {
  const source = await read("www/element/states.js");
  const [list] = /SNAPSHOT_STATES = \[[^\]]*\]/.exec(source);
  assert.deepEqual(namesOf(element.cssStates), sorted([...matches(list, /"([a-z]+)"/g), ...matches(source, /#toggle\("([a-z]+)"/g)]));
});

test("its slots are those of the card", async () => {
  assert.deepEqual(matches(await components(), /<slot name="([a-z]+)"/g), namesOf(element.slots).filter(Boolean));
});
