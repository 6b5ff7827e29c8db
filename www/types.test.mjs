// The class and its modules are typed, and their declarations are those of the package.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runTypeScript, writeTypes } from "./types.mjs";

const folder = await mkdtemp(join(tmpdir(), "airalo-balance-"));
after(() => rm(folder, { recursive: true }));

/** The files below a folder that have one of these endings, and their text. */
async function filesOf(path, ...endings) {
  const names = (await readdir(path, { recursive: true })).filter((name) => endings.some((ending) => name.endsWith(ending)));
  return Promise.all(names.map(async (name) => [name, await readFile(join(path, name), "utf8")]));
}

test("TypeScript finds nothing wrong with the class and its modules", () => {
  const { messages, succeeded } = runTypeScript();
  assert.ok(succeeded, messages);
});

test("no type is left open, and no error is ignored", async () => {
  await writeTypes(folder);
  const sources = await filesOf(new URL("element", import.meta.url).pathname, ".js", ".d.ts");
  const declarations = await filesOf(folder, ".d.ts");
  assert.ok(declarations.length > 10);
  for (const [name, text] of sources) assert.doesNotMatch(text, /@ts-|[{<|(] ?any\b|\bany[\[}>]/, name);
  for (const [name, text] of declarations) assert.doesNotMatch(text.replace(/\/\*[^]*?\*\/|\/\/.*/g, ""), /\bany\b/, name);
});

test("the declarations import nothing that is not among them", async () => {
  await writeTypes(folder);
  for (const [name, text] of await filesOf(folder, ".d.ts")) {
    for (const [, path] of text.matchAll(/(?:from|import)\s*\(?"(\.[^"]+)\.js"/g)) {
      await assert.doesNotReject(readFile(join(folder, name, "..", `${path}.d.ts`)), `${name} imports ${path}`);
    }
  }
});

const read = (path) => readFile(new URL(path, import.meta.url), "utf8");
const matches = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);

/** The texts that a type of `types.d.ts` allows. */
async function allowedBy(type) {
  const [, union] = new RegExp(`export type ${type} =([^;]*);`).exec(await read("element/types.d.ts"));
  return matches(union, /"([a-z-]+)"/g);
}

test("every message that the card has can be replaced, and no other, and its type quotes the English one", async () => {
  const source = await read("../src/model/text.rs");
  const [, declared] = /export type Messages = \{(.*?)\n\};/s.exec(await read("element/types.d.ts"));
  assert.deepEqual(matches(declared, /^ {2}readonly "?([a-z-]+)"?\?: string;$/gm), matches(source, /^ {4}\w+ = "([a-z-]+)", "/gm));
  assert.deepEqual(matches(declared, /^ {2}\/\*\* “(.*)” \*\/$/gm), matches(source, /^ {4}\w+ = "[a-z-]+", "(.*)";$/gm));
});

test("the types know the error codes of the card, and no others", async () => {
  const [, codes] = /pub const fn as_str.*?match self \{(.*?)\}/s.exec(await read("../src/model/error.rs"));
  assert.deepEqual((await allowedBy("ErrorCode")).sort(), matches(codes, /=> "([a-z-]+)"/g).sort());
});
