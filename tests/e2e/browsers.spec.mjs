// What the oldest supported browsers can run. It is read from the built files, without a browser.

import { expect, test } from "@playwright/test";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { cardFolder } from "./stack.mjs";
import { dist } from "./panel.mjs";

const root = new URL("../..", import.meta.url);

/** What Chrome 96, Firefox 79 and Safari 15 have of WebAssembly, by the names of LLVM. */
const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "call-indirect-overlong",
  "multivalue",
  "mutable-globals",
  "nontrapping-fptoint",
  "reference-types",
  "sign-ext",
];

/** The features that the compiler says a file of WebAssembly needs. */
function featuresOf(bytes) {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "target_features");
  // Each is a sign and a name after its length, and none is as long as 128 bytes.
  const text = Buffer.from(section);
  const names = [];
  for (let at = 1; at < text.length; at += 2 + text[at + 1]) names.push(text.toString("latin1", at + 2, at + 2 + text[at + 1]));
  return names.sort();
}

test("the WebAssembly needs nothing that a browser of 2021 lacks", () => {
  const folder = resolve(dist, `.${cardFolder()}`);
  const [name] = readdirSync(folder).filter((name) => name.endsWith(".wasm"));
  expect(FEATURES).toEqual(expect.arrayContaining(featuresOf(readFileSync(resolve(folder, name)))));
});

test("the README names the browsers that the script is built for", () => {
  const [, list] = /^const target = \[(.+)\];$/m.exec(readFileSync(new URL("www/bundle.mjs", root), "utf8"));
  const version = (name) => new RegExp(`"${name}([\\d.]+)"`).exec(list)[1];
  const sentence = `Chrome and Edge ${version("chrome")}, Firefox ${version("firefox")} and Safari ${version("safari")}`;
  expect(version("edge")).toBe(version("chrome"));
  expect(readFileSync(new URL("README.md", root), "utf8")).toContain(sentence);
});
